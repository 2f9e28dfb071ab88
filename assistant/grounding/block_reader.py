"""Reads the blocks of tool results into facts."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.grounding.contacts import contacts_in
from assistant.grounding.numbers import dates_in, moments_in, numbers_in
from assistant.grounding.offer_words import offers_in, single_amounts
from assistant.grounding.product_facts import ProductFacts
from assistant.grounding.product_reader import (
    decimal,
    numbers_of,
    read_comparison,
    read_detail,
    read_labels,
    read_nutrition,
)
from assistant.grounding.words import word_set, words_of

if TYPE_CHECKING:
    from assistant.grounding.facts import Facts

_TOTALS = frozenset(("total", "items"))
_FEES = frozenset(("discount", "delivery", "deposit", "tax", "included_tax", "fee", "refund"))
_DIFFERENCES = frozenset(("price_difference",))
_PRICES = frozenset(("price", "deal_price", "unit_price"))
_CARBON = frozenset(
    ("kg_co2e", "kg_co2e_per_kg", "kg_co2e_per_item", "total_kg_co2e", "kg_co2e_difference")
)
_GRADES = {
    "nutri_score": "nutri",
    "eco_grade": "eco",
    "grade": "eco",
}
_NAMES = frozenset((
    "title", "brand", "category", "number", "shop", "replaced", "label", "section",
    "name", "address", "pickup_place", "coupons",
))  # fmt: skip
# Written by shop owners or by us; a product's own description may claim anything.
_TRUSTED_TEXT = frozenset((
    "text", "note", "warnings", "hints", "promotion", "reason", "because", "question", "drivers",
    "source", "value", "values", "steps", "missing", "label", "cuts",
))  # fmt: skip
_SHARE = re.compile(r"\b(\d+) of (\d+)\b")
_SAVES = re.compile(r"\b(?:saves|costs) \D{0,3}(\d+\.\d\d)")
_WHEN = frozenset(("starts_at", "ends_at", "placed_at", "at", "label", "text"))


class BlockReader:
    """Stateless but for the facts it adds to."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._goal = "either"

    def read(self, block: dict[str, Any]) -> None:
        facts, kind = self._facts, block["type"]
        if kind in ("cart", "budget"):
            self.settle(block)
        else:
            self.walk(block, None)
        shown = [one for one in block.get("products", []) if isinstance(one, dict)]
        if kind == "swaps":
            shown = [swap["to"] for swap in block["swaps"]]
        self._show(block, kind)
        self._list(block, kind, shown)
        for row in block.get("rows", []):
            for card, value in zip(shown, row["values"], strict=False):
                known = self._product_of(card)
                if known is not None and value is not None:
                    read_comparison(row["attribute"], value, known)
        for card, quantity in zip(shown, block.get("quantities", ()), strict=False):
            self._count(facts.products[card["id"]], quantity)
        self._orders(block)
        self._changes(block)

    def _list(self, block: dict[str, Any], kind: str, shown: list[dict[str, Any]]) -> None:
        """What was shown, in order, and how much of it there is."""
        facts = self._facts
        if kind == "product":
            card = block["product"].get("card", block["product"])
            facts.shown_keys = [card["id"]] if "id" in card else []
        if shown:
            facts.last_list = [one["id"] for one in shown]
        if len(shown) > 1:
            facts.lists.append([one["id"] for one in shown])
        facts.sizes |= {len(shown), int(block.get("servings") or 0)}
        if isinstance(block.get("total"), int):
            facts.sizes.add(block["total"])
        if kind == "plan":
            facts.optional = {one["id"] for one in shown if _is_optional(one)}
        if kind == "recipe":
            facts.servings.add(block["servings"])
            if block.get("minutes"):
                facts.spans.add((Decimal(block["minutes"]), "minute"))
                facts.numbers.add(Decimal(block["minutes"]))

    def _orders(self, block: dict[str, Any]) -> None:
        for order in block.get("orders", ()):
            self._facts.orders.add(order["status"])
            self._facts.endings.add(str(order.get("contact") or "").lstrip("."))
            self._facts.done.add(("order", order["status"]))
            self._sizes(order["lines"])

    def _show(self, block: dict[str, Any], kind: str) -> None:
        """What "it" is in the first sentence of an answer."""
        facts = self._facts
        if kind == "cart":
            changed = [change["product"] for change in block.get("changes", ())]
            facts.shown_keys = changed or list(facts.cart.lines)
        elif kind not in ("budget", "notice", "confirmation", "passages", "choices"):
            facts.shown_keys = []

    def settle(self, block: dict[str, Any]) -> None:
        """Take a cart or budget instead of the one known: an old total is a wrong one."""
        facts, budget = self._facts, block.get("budget")
        if block["type"] == "cart":
            cart = block["cart"]
            known = type(facts.cart)(known=True)
            facts.past_totals |= facts.cart.totals
            facts.cart = known
            for name, amount in cart["totals"].items():
                if amount is not None:
                    (known.totals if name in _TOTALS else known.parts).update(numbers_of(amount))
            known.lines = {
                one["product"]: Decimal(one["quantity"])
                for one in cart["lines"]
                if "product" in one and "quantity" in one
            }
            facts.coupons = set(cart.get("coupons", ()))
            self._sizes(cart["lines"])
            facts.currencies.add(cart["currency"])
            for line in cart["lines"]:
                self.walk(line, None)
                known.sums |= self._line(line)
            self.walk({name: one for name, one in block.items() if name in _TEXTS}, None)
            self.walk({"coupons": list(facts.coupons)}, None)
        else:
            facts.done.add(("budget", ""))
        if budget is not None:
            facts.budget = type(facts.budget)(
                amounts=set(numbers_of(budget["amount"])),
                left=set(numbers_of(budget["left"])),
                spent={*numbers_of(budget["spent"]), *numbers_of(budget["in_cart"])},
            )
            facts.currencies.add(budget["currency"])
        for line in block.get("drop", ()):
            self.walk(line, None)

    def walk(self, node: dict[str, Any], product: ProductFacts | None) -> None:
        product = self._product_of(node) or product
        if "to" in node and "instead_of" in node:
            self._swap(node)
        if node.get("type") == "swaps":
            self._goal = {"greener": "eco", "healthier": "nutri"}.get(node["goal"], "either")
        if "verdict" in node and product is not None:
            product.suit(node["diet"], node["verdict"])
            product.ingredients.update(words_of(node["because"]))
        if node.keys() == {"title", "amount"}:
            self._adjustment(node, product)
        if node.keys() == {"amount", "unit"} and product is not None:
            product.unit_prices.add((Decimal(node["amount"]), node["unit"]))
            product.amounts.update(numbers_of(node["amount"]))
            return
        self._items(node, product)
        detail = self._product_of(node) if "allergens" in node and "ingredients" in node else None
        if detail is not None:
            read_detail(node, detail, facts=self._facts)

    def _items(self, node: dict[str, Any], product: ProductFacts | None) -> None:
        for name, value in node.items():
            for item in value if isinstance(value, list) else (value,):
                if isinstance(item, dict):
                    if name == "nutrition" and product is not None:
                        read_nutrition(item, product)
                    else:
                        self.walk(item, product)
                elif item is not None:
                    self._leaf(name, item, product)

    def _adjustment(self, node: dict[str, Any], product: ProductFacts | None) -> None:
        """What a promotion takes off a line goes by the owner's title of it."""
        by_code = self._is_of_code(node["title"])
        self._text(node["title"], None if by_code else product)
        if product is not None:
            product.reduced = product.reduced or not by_code
            product.differences.update(numbers_of(node["amount"]))

    def _is_of_code(self, title: str) -> bool:
        """Whether it is not an offer of the product's own that a line is cheaper by."""
        facts = self._facts
        return any(offers_in(title) <= facts.codes.get(code, set()) for code in facts.coupons)

    def _product_of(self, node: dict[str, Any]) -> ProductFacts | None:
        title, key = node.get("title"), node.get("product") or node.get("id")
        if "card" in node:
            return self._product_of(node["card"])
        if not isinstance(title, str) or not isinstance(key, str) or "type" in node:
            return None
        facts, brand = self._facts, node.get("brand") or ""
        known = facts.product(key, title, brand)
        facts.names.add(known.words | word_set(brand))
        if brand:
            facts.brands.add(known.brand_words)
        known.category = node.get("category") or known.category
        known.size = node.get("size") or known.size
        known.numbers |= numbers_in(title)
        known.reduced = known.reduced or bool(node.get("promotion") or node.get("deal_price"))
        if "unit_price" in node and isinstance(node.get("unit_price"), str):
            self._line(node)
        return known

    def _line(self, node: dict[str, Any]) -> set[Decimal]:
        """What a line of a cart or an order comes to, at its price and after offers."""
        quantity, price = decimal(node.get("quantity")), decimal(node.get("unit_price"))
        product = self._facts.products.get(node.get("product", ""))
        if product is None or quantity is None or price is None:
            return set()
        sums = {(quantity * price).quantize(Decimal("0.01"))}
        total = decimal(node.get("total"))
        if total is not None:
            sums.add(total)
            changes = [decimal(one.get("amount")) for one in node.get("adjustments") or ()]
            sums.add(total + sum((one for one in changes if one is not None), Decimal(0)))
        product.lines |= sums
        product.amounts |= sums
        self._count(product, str(node["quantity"]))
        return sums

    def _count(self, product: ProductFacts, quantity: str) -> None:
        number = decimal(quantity)
        if number is not None:
            product.quantities.add(number)
            product.numbers.add(number)

    def _sizes(self, lines: list[dict[str, Any]]) -> None:
        whole = [Decimal(one["quantity"]) if not one.get("unit") else Decimal(1) for one in lines]
        self._facts.sizes |= {len(lines), int(sum(whole))}

    def _changes(self, block: dict[str, Any]) -> None:
        facts = self._facts
        for change in block.get("changes", ()):
            facts.done.add((change["kind"], change["product"]))
            known = facts.product(change["product"], change["title"], "")
            facts.names.add(known.words)
            before, after = decimal(change.get("before")), decimal(change.get("quantity"))
            known.quantities |= {one for one in (before, after) if one is not None}
            if before is not None and after is not None:
                known.quantities.add(abs(after - before))
            if change.get("replaced"):
                facts.names.add(word_set(change["replaced"]))
                facts.done.add(("removed", change["replaced"]))

    def _swap(self, node: dict[str, Any]) -> None:
        """What a swap saves is said of both products."""
        self._facts.swaps.setdefault(node["to"]["id"], set()).add(node["instead_of"]["id"])
        if node.get("grade_before") and node.get("grade_after"):
            self._facts.grade_changes.add((node["grade_before"], node["grade_after"]))
        for side in ("to", "instead_of"):
            known = self._product_of(node[side])
            assert known is not None
            for name in ("price_difference", "kg_co2e_difference"):
                if node.get(name) is not None:
                    self._leaf(name, node[name], known)
            grade = node.get("grade_after" if side == "to" else "grade_before")
            if grade:
                known.grades.add((self._goal, grade))
            self._text(node.get("reason") or "", known)
        to = self._product_of(node["to"])
        if to is not None:
            read_labels(node.get("reason") or "", to)

    def _leaf(self, name: str, value: Any, product: ProductFacts | None) -> None:  # noqa: ANN401
        facts = self._facts
        if product is not None:
            product.numbers |= set(numbers_of(value)) - {Decimal(0), Decimal(1)}
        if product is not None and name in ("in_stock", "stock"):
            if name == "in_stock":
                product.in_stock.add(bool(value))
            else:
                product.stock.update(numbers_of(value))
        elif name == "diets" and product is not None:
            product.suit(value, "yes")
        elif name in _CARBON:
            (facts if product is None else product).carbon.update(numbers_of(value))
        elif name in _GRADES:
            (facts if product is None else product).grades.add((_GRADES[name], str(value).upper()))
        elif name == "rating" and product is not None:
            product.ratings.update(numbers_of(value))
        elif name == "ratings_count":
            facts.numbers.update(numbers_of(value))
        elif isinstance(value, str):
            self._words(name, value, product)

    def _words(self, name: str, value: str, product: ProductFacts | None) -> None:
        facts = self._facts
        if name == "currency":
            facts.currencies.add(value)
        elif name == "number":
            facts.numbers |= numbers_in(value)
        elif name == "source":
            facts.names.update(word_set(work) for work in value.split(","))
        if name in _WHEN:
            moments, days = moments_in(value)
            facts.moments |= moments
            facts.days |= days
            facts.dates |= dates_in(value)
        self._amount(name, value, product)
        if name in _NAMES:
            facts.names.update(word_set(part) for part in value.split(" > "))
        if name in _TRUSTED_TEXT:
            self._text(value, product)

    def _amount(self, name: str, value: str, product: ProductFacts | None) -> None:
        facts, numbers = self._facts, set(numbers_of(value))
        if name in _PRICES and product is not None:
            product.prices |= numbers
            product.amounts |= numbers
        elif name in _DIFFERENCES:
            (facts if product is None else product).differences.update(numbers)
            if product is not None:
                product.amounts |= numbers
        elif name in _TOTALS and product is None:
            facts.totals |= numbers
        elif name in _FEES:
            facts.fees |= numbers
        elif name in ("total", "amount") and product is not None:
            product.amounts |= numbers

    def _text(self, text: str, product: ProductFacts | None) -> None:
        facts = self._facts
        if product is None:
            facts.add_text(text)
        else:
            saved = {Decimal(one) for one in _SAVES.findall(text)}
            product.differences |= saved
            product.amounts |= single_amounts(text)
            product.offers |= offers_in(text)
            product.offer_ends |= dates_in(text)
            product.numbers |= numbers_in(text)
            product.ingredients.update(words_of(text))
            facts.contacts |= contacts_in(text)
            facts.add_figures(text)
            facts.own_words.update(words_of(text))
        facts.shares |= {(int(part), int(whole)) for part, whole in _SHARE.findall(text)}


def _is_optional(card: dict[str, Any]) -> bool:
    return str(card.get("reason") or "").endswith(", optional")


_TEXTS = ("warnings", "hints")
