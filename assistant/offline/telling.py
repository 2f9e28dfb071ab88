"""Tells of lists that were found: what a card shows already is not said again."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assistant.offline.acts import Item, Limits
from assistant.offline.choose import FITS
from assistant.offline.phrase import Phrasing
from assistant.offline.plan import Desk
from knowledge.search.text import stem

_MOST_NAMED = 3
_MOST_FACTS = 2
_MARGIN = 0.05
_MONEY = re.compile(r"[$\u20ac\u00a3]|\b[A-Z]{3}\b \d|\d [A-Z]{3}\b")
_PLACES = {"price": min, "rating": max}
Block = Mapping[str, Any]


def found(item: Item, block: Block, desk: Desk) -> list[str]:
    """How many fit and what is worth knowing of them; on plain channels the first of them."""
    cards, say, phrasing = block["products"], desk.phrasing.say, desk.phrasing
    what = counted_kind(item, int(block["total"]), phrasing)
    if len(cards) == 1:
        return [say("found_one", what=phrasing.what(item), one=phrasing.priced_at(cards[0]))]
    if not desk.has_cards:
        return [say("found", what=what, list=phrasing.numbered(cards))]
    return [say("found_cards", what=what), *facts(item, cards, int(block["total"]), desk)]


def facts(item: Item, cards: Sequence[Block], total: int, desk: Desk) -> list[str]:
    """The cheapest, the best rated, what is sold out, of what plainly is what was named."""
    say = desk.phrasing.say
    all_shown = total <= len(cards)
    fitting = [card for card in cards if desk.chooser.of_card(item, card, 0) >= FITS - _MARGIN]
    in_stock = [card for card in fitting or cards if card.get("in_stock", True)]
    said: list[str] = []
    cheapest = _single(in_stock, "price")
    if cheapest is not None:
        key = "fact_cheapest" if all_shown else "fact_cheapest_shown"
        price = desk.phrasing.price(cheapest)
        said.append(say(key, title=cheapest["title"], price=price))
    rated = _single([card for card in in_stock if card.get("rating")], "rating")
    if rated is not None and rated is not cheapest:
        said.append(say("fact_rated", title=rated["title"], rating=rated["rating"]))
    sold_out = sum(not card.get("in_stock", True) for card in cards)
    if sold_out:
        said.append(say("fact_sold_out_one" if sold_out == 1 else "fact_sold_out", count=sold_out))
    return said[:_MOST_FACTS]


def _single(cards: Sequence[Block], name: str) -> Block | None:
    """The one that is first by this; None when several share the place or the unit differs."""
    if len(cards) <= 1 or len({card.get("sell_by", "each") for card in cards}) > 1:
        return None
    best = _PLACES[name](Decimal(str(card[name])) for card in cards)
    chosen = [card for card in cards if Decimal(str(card[name])) == best]
    return chosen[0] if len(chosen) == 1 else None


def counted_kind(item: Item, total: int, phrasing: Phrasing) -> str:
    """As in "5 vegan protein bars under $3.00", "4 choices of oat milk"."""
    last = item.words[-1] if item.words else ""
    what = phrasing.what(item)
    plural = last.endswith("s") and not last.endswith("ss") and stem(last) != last
    if total > 1 and plural:
        return f"{total} {what}"
    if not item.words:
        nothing = item.limits == Limits(sort=item.limits.sort)
        return phrasing.count(total) if nothing else f"{phrasing.count(total)} {what}"
    key = "choices_one" if total == 1 else "choices"
    return phrasing.say(key, count=total, what=what)


def swaps(block: Block, desk: Desk) -> list[str]:
    """Each with why it is better and what it does to the price."""
    offered = block["swaps"]
    if desk.has_cards:
        said = [_swap("swap_best", offered[0], 1, desk)]
        rest = len(offered) - 1
        if rest:
            said.append(desk.phrasing.say("more_below_one" if rest == 1 else "more_below", n=rest))
        return said
    # A reason in money says no more than the price difference behind it.
    keys = ["swap_line_price" if _MONEY.search(one["reason"]) else "swap_line" for one in offered]
    listed = [
        _swap(key, one, at, desk)
        for at, (key, one) in enumerate(zip(keys, offered[:_MOST_NAMED], strict=False), 1)
    ]
    return [desk.phrasing.say("swaps_found", list="; ".join(listed))]


def _swap(key: str, swap: Block, place: int, desk: Desk) -> str:
    say, difference = desk.phrasing.say, Decimal(str(swap["price_difference"]))
    money = desk.phrasing.size_of(difference)
    price = "swap_saves" if difference < 0 else "swap_costs" if difference else "swap_same"
    return say(
        key,
        number=swap["to"].get("position") or place,
        new=swap["to"]["title"],
        old=swap["instead_of"]["title"],
        price=say(price, money=money),
        why=str(swap["reason"]).rstrip("."),
    )


def suggested(block: Block, desk: Desk) -> list[str]:
    """The first suggestion with its reason, and how many more there are."""
    cards, say = block["products"], desk.phrasing.say
    first = cards[0]
    if desk.has_cards:
        key = "recommended_first" if first.get("reason") else "recommended_plain"
        reason = str(first.get("reason") or "").rstrip(".")
        reason = reason[:1].lower() + reason[1:]
        said = [
            say(key, heading=block["title"], one=desk.phrasing.priced_at(first), reason=reason),
        ]
        rest = len(cards) - 1
        if rest:
            said.append(say("more_below_one" if rest == 1 else "more_below", n=rest))
        return said
    listed = desk.phrasing.numbered(cards)
    said = [say("recommended", title=block["title"], list=listed)]
    return [*said, str(first["reason"])] if first.get("reason") else said


def offered(what: str, cards: Sequence[Block], desk: Desk) -> str:
    """The question which of several was meant."""
    if len(cards) == 1:
        return desk.phrasing.say("ask_one", one=desk.phrasing.priced_at(cards[0]))
    if desk.has_cards:
        return desk.phrasing.say("ask_which_cards", what=what)
    return desk.phrasing.say("ask_which", what=what, list=desk.phrasing.numbered(cards))


def nearest(cards: Sequence[Block], desk: Desk) -> str:
    if desk.has_cards or len(cards) == 1:
        return desk.phrasing.say("nearest_one", one=desk.phrasing.priced_at(cards[0]))
    return desk.phrasing.say("nearest", list=desk.phrasing.numbered(cards))
