"""The write race: several hands at one cart, one shelf, one question. On every database."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from knowledge.carts.coupon_entry import enter_coupon
from knowledge.carts.models import Actor
from knowledge.carts.projection import replay
from knowledge.db.rows.carts import BudgetRow, CartEventRow
from knowledge.db.rows.orders import CouponUseRow, OrderRow
from knowledge.orders.decisions import Decision
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from tests.delivering import ask_delivery, coupon, delivering
from tests.market import contents, fill_cart, goods, stock_of, stock_shelves
from tests.orders import ask, say_yes
from tools.runner import Caller, Outcome, ToolRunner

HANDS = 6
T = TypeVar("T")


def together(*tasks: Callable[[], T]) -> list[T]:
    """Run tasks in threads that start at one moment; what one raises is raised here."""
    start = threading.Barrier(len(tasks))
    results: dict[int, T] = {}
    errors: list[BaseException] = []

    def run(number: int, task: Callable[[], T]) -> None:
        start.wait()
        try:
            results[number] = task()
        except BaseException as error:  # noqa: BLE001 - it is raised again where pytest sees it
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=(number, task)) for number, task in enumerate(tasks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[number] for number in range(len(tasks))]


def count_orders(shop: Shop) -> int:
    with shop.read() as work:
        return work.session.scalar(select(func.count()).select_from(OrderRow)) or 0


def outcomes(decisions: Sequence[Decision]) -> Counter[str]:
    return Counter(decision.outcome for decision in decisions)


def test_no_addition_to_one_cart_is_lost_or_doubled(market: Shop, customer: Shopper) -> None:
    actor = Actor(customer.id, "web")

    def add() -> None:
        for _ in range(5):
            market.change(
                lambda work: work.carts.add(customer.cart_id, "tea", Decimal(1), actor=actor)
            )

    together(*[add] * HANDS)

    with market.read() as work:
        cart = work.carts.get(customer.cart_id)
        history = work.carts.history(customer.cart_id)
    assert contents(market, customer) == {"c1 tea": str(5 * HANDS)}
    assert cart.version == len(history) == 5 * HANDS
    assert replay(history) == cart.lines


def test_different_products_at_once_get_lines_of_their_own(market: Shop, customer: Shopper) -> None:
    actor = Actor(customer.id, "web")
    stock_shelves(market, *[goods(f"p{n}") for n in range(HANDS)])

    together(
        *[
            lambda n=n: market.change(
                lambda work: work.carts.add(customer.cart_id, f"p{n}", Decimal(1), actor=actor)
            )
            for n in range(HANDS)
        ]
    )

    with market.read() as work:
        lines = work.carts.get(customer.cart_id).lines
    assert [line.number for line in lines] == list(range(1, HANDS + 1))
    assert {line.product_id for line in lines} == {f"p{n}" for n in range(HANDS)}


def test_the_last_one_goes_to_exactly_one_shopper(market: Shop) -> None:
    questions = []
    for _ in range(HANDS):
        with market.write() as work:
            shopper = work.shoppers.create_anonymous("web")
        fill_cart(market, shopper, honey="1")
        questions.append(ask(market, shopper))

    decisions = together(*[lambda q=q: say_yes(market, q) for q in questions])

    assert outcomes(decisions) == {"done": 1, "changed": HANDS - 1}
    assert stock_of(market, "honey") == 0
    assert count_orders(market) == 1


def test_the_last_place_in_a_slot_goes_to_exactly_one_shopper(market: Shop) -> None:
    shop = delivering(market)
    questions = []
    for number in range(HANDS):
        with shop.write() as work:
            shopper = work.shoppers.create_anonymous("web")
        fill_cart(shop, shopper, **{"oats" if number % 2 else "tea": "3"})
        questions.append(ask_delivery(shop, shopper))

    decisions = together(*[lambda q=q: say_yes(shop, q) for q in questions])

    assert outcomes(decisions) == {"done": 1, "changed": HANDS - 1}
    assert count_orders(shop) == 1
    assert all(one.choices for one in decisions if one.outcome == "changed")
    with shop.read() as work:
        slot = work.slots.find(questions[0].payload["destination"]["slot_id"])
    assert slot is not None
    assert (slot.taken, slot.capacity) == (1, 1)


def test_the_last_use_of_a_coupon_goes_to_exactly_one_shopper(market: Shop) -> None:
    with market.write() as work:
        work.session.add(coupon("LAST", percent="50", max_uses=1))
    questions = []
    for _ in range(HANDS):
        with market.write() as work:
            shopper = work.shoppers.create_anonymous("web")
        fill_cart(market, shopper, tea="2")
        with market.write() as work:
            enter_coupon(work, shopper.cart_id, "last", actor=Actor(shopper.id, "web"))
        questions.append(ask(market, shopper))

    decisions = together(*[lambda q=q: say_yes(market, q) for q in questions])

    assert outcomes(decisions) == {"done": 1, "changed": HANDS - 1}
    with market.read() as work:
        uses = select(func.count()).select_from(CouponUseRow)
        assert work.session.scalar(uses) == 1


def test_two_questions_on_one_cart_place_one_order(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    questions = [ask(market, customer, conversation_id=f"v{n}") for n in range(HANDS)]

    decisions = together(*[lambda q=q: say_yes(market, q) for q in questions])

    assert outcomes(decisions) == {"done": 1, "changed": HANDS - 1}
    assert stock_of(market, "oats") == 38
    assert count_orders(market) == 1


def test_one_question_is_consumed_once(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)

    decisions = together(*[lambda: say_yes(market, asked)] * HANDS)

    assert outcomes(decisions) == {"done": 1, "already": HANDS - 1}
    assert len({decision.order_id for decision in decisions}) == 1
    assert stock_of(market, "oats") == 38


def test_orders_of_the_same_products_never_wait_in_a_circle(market: Shop) -> None:
    questions = []
    for n in range(HANDS):
        with market.write() as work:
            shopper = work.shoppers.create_anonymous("web")
        names = ["oats", "milk", "apples"]
        fill_cart(market, shopper, **dict.fromkeys(names if n % 2 else names[::-1], "1"))
        questions.append(ask(market, shopper))

    decisions = together(*[lambda q=q: say_yes(market, q) for q in questions])

    assert outcomes(decisions) == {"done": HANDS}
    assert stock_of(market, "oats") == 40 - HANDS
    assert stock_of(market, "milk") == 10 - HANDS


def test_a_purchase_and_a_change_of_the_cart_do_not_mix(market: Shop, customer: Shopper) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)
    actor = Actor(customer.id, "web")

    def add() -> None:
        market.change(lambda work: work.carts.add(customer.cart_id, "tea", Decimal(1), actor=actor))

    decision, _ = together(lambda: say_yes(market, asked), add)

    assert decision is not None
    placed = decision.outcome == "done"
    left = contents(market, customer)
    assert left == ({"c2 tea": "1"} if placed else {"c1 oats": "2", "c2 tea": "1"})
    assert stock_of(market, "oats") == (38 if placed else 40)


def test_a_command_of_a_turn_is_done_once(market: Shop, customer: Shopper) -> None:
    runner = ToolRunner(market)

    def call() -> Outcome:
        caller = Caller(customer.id, customer.cart_id, "web", turn_id="t1")
        arguments = {"items": [{"product": "tea", "quantity": "2"}]}
        return runner.run(caller, "add_to_cart", arguments)

    answers = together(*[call] * HANDS)

    assert contents(market, customer) == {"c1 tea": "2"}
    assert all(one.ok for one in answers)
    assert len({one.text for one in answers}) == 1


def test_of_several_budgets_set_at_once_one_is_active(market: Shop, customer: Shopper) -> None:
    together(
        *[
            lambda n=n: market.change(
                lambda work: work.budgets.set(customer.id, str(40 + n), "week")
            )
            for n in range(HANDS)
        ]
    )

    with market.read() as work:
        active = select(func.count()).select_from(BudgetRow).where(BudgetRow.active)
        assert work.session.scalar(active) == 1


class Racers:
    """Processes that have opened the shop and wait for the start."""

    def __init__(self, url: str, folder: Path, stack: ExitStack) -> None:
        self._url = url
        self._folder = folder
        self._stack = stack
        self._processes: list[subprocess.Popen[str]] = []

    def enter(self, *arguments: str) -> None:
        folder = self._folder / f"racer{len(self._processes)}"
        folder.mkdir()
        command = [sys.executable, "-m", "tests.racer", self._url, str(folder), *arguments]
        process = self._stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        self._processes.append(process)

    def run(self) -> list[Any]:
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate()[0]) for process in self._processes]


@pytest.fixture
def racers(database_url: str, tmp_path: Path) -> Iterator[Racers]:
    with ExitStack() as stack:
        yield Racers(database_url, tmp_path, stack)


@pytest.mark.long
def test_processes_lose_and_double_nothing(market: Shop, customer: Shopper, racers: Racers) -> None:
    for _ in range(3):
        racers.enter("add", customer.id, customer.cart_id, "tea", "15")

    assert racers.run() == [["done"]] * 3

    assert contents(market, customer) == {"c1 tea": "45"}
    with market.read() as work:
        events = select(func.count()).select_from(CartEventRow)
        assert work.session.scalar(events) == 45


@pytest.mark.long
def test_processes_place_one_order_for_one_yes(
    market: Shop, customer: Shopper, racers: Racers
) -> None:
    fill_cart(market, customer, oats="2")
    asked = ask(market, customer)
    for _ in range(3):
        racers.enter("yes", asked.id)

    said = Counter(outcome for (outcome,) in racers.run())

    assert said == {"done": 1, "already": 2}
    assert count_orders(market) == 1
    assert stock_of(market, "oats") == 38
