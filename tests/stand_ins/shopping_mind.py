"""A stand-in for a model's mind: decides from what was sent over the wire, as a model would.

It reads the shopper's words, the state in the system message and the text of tool results, and
knows nothing of our code. Both vendors' stand-ins can think with it.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.stand_ins.model_server import Asked, Reply

Call = tuple[str, dict[str, Any]]

_LISTED = re.compile(
    r"^#\d+ \[(?P<id>[^\]]+)\] (?P<title>.+?), (?P<price>\d+\.\d{2}) [A-Z]{3}(?P<rest>.*)$",
    re.MULTILINE,
)
_SWAP = re.compile(
    r"^#(?P<number>\d+) \[[^\]]+\] (?P<title>.+?), \$(?P<price>[\d.]+), instead of (?:c\d+ )?"
    r"(?P<old>.+?), (?P<money>saves \$[\d.]+|costs \$[\d.]+ more|same price); (?P<why>.+)$",
    re.MULTILINE,
)
_SIZE = re.compile(r",? \d+(?: x \d+)?(?:\.\d+)? ?(?:g|kg|ml|l)$")
_MONEY = re.compile(r"\$(\d[\d,]*(?:\.\d+)?)")
_COUNTS = {"a": "1", "one": "1", "two": "2", "three": "3", "a couple of": "2"}
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4}
# What anybody who reads knows of the world.
_KINDS = {"pasta": ("pasta", "penne", "fusilli", "macaroni", "spaghetti")}


@dataclass(frozen=True)
class Listed:
    """One product as a line of a tool result shows it."""

    id: str
    title: str
    price: str
    rest: str

    @property
    def short(self) -> str:
        """As people call it: without the size, and without what follows a comma."""
        return _SIZE.sub("", self.title).split(",")[0]

    @property
    def available(self) -> bool:
        return "sold out" not in self.rest


class ShoppingMind:
    """A rule for a model server; what it wrote and what it found wrong are kept."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.problems: list[str] = []
        self._thoughts = 0

    def __call__(self, asked: Asked) -> Reply:
        if not asked.streamed or not asked.schemas:
            # A turn always streams and brings its tools; only a repair of an answer does not.
            self.problems.append(f"asked outside of a turn: {asked.said[:200]}")
        state = _state(asked.system)
        if not asked.results:
            text, calls = self._begin(asked.said.lower(), state)
        else:
            text, calls = self._go_on(asked)
        for name, arguments in calls:
            self._check(asked, name, arguments)
        if text:
            self.written.append(text)
        self._thoughts += 1
        return Reply(text, calls, signature=f"thought {self._thoughts}" if calls else None)

    def _begin(self, said: str, state: dict[str, Any]) -> tuple[str, list[Call]]:
        for pattern, read in _WISHES:
            match = re.search(pattern, said)
            if match is not None:
                return "", read(match, state)
        return "I am not sure what you mean. Could you say it in other words?", []

    def _go_on(self, asked: Asked) -> tuple[str, list[Call]]:
        names = [one["name"] for one in asked.results]
        if set(names) == {"search_catalog"} and asked.said.lower().startswith(("and ", "also ")):
            if _wants(asked.said) != len(names):
                self.problems.append("not every search was answered")
            return "", [_add_one_of_each(asked.results)]
        last = asked.results[-1]
        return _ANSWERS[last["name"]](last["text"]), []

    def _check(self, asked: Asked, name: str, arguments: dict[str, Any]) -> None:
        schema = asked.schemas.get(name)
        if schema is None:
            self.problems.append(f"{name} was not among the tools sent")
            return
        unknown = set(arguments) - set(schema.get("properties", {}))
        missing = set(schema.get("required", [])) - set(arguments)
        if unknown or missing:
            self.problems.append(f"{name}: the schema sent does not allow {arguments}")


def _state(system: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(system.rpartition("<state>")[2].partition("</state>")[0])
    return state


def _set_budget(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    del state
    return [("set_budget", {"amount": match["amount"], "period": match["period"]})]


def _find(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    del state
    return [_search(match["what"], match["limit"])]


def _search(what: str, limit: str | None = None) -> Call:
    """Limits go into their own arguments, as the tool's description asks."""
    arguments: dict[str, Any] = {}
    for word, diet in (("vegan", "vegan"), ("gluten free", "gluten_free")):
        if word in what:
            what = what.replace(word, "")
            arguments["diets"] = [diet]
    if limit is not None:
        arguments["max_price"] = f"{float(limit) - 0.01:.2f}"
    return "search_catalog", {"query": " ".join(what.split()), **arguments}


def _add_shown(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    place = _PLACES[match["place"]]
    shown = next(one for one in state["shown"] if one["n"] == place)
    return [("add_to_cart", {"items": [{"product": shown["id"], "quantity": _count(match)}]})]


def _count(match: re.Match[str]) -> str:
    return _COUNTS.get(match["count"], match["count"])


def _search_each(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    del state
    return [_search(one) for one in _things(match["things"])]


def _things(text: str) -> list[str]:
    return [one.strip() for one in re.split(r",\s*(?:and\s+)?|\s+and\s+", text) if one.strip()]


def _wants(said: str) -> int:
    return len(_things(said.lower().removeprefix("and ").removeprefix("also ")))


def _add_one_of_each(results: Sequence[dict[str, Any]]) -> Call:
    chosen = [next(one for one in _listed(result["text"]) if one.available) for result in results]
    items = [{"product": one.id, "quantity": "1"} for one in chosen]
    return "add_to_cart", {"items": items}


def _accept(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    del match
    offered = next(one for one in state["shown"] if one.get("replaces"))
    replace = {"product": offered["replaces"], "with": f"#{offered['n']}"}
    return [("update_cart", {"replace": replace})]


def _goes_with(match: re.Match[str], state: dict[str, Any]) -> list[Call]:
    kinds = _KINDS.get(match["what"], (match["what"],))
    line = next(
        line
        for line in state["cart"]["lines"]
        if any(kind in line["title"].lower() for kind in kinds)
    )
    return [("recommend_products", {"kind": "goes_with", "product": line["id"]})]


_WISHES: Sequence[tuple[str, Callable[[re.Match[str], dict[str, Any]], list[Call]]]] = (
    (r"i have \$?(?P<amount>\d+)(?: dollars)? for this (?P<period>week|month|trip)", _set_budget),
    (r"^find (?P<what>.+?)(?: under \$(?P<limit>\d+))?$", _find),
    (rf"^add (?P<count>{'|'.join(_COUNTS)}|\d+) of the (?P<place>{'|'.join(_PLACES)})", _add_shown),
    (r"^(?:and|also) (?P<things>.+)$", _search_each),
    (r"\bbudget\b", lambda _match, _state: [("check_budget", {})]),
    (
        r"\b(?P<goal>greener|cheaper|healthier)\b",
        lambda match, _state: [("find_swaps", {"goal": match["goal"]})],
    ),
    (r"^yes, swap", _accept),
    (
        r"my cart not (?P<diet>[a-z ]+free|vegan)",
        lambda match, _state: [("check_diet", {"diets": [match["diet"].replace(" ", "_")]})],
    ),
    (r"goes well with the (?P<what>\w+)", _goes_with),
    (r"check ?out", lambda _match, _state: [("start_checkout", {})]),
)


def _listed(text: str) -> list[Listed]:
    found = [
        Listed(match["id"], match["title"], match["price"], match["rest"])
        for match in _LISTED.finditer(text)
    ]
    assert found, f"no products can be read in {text!r}"
    return found


def _amounts(text: str) -> list[str]:
    return _MONEY.findall(text)


def _say_budget_set(text: str) -> str:
    amount = _amounts(text)[0].removesuffix(".00")
    return f"Got it, ${amount} for the week! I'll keep an eye on it while we shop."


def _say_found(text: str) -> str:
    found = _listed(text)
    cheapest = min(found, key=lambda one: float(one.price))
    rated = max(found, key=lambda one: float(re.findall(r"([\d.]+)\*", one.rest)[0]))
    stars = re.findall(r"([\d.]+)\*", rated.rest)[0]
    return (
        f"I found {len(found)} that fit. The cheapest is the **{cheapest.short}** at "
        f"${cheapest.price}; shoppers like the {rated.short} best, with {stars} stars out of 5.\n\n"
        "Want me to add one of them?"
    )


def _say_added(text: str) -> str:
    added = re.findall(r"Added (\S+) x (.+?) \(c\d+\)\.", text)
    names = [f"{count} x {_SIZE.sub('', title).split(',')[0]}" for count, title in added]
    total = re.findall(r"total \$(\d+\.\d\d)", text)[0]
    left, budget = re.findall(r"\$([\d.]+) left of \$([\d.]+)", text)[0]
    return (
        f"Done! Your cart has now got {' and '.join(names)} and comes to ${total}. "
        f"That leaves about ${float(left):.0f} of your ${float(budget):.0f}."
    )


def _say_budget(text: str) -> str:
    left, budget = re.findall(r"\$([\d.]+) left of \$([\d.]+)", text)[0]
    cart = re.findall(r"cart: \$(\d+\.\d\d)", text)[0]
    return (
        f"You're doing well: with ${cart} in the cart you still have **${left}** of your "
        f"${float(budget):.0f} left for this week."
    )


def _say_swaps(text: str) -> str:
    swaps = list(_SWAP.finditer(text))
    assert swaps, f"no swaps can be read in {text!r}"
    lines = []
    for swap in swaps:
        new, old = (_SIZE.sub("", name).split(",")[0] for name in (swap["title"], swap["old"]))
        why = swap["why"].split(",")[0]
        lines.append(f"- **{new}** instead of the {old}: {swap['money']}, {why}")
    return "Sure, here is what would be greener:\n\n" + "\n".join(lines) + "\n\nShall I swap one?"


def _say_swapped(text: str) -> str:
    match = re.search(r"Swapped (.+?) for \S+ x (.+?) \(c\d+\)", text)
    assert match is not None, text
    old, new = (_SIZE.sub("", name).split(",")[0] for name in match.groups())
    total = re.findall(r"total \$(\d+\.\d\d)", text)[0]
    return f"I've swapped the {old} for the {new}. The new total is ${total}."


def _say_diet(text: str) -> str:
    unsafe = re.search(r"NOT SAFE: ([^;.]+)", text)
    if unsafe is not None:
        found = re.sub(r"\bc\d+ ", "", unsafe[1]).strip()
        return f"Careful: {found} is not gluten free, so better leave that one out."
    if "UNKNOWN" in text:
        return "Nothing is known to have gluten in it, but not everything says so on its label."
    return "No, everything in your cart is gluten free, going by what the makers declare."


def _say_recommended(text: str) -> str:
    first, second = _listed(text)[:2]
    baskets = re.search(r"bought with .+? in (\d+ of \d+) baskets", first.rest)
    why = f": it was bought together with it in {baskets[1]} baskets" if baskets else ""
    return (
        f"With the pasta I'd take the {first.short} for ${first.price}{why}. "
        f"The {second.short} (${second.price}) would be good, too."
    )


def _say_checkout(text: str) -> str:
    total = re.findall(r"total \$(\d+\.\d\d)", text)[0]
    return f"Your order comes to ${total} for pickup. Just say yes and it is placed."


_ANSWERS: dict[str, Callable[[str], str]] = {
    "set_budget": _say_budget_set,
    "search_catalog": _say_found,
    "add_to_cart": _say_added,
    "check_budget": _say_budget,
    "find_swaps": _say_swaps,
    "update_cart": _say_swapped,
    "check_diet": _say_diet,
    "recommend_products": _say_recommended,
    "start_checkout": _say_checkout,
}
