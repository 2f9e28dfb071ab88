"""What a shopper usually buys: products of at least two orders, in their typical amount (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median_low

from knowledge.lists.models import ListItem
from knowledge.orders.models import Order

LEAST_ORDERS = 2


@dataclass(slots=True)
class _Habit:
    last: datetime
    amounts: list[Decimal] = field(default_factory=list)


def usual_items(orders: Iterable[Order]) -> list[ListItem]:
    """Most often bought first, then what was bought last.

    The amount is the median of what was bought; of two in the middle the lower one, since only
    an amount that was bought is sure to be sold.
    """
    habits: dict[str, _Habit] = {}
    for order in orders:
        if order.status == "cancelled":
            continue
        for line in order.lines:
            habit = habits.setdefault(line.product_id, _Habit(order.placed_at))
            habit.last = max(habit.last, order.placed_at)
            habit.amounts.append(line.quantity)
    often = [(one, habit) for one, habit in habits.items() if len(habit.amounts) >= LEAST_ORDERS]
    often.sort(key=lambda one: (-len(one[1].amounts), -one[1].last.timestamp(), one[0]))
    return [ListItem(product_id, median_low(habit.amounts)) for product_id, habit in often]
