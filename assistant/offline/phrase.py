"""Puts answers into words: wordings of the language, figures and names of tool results."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from assistant.offline.acts import Item, Limits, plain
from assistant.offline.language import Language
from knowledge.money import Money

_SHOWN = 3
Block = Mapping[str, Any]


class Phrasing:
    """The words of one turn; ``seed`` chooses between wordings, so a turn repeats itself."""

    def __init__(self, language: Language, currency: str, seed: int, said: str = "") -> None:
        self.language = language
        self.currency = currency
        self.seed = seed
        self.said = said

    def say(self, key: str, **slots: object) -> str:
        wordings = self.language.replies[key]
        first = self.seed % len(wordings)
        turned = [
            str(wording).format(**slots) for wording in (*wordings[first:], *wordings[:first])
        ]
        return next((one for one in turned if one not in self.said), turned[0])

    def money(self, amount: object, currency: str | None = None) -> str:
        """A figure of a tool result as money: "$4.38", "4.38 CHF"."""
        try:
            return Money(Decimal(str(amount)), currency or self.currency).display()
        except InvalidOperation:
            return str(amount)

    def size_of(self, amount: object) -> str:
        """Money without its sign, for "saves" and "over"."""
        return self.money(abs(Decimal(str(amount))))

    def joined(self, parts: Sequence[str]) -> str:
        """As in "a, b and c"."""
        if len(parts) <= 1:
            return "".join(parts)
        return ", ".join(parts[:-1]) + self.say("joined_and") + parts[-1]

    def period(self, period: object) -> str:
        return self.say(f"period_{period}") if period in {"week", "month", "trip"} else ""

    def count(self, count: int) -> str:
        return self.say("item_count_one") if count == 1 else self.say("item_count", count=count)

    def priced(self, card: Block) -> str:
        return self.say("priced", title=card["title"], price=self.price(card))

    def priced_at(self, card: Block) -> str:
        return self.say("priced_at", title=card["title"], price=self.price(card))

    def price(self, card: Block) -> str:
        price = self.money(card["price"], card.get("currency"))
        by_unit = card.get("sell_by") in {"weight", "volume"} and card.get("unit")
        return f"{price} per {card['unit']}" if by_unit else price

    def numbered(self, cards: Sequence[Block], most: int = _SHOWN) -> str:
        """The first of a list as "1. Oats, $2.19; 2. ...", and how many more there are."""
        lines = [
            self.say(
                "numbered" if card.get("in_stock", True) else "numbered_sold_out",
                number=card.get("position") or place,
                title=card["title"],
                price=self.price(card),
            )
            for place, card in enumerate(cards[:most], 1)
        ]
        if len(cards) > most:
            lines.append(self.say("more_shown", count=len(cards) - most))
        return "; ".join(lines)

    def what(self, item: Item, limits: Limits | None = None) -> str:
        """What was looked for, with its limits: "vegan protein bars under $3.00"."""
        kept = item.limits if limits is None else limits
        words = [*(diet.replace("_", " ") for diet in kept.diets), item.name]
        words = [word for word in words if word]
        low, high = kept.min_price, kept.max_price
        if low is not None and high is not None:
            words.append(self.say("limit_between", low=self.money(low), high=self.money(high)))
        elif high is not None:
            words.append(self.say("limit_max", money=self.money(high)))
        elif low is not None:
            words.append(self.say("limit_min", money=self.money(low)))
        if kept.exclude:
            words.append(self.say("limit_without", words=self.joined(kept.exclude)))
        if kept.min_rating is not None:
            words.append(self.say("limit_rating", rating=plain(kept.min_rating)))
        return " ".join(words) or self.say("what_anything")

    def diet(self, name: str) -> str:
        """As in "gluten free"; an allergen that was asked for as in "free of nuts"."""
        plain_name = name.replace("_", " ")
        if name in self.language.table("diets").values() or name.startswith("free"):
            return plain_name
        allergens = {one for some in self.language.table("allergens").values() for one in some}
        return self.say("free_of", allergen=plain_name) if name in allergens else plain_name

    def cart_sentence(self, block: Block) -> str:
        """What the cart comes to, and what the budget says to it."""
        if not block["cart"]["lines"]:
            return self.say("cart_empty")
        total = self.money(block["cart"]["totals"]["total"])
        budget = block.get("budget")
        if not budget:
            return self.say("cart_now", total=total)
        return self.say(
            f"cart_budget_{budget['state']}",
            total=total,
            left=self.size_of(budget["left"]),
            amount=self.money(budget["amount"]),
            period=self.period(budget["period"]),
        )

    def changes(self, block: Block, *, adding: bool = False) -> list[str]:
        """What a cart change did, one sentence per kind; ``adding`` tells what came to a line."""
        units = {line["id"]: line.get("unit") for line in block["cart"]["lines"]}
        by_kind: dict[str, list[Block]] = {}
        for change in block.get("changes", ()):
            by_kind.setdefault(change["kind"], []).append(change)
        said: list[str] = []
        grown = [one for one in by_kind.get("changed", ()) if adding and _grew(one)]
        added = [*by_kind.get("added", ()), *grown]
        if added:
            listed = [self._more(one, units.get(one["line"])) for one in added]
            if len(added) == 1:
                listed = [self._with_price(listed[0], added[0], block)]
            said.append(self.say("added", list=self.joined(listed)))
        for one in by_kind.get("changed", ()):
            if one not in grown:
                quantity = self.quantity(one["quantity"], units.get(one["line"]))
                said.append(self.say("changed", title=one["title"], quantity=quantity))
        if by_kind.get("removed"):
            titles = [one["title"] for one in by_kind["removed"]]
            said.append(self.say("removed", list=self.joined(titles)))
        said += [
            self.say("swapped", old=one.get("replaced") or "", new=one["title"])
            for one in by_kind.get("swapped", ())
        ]
        if by_kind.get("restored"):
            titles = [one["title"] for one in by_kind["restored"]]
            said.append(self.say("restored", list=self.joined(titles)))
        return said

    def _with_price(self, said: str, change: Block, block: Block) -> str:
        line = next((one for one in block["cart"]["lines"] if one["id"] == change["line"]), None)
        if line is None:
            return said
        price = self.money(line["unit_price"], block["cart"].get("currency"))
        alone = line.get("quantity") == "1"
        key = "at_price_unit" if line.get("unit") else "at_price" if alone else "at_price_each"
        return self.say(key, what=said, price=price, unit=line.get("unit"))

    def _more(self, change: Block, unit: object) -> str:
        before = Decimal(str(change.get("before") or 0))
        return self._each(Decimal(str(change["quantity"])) - before, unit, change["title"])

    def _each(self, quantity: Decimal, unit: object, title: object) -> str:
        key = "each_unit" if unit else "each"
        return self.say(key, quantity=plain(quantity), unit=unit, title=title)

    def quantity(self, quantity: object, unit: object = None) -> str:
        return f"{plain(Decimal(str(quantity)))}{f' {unit}' if unit else ''}"

    def lines(self, lines: Iterable[Block]) -> str:
        return self.joined(
            [
                self._each(Decimal(str(line["quantity"])), line.get("unit"), line["title"])
                for line in lines
            ]
        )


def _grew(change: Block) -> bool:
    return Decimal(str(change.get("quantity") or 0)) > Decimal(str(change.get("before") or 0))


def sentence(text: str) -> str:
    """With a capital and an end, as a sentence."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:)" else text + "."
