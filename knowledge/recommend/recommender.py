"""Suggestions with reasons: for you, goes with, similar, popular, by budget, health, offers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from knowledge.catalog.models import Product
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.errors import InvalidInput
from knowledge.ports import Clock
from knowledge.recommend.asking import Asked, Suggestion, Suggestions, allowed
from knowledge.recommend.candidates import find_candidates
from knowledge.recommend.complements import goes_with
from knowledge.recommend.learned_pairs import LearnedPairs
from knowledge.recommend.on_offer import on_offer
from knowledge.recommend.product_kind import kind_of, likeness
from knowledge.recommend.rankings import healthy, popular, rating_words, sustainable, within_budget
from knowledge.recommend.swaps import Goal, SwapFound, better_swaps
from knowledge.recommend.wishes import Wishes
from knowledge.search.product_search import ProductSearch

_GOAL_OF: dict[str, Goal] = {
    "budget": "cheaper",
    "health": "healthier",
    "sustainability": "greener",
}
_UNKNOWN_TASTE = "Nothing is known of your taste yet, so these are popular with others."
_OWN_WEIGHT = 0.3
_LIKED_BRAND = 1.2


class Recommender:
    """Thread-safe. Ranking follows what is known of products, never what anybody pays for it."""

    def __init__(self, search: ProductSearch, pairs: LearnedPairs) -> None:
        self._search = search
        self._pairs = pairs

    def suggest(self, asked: Asked) -> Suggestions:
        """Never what a diet or allergy forbids, what is sold out, or what is in the cart."""
        if asked.product is not None and asked.kind in _GOAL_OF:
            return self._better(asked, asked.product)
        ways: dict[str, Callable[[], Suggestions]] = {
            "for_you": lambda: self._for_you(asked),
            "goes_with": lambda: goes_with(asked, self._pairs.now(asked.session), self._search),
            "similar": lambda: self._similar(asked),
            "popular": lambda: popular(asked, self._search),
            "budget": lambda: within_budget(asked, self._search),
            "health": lambda: healthy(asked, self._search),
            "sustainability": lambda: sustainable(asked, self._search),
            "deals": lambda: on_offer(asked, self._search),
        }
        return ways[asked.kind]()

    def swaps(
        self, asked: Asked, goal: Goal, product: Product, quantity: Decimal = Decimal(1)
    ) -> list[SwapFound]:
        """Replacements for one product, best first."""
        candidates = find_candidates(
            product,
            search=self._search,
            catalog=asked.catalog,
            wishes=asked.wishes,
            taken=asked.taken,
        )
        return better_swaps(product, quantity, goal, candidates, home=asked.home)

    def cart_swaps(
        self,
        asked: Asked,
        goal: Goal,
        lines: Sequence[tuple[str, Product, Decimal]],
        *,
        wishes: Mapping[str, Wishes] | None = None,
    ) -> list[tuple[str, SwapFound]]:
        """The best replacement of each line (line id, product, quantity), largest gain first.

        A product is offered once, though it may be the best for two lines. ``wishes`` by line are
        those of the people that lines are for; the others keep to what is asked.
        """
        offered: set[str] = set()
        best = []
        for line, product, quantity in lines:
            own = (wishes or {}).get(line, asked.wishes)
            found = self.swaps(replace(asked, wishes=own), goal, product, quantity)
            swap = next((one for one in found if one.replacement.id not in offered), None)
            if swap is not None:
                offered.add(swap.replacement.id)
                best.append((line, swap))
        return sorted(best, key=lambda one: -one[1].gain)

    def _better(self, asked: Asked, product: Product) -> Suggestions:
        found = self.swaps(asked, _GOAL_OF[asked.kind], product)[: asked.limit]
        items = tuple(
            Suggestion(swap.replacement, swap.reason, round(min(0.95, 0.5 + swap.gain / 2), 2))
            for swap in found
        )
        return Suggestions(items, None if items else f"No better match for {product.title}.")

    def _similar(self, asked: Asked) -> Suggestions:
        product = asked.product
        if product is None:
            raise InvalidInput("Say which product the others should be similar to.")
        limits = asked.wishes.limits(asked.taken)
        hits = self._search.similar(product.id, asked.limit * 3, limits)
        products = asked.catalog.get_many(hit.product_id for hit in hits)
        kind = kind_of(product)
        found = []
        for hit in hits:
            other = products.get(hit.product_id)
            if other is None or not allowed(asked, other):
                continue
            alike = likeness(kind, kind_of(other))
            sure = max(alike, min(1.0, hit.explain.get("cosine", 0.3)))
            found.append(Suggestion(other, _common(product, other, alike), round(sure, 2)))
        found.sort(key=lambda one: -one.confidence)
        return Suggestions(tuple(found[: asked.limit]), None if found else "Nothing similar.")

    def _for_you(self, asked: Asked) -> Suggestions:
        """0.3 of the own habit, plus what goes with it and with the cart."""
        learned = self._pairs.now(asked.session)
        bought = asked.catalog.get_many(asked.bought)
        most = max(asked.bought.values(), default=1)
        scores: dict[str, tuple[float, str, float]] = {}
        for product_id, times in asked.bought.items():
            words = f"you bought it {'once' if times == 1 else f'{times} times'}"
            scores[product_id] = (_OWN_WEIGHT * times / most, words, 0.5 + 0.4 * times / most)
        anchors = {product.id: product for product in (*bought.values(), *asked.cart)}
        for anchor in anchors.values():
            for one in learned.products.of(anchor.id):
                score, words, sure = scores.get(one.item, (0.0, "", 0.0))
                near = min(0.9, one.together / (one.alone + 5) + 0.2)
                if near > sure and one.item not in asked.bought:
                    words = f"often bought with {anchor.title}, which you chose"
                scores[one.item] = (score + one.score, words, max(sure, near))
        products = asked.catalog.get_many(scores)
        found = []
        for product in products.values():
            score, words, sure = scores[product.id]
            if allowed(asked, product):
                liked = asked.wishes.likes(product)
                rank = score * (_LIKED_BRAND if liked else 1)
                reason = f"{words}; {product.brand} is a brand you like" if liked else words
                found.append((rank, Suggestion(product, reason, round(sure, 2))))
        found.sort(key=lambda pair: (-pair[0], pair[1].product.id))
        chosen = [suggestion for _, suggestion in found[: asked.limit]]
        if len(chosen) == asked.limit:
            return Suggestions(tuple(chosen))
        known = {one.product.id for one in chosen}
        rest = popular(replace(asked, product=None), self._search).items
        more = [one for one in rest if one.product.id not in known]
        note = None if chosen else _UNKNOWN_TASTE
        return Suggestions((*chosen, *more)[: asked.limit], note)


def _common(product: Product, other: Product, alike: float) -> str:
    """What the two share, and what the price does."""
    kind = kind_of(other).kind
    if alike and kind:
        words = f"also {kind}"
    elif product.category and product.category == other.category:
        words = f"also in {product.category[-1]}"
    else:
        words = "described alike"
    if other.sell_by == product.sell_by and other.price.amount < product.price.amount:
        words += f", {(product.price - other.price).display()} less"
    return f"{words}; {rating_words(other)}"


def open_recommender(
    units: UnitsOfWork, search: ProductSearch, clock: Clock, *, baskets: Path | None = None
) -> Recommender:
    """``baskets``: a file of past baskets to learn from, besides the orders of the shop."""
    del units  # every call brings its own session
    return Recommender(search, LearnedPairs(clock, baskets))
