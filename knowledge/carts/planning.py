"""From edits to events: what asking for a change means for the lines (pure)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from knowledge.carts.edits import Add, Edit, Restore, SetQuantity, SetSubstitution, SwapLine
from knowledge.carts.models import Cart, CartLine, LineChanged
from knowledge.carts.projection import CartEvent, replay
from knowledge.carts.quantities import check_quantity, quantity_text
from knowledge.catalog.models import Product
from knowledge.errors import ProductNotFound

_RULES = {"similar": "something similar", "ask": "you are asked", "none": "nothing instead"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change would do. Nothing has happened yet."""

    cart: Cart
    events: tuple[CartEvent, ...]
    changes: tuple[LineChanged, ...]


def products_needed(cart: Cart, edits: Sequence[Edit]) -> set[str]:
    named = {edit.product_id for edit in edits if isinstance(edit, Add | SwapLine)}
    restored = {
        line["product_id"]
        for edit in edits
        if isinstance(edit, Restore)
        for line in edit.lines.values()
        if line is not None
    }
    return named | restored | {line.product_id for line in cart.lines}


def plan_edits(
    cart: Cart,
    edits: Sequence[Edit],
    products: Mapping[str, Product],
    *,
    shopper_id: str,
    now: datetime,
) -> Plan:
    """Apply edits one after the other. Raises what the quantity rules raise; then none counts."""
    planner = _Planner(cart, products, shopper_id, now)
    for edit in edits:
        planner.take(edit)
    return Plan(planner.cart, tuple(planner.events), tuple(planner.changes))


class _Planner:
    def __init__(
        self, cart: Cart, products: Mapping[str, Product], shopper_id: str, now: datetime
    ) -> None:
        self.cart = cart
        self.events: list[CartEvent] = []
        self.changes: list[LineChanged] = []
        self._products = products
        self._shopper_id = shopper_id
        self._now = now

    def take(self, edit: Edit) -> None:
        match edit:
            case Add():
                self._add(edit)
            case SetQuantity():
                self._set(self.cart.line(edit.line), edit.quantity)
            case SwapLine():
                self._swap(self.cart.line(edit.line), edit)
            case SetSubstitution():
                self._set_substitution(edit)
            case Restore():
                self._restore(edit)
            case _:
                assert_never(edit)

    def _product(self, product_id: str) -> Product:
        product = self._products.get(product_id)
        if product is None:
            raise ProductNotFound(product_id)
        return product

    def _happen(self, event: CartEvent) -> None:
        self.events.append(event)
        self.cart = replace(self.cart, lines=replay([event], self.cart.lines))

    def _add(self, edit: Add) -> None:
        product = self._product(edit.product_id)
        line = self.cart.holding(edit.product_id)
        if line is not None:
            if edit.quantity > 0:
                wider = replace(line, for_members=_joined(line.for_members, edit.for_members))
                self._grow(line, product, line.quantity + edit.quantity, after=wider)
            else:
                check_quantity(product, edit.quantity)
            return
        check_quantity(product, edit.quantity)
        line = CartLine(
            number=self.cart.next_line,
            product_id=edit.product_id,
            quantity=edit.quantity,
            added_at=self._now,
            added_by=self._shopper_id,
            substitution=edit.substitution,
            for_members=edit.for_members,
        )
        self.cart = replace(self.cart, next_line=line.number + 1)
        self._happen(CartEvent("added", line.number, None, line))
        self.changes.append(LineChanged("added", line.id, line.product_id, None, line.quantity))

    def _grow(
        self, line: CartLine, product: Product, quantity: Decimal, *, after: CartLine | None = None
    ) -> None:
        check_quantity(product, quantity)
        after = replace(after or line, quantity=quantity)
        self._happen(CartEvent("changed", line.number, line, after))
        self.changes.append(
            LineChanged("changed", line.id, line.product_id, line.quantity, quantity)
        )

    def _set(self, line: CartLine, quantity: Decimal) -> None:
        if quantity == 0:
            self._happen(CartEvent("removed", line.number, line, None))
            self.changes.append(
                LineChanged("removed", line.id, line.product_id, line.quantity, None)
            )
        elif quantity != line.quantity:
            self._grow(line, self._product(line.product_id), quantity)

    def _swap(self, line: CartLine, edit: SwapLine) -> None:
        product = self._product(edit.product_id)
        if line.product_id == edit.product_id:
            self._set(line, edit.quantity)
            return
        other = self.cart.holding(edit.product_id)
        kept = line if other is None else other
        quantity = edit.quantity if other is None else other.quantity + edit.quantity
        check_quantity(product, quantity)
        after = replace(
            kept,
            product_id=edit.product_id,
            quantity=quantity,
            for_members=_joined(kept.for_members, line.for_members),
        )
        if other is not None:
            self._happen(CartEvent("removed", line.number, line, None))
        self._happen(CartEvent("swapped", kept.number, kept, after))
        self.changes.append(
            LineChanged(
                "swapped",
                kept.id,
                edit.product_id,
                other.quantity if other else line.quantity,
                quantity,
                replaced=line.product_id,
            )
        )

    def _set_substitution(self, edit: SetSubstitution) -> None:
        lines = self.cart.lines if edit.line is None else (self.cart.line(edit.line),)
        for line in lines:
            if line.substitution == edit.rule:
                continue
            after = replace(line, substitution=edit.rule)
            self._happen(CartEvent("substitution", line.number, line, after))
            self.changes.append(
                LineChanged(
                    "substitution",
                    line.id,
                    line.product_id,
                    line.quantity,
                    line.quantity,
                    substitution=edit.rule,
                )
            )

    def _restore(self, edit: Restore) -> None:
        """Stock is not asked: the line was in the cart, and checkout looks again."""
        if edit.coupons is not None:
            self.cart = replace(self.cart, coupons=tuple(edit.coupons))
        for number, stored in sorted(edit.lines.items()):
            now = next((line for line in self.cart.lines if line.number == number), None)
            then = None if stored is None else CartLine.from_json(stored)
            if then is not None:
                then = self._without_twin(then, restored=edit.lines.keys())
            if now == then:
                continue
            self._happen(CartEvent("restored", number, now, then))
            self._say_restored(now, then)

    def _without_twin(self, then: CartLine, *, restored: Collection[int]) -> CartLine:
        """Another line may have got the product since; one line per product holds."""
        twin = next(
            (
                line
                for line in self.cart.lines
                if line.product_id == then.product_id and line.number not in restored
            ),
            None,
        )
        if twin is None:
            return then
        self._happen(CartEvent("removed", twin.number, twin, None))
        return replace(then, quantity=max(then.quantity, twin.quantity))

    def _say_restored(self, now: CartLine | None, then: CartLine | None) -> None:
        if then is None:
            assert now is not None
            self.changes.append(LineChanged("removed", now.id, now.product_id, now.quantity, None))
            return
        self.changes.append(
            LineChanged(
                "restored",
                then.id,
                then.product_id,
                now.quantity if now else None,
                then.quantity,
                replaced=now.product_id if now and now.product_id != then.product_id else None,
            )
        )


def _joined(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Whoever eats of it: the stricter of two lines that become one."""
    return tuple(dict.fromkeys((*one, *other)))


def describe_changes(changes: Sequence[LineChanged], products: Mapping[str, Product]) -> str:
    return ", ".join(describe_change(change, products) for change in changes)


def describe_change(change: LineChanged, products: Mapping[str, Product]) -> str:
    """In few words: "added 2 x Oat Drink"."""
    product = products[change.product_id]
    title = product.title
    if change.substitution is not None:
        return f"{title}, when it has run out: {_RULES[change.substitution]}"
    if change.kind == "removed" or change.quantity is None:
        return f"removed {title}"
    amount = quantity_text(change.quantity, product)
    times = f"{amount} x {title}" if product.sell_by == "each" else f"{amount} {title}"
    if change.replaced is not None:
        return f"swapped {products[change.replaced].title} for {times}"
    if change.kind == "changed":
        before = quantity_text(change.before or Decimal(0), product)
        return f"changed {title} from {before} to {amount}"
    return f"{'added' if change.kind == 'added' else 'put back'} {times}"
