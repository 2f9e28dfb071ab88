"""Finds the products that are what a cook asks for: the right kind, suitable, to be had now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.recommend.product_kind import ProductKind, kind_of, varied_kinds
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.carbon_factors import Factor, find_factor
from knowledge.scoring.diets import check_diet
from knowledge.scoring.food_kind import is_animal_food, is_food
from knowledge.scoring.liquids import sold_by_volume
from knowledge.scoring.verdicts import NOT_A_FOOD
from knowledge.search.filters import ProductFilter
from knowledge.search.product_search import ProductSearch
from knowledge.search.requests import SearchRequest
from knowledge.search.text import CLOSED_CLASS, is_size, repeated_terms, stem, words

_SEARCHED = 40
_LEAST_COVERAGE = 0.5
_SAME_COVERAGE = 0.9
_EXACT = 0.8
_HELD_IN = frozenset(
    {"can", "tin", "jar", "bottle", "pack", "packet", "bag", "box", "carton", "loose", "bunch"}
)
# A product may lack these words of what was asked for and still be what a cook means ...
_SOFT_WORDS = (
    "fresh yellow red green white sweet mild plain salted unsalted seedless ripe large small baby "
    "peeled chopped sliced grated vine organic light dark loose style flat leaf whole-leaf raw"
)
_SOFT = frozenset(stem(word) for word in _SOFT_WORDS.split())
# ... but not of these kinds: white beans are no kidney beans, and white wine is no red one.
_EXACT_KINDS = frozenset({"pulses", "wine", "chocolate", "sugar", "flour"})
# Having these without being asked for is a sign of something more special.
_SPECIAL_WORDS = (
    "decaf zero alcohol lactose gluten vegan smoked capsule pod kid flavored light diet wheat "
    "instant spicy vanilla herbal peppermint chamomile brew sour gingerbread refill chip"
)
_SPECIAL = frozenset(stem(word) for word in _SPECIAL_WORDS.split())
_IMITATIONS = frozenset({"plant", "vegan", "meatless", "veggie", "vegetarian", "soy", "pea"})
_BABY = frozenset({"baby", "infant", "toddler"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What every product has to keep: diets, allergens to be free of, words it must not name."""

    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()

    def allow(self, product: Product) -> bool:
        """Only what is known to suit; "unknown" is not safe."""
        return (
            all(_suits(product, diet) for diet in self.diets)
            and all(check_allergen(product, one).verdict == "yes" for one in self.allergens)
            and not any(named_in(product, word) for word in self.words)
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product of the right kind. ``fit`` is 0 to 1; ``exact`` when it is what was asked for."""

    product: Product
    fit: float
    exact: bool


def named_in(product: Product, word: str) -> bool:
    """Whether title or ingredients name it, in singular or plural."""
    wanted = tuple(repeated_terms(word))
    told = [stem(one) for one in words(f"{product.title} . {product.ingredients or ''}")]
    return _within(wanted, told)


def says(text: str, word: str) -> bool:
    """Whether a text says a word or phrase, in singular or plural."""
    return _within(tuple(repeated_terms(word)), [stem(one) for one in words(text)])


def _within(wanted: Sequence[str], told: Sequence[str]) -> bool:
    length = len(wanted)
    places = range(len(told) - length + 1)
    return bool(wanted) and any(tuple(told[at : at + length]) == wanted for at in places)


def _suits(product: Product, diet: str) -> bool:
    check = check_diet(product, diet)
    return check.verdict == "yes" or check is NOT_A_FOOD


class Matcher:
    """Looks for products within one transaction; remembers what it found."""

    def __init__(self, search: ProductSearch, catalog: CatalogRepository) -> None:
        self._search = search
        self._catalog = catalog
        self._found: dict[tuple[str, str | None, Limits], list[Candidate]] = {}

    def find(self, query: str, limits: Limits, category: str | None = None) -> list[Candidate]:
        """Best first, in stock, of the wanted shelf if there is any there; may be empty."""
        key = (query, category, limits)
        if key not in self._found:
            found = self._look(query, limits, category) if category else []
            self._found[key] = found or self._look(query, limits, None)
        return self._found[key]

    def sold(self, query: str, category: str | None = None) -> bool:
        """Whether the shop has any of it, whoever may eat it."""
        return bool(self.find(query, Limits(), category))

    def why_none(self, query: str, category: str | None = None) -> str:
        """Why nothing of it can be had: it is sold out, or the shop does not sell it."""
        there = self._look(query, Limits(), category, in_stock=False)
        return (
            "sold out"
            if there or self._look(query, Limits(), None, in_stock=False)
            else "not sold here"
        )

    def stand_ins(self, query: str, limits: Limits) -> list[Candidate]:
        """What suits a diet in the place of what does not: oat drink for a vegan's milk."""
        for diet in limits.diets:
            found = self.find(f"{diet.replace('_', ' ')} {query}", limits)
            if found:
                return found
        return []

    def _look(
        self, query: str, limits: Limits, category: str | None, *, in_stock: bool = True
    ) -> list[Candidate]:
        request = SearchRequest(
            query,
            ProductFilter(
                category=category,
                kept_diets=limits.diets,
                exclude=limits.allergens,
                in_stock_only=in_stock,
            ),
            limit=_SEARCHED,
            dislikes=limits.dislikes,
        )
        hits = self._search.find(request).hits
        by_name = self._search.find(replace(request, sort="price")).hits
        named = {hit.product_id for hit in by_name}
        products = self._catalog.get_many([hit.product_id for hit in hits])
        asked = read_asked(query)
        kept = [
            (products[hit.product_id], hit.explain.get("coverage", 0.0), hit.score)
            for hit in hits
            if hit.product_id in products
            and is_right_kind(asked, products[hit.product_id], called_so=hit.product_id in named)
            and limits.allow(products[hit.product_id])
        ]
        return _ranked(asked, kept)


def _ranked(asked: "Asked", kept: Sequence[tuple[Product, float, float]]) -> list[Candidate]:
    best = max((coverage for _, coverage, _ in kept), default=0.0)
    if best < _LEAST_COVERAGE:
        return []
    same = [
        one
        for one in kept
        if one[1] >= best * _SAME_COVERAGE and (one[1] >= _EXACT or _near_enough(asked, one[0]))
    ]
    if not same:
        return []
    top = max(score for _, _, score in same) or 1.0
    found = [
        Candidate(product, score / top * _plainness(asked, product), coverage >= _EXACT)
        for product, coverage, score in same
    ]
    return sorted(found, key=lambda one: (-one.fit, one.product.id))


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as a kind of thing: its words, the one that names it, its kind of food."""

    words: tuple[str, ...]
    head: str | None
    title: str

    def factor(self, product: Product) -> Factor | None:
        """The kind of food that something of this name would be in the product's place."""
        liquid = sold_by_volume(product)
        there = _factor(self.title, product.category, liquid)
        return there or _factor(self.title, (), liquid)

    def of_other_form(self, product: Product) -> bool:
        """Whether it is a food, but not of the product's form: chocolate is no drink."""
        return _factor(self.title, product.category, not sold_by_volume(product)) is not None


@lru_cache(maxsize=2048)
def read_asked(query: str) -> Asked:
    said = tuple(
        stem(word)
        for word in words(query)
        if word not in CLOSED_CLASS and not is_size(word) and stem(word) not in _HELD_IN
    )
    title = " ".join(word for word in query.split() if stem(word.lower()) not in _HELD_IN)
    return Asked(said, said[-1] if said else None, title)


@lru_cache(maxsize=16384)
def _factor(title: str, shelf: tuple[str, ...], liquid: bool) -> Factor | None:  # noqa: FBT001
    match = find_factor(title, None, shelf, vegan=False, liquid=liquid)
    return match.factor if match is not None and match.by_name else None


def is_right_kind(asked: Asked, product: Product, *, called_so: bool = False) -> bool:
    """Whether it is the thing itself: pasta sauce is not pasta, and cat food no chicken.

    ``called_so``: the search knows it by that name, be it another word for the same.
    """
    if _for_others(asked, product):
        return False
    own = kind_of(product)
    factor = asked.factor(product)
    if factor is not None:
        imitates = factor.animal and bool(_terms_of(product) & _IMITATIONS)
        if imitates or not is_food(product):
            return False
        if own.kind is not None and own.kind != factor.kind:
            return False
        if own.kind == factor.kind and own.kind not in varied_kinds():
            return True
    elif own.kind is not None and (
        asked.of_other_form(product) or not (called_so or _ends_in(own, asked))
    ):
        return False
    return called_so or asked.head in _own_words(own, product)


def _ends_in(own: ProductKind, asked: Asked) -> bool:
    """Whether its name ends in a word of what was asked for: burger buns are no burgers."""
    return own.noun is not None and stem(own.noun) in asked.words


def _for_others(asked: Asked, product: Product) -> bool:
    shelf = {term for part in product.category for term in repeated_terms(part)}
    if shelf & _BABY and not set(asked.words) & {*_BABY, *shelf}:
        return True
    return is_animal_food(product) and not set(asked.words) & {"cat", "dog", "pet", *shelf}


def _terms_of(product: Product) -> set[str]:
    told = f"{product.title} {' '.join(product.category)}"
    return {stem(word) for word in words(told)}


def _own_words(own: ProductKind, product: Product) -> set[str]:
    """The words of its name and of its shelf."""
    shelf = repeated_terms(product.category[-1]) if product.category else ()
    return {stem(word) for word in own.words} | set(shelf)


def _plainness(asked: Asked, product: Product) -> float:
    """Less for every word that says it is something more special than what was asked for."""
    brand = repeated_terms(product.brand or "")
    own = {
        term
        for word in words(product.title)
        if word not in CLOSED_CLASS and not is_size(word) and (term := stem(word)) not in brand
    }
    more = own - set(asked.words)
    return 1.0 - 0.04 * min(len(more), 5) - 0.3 * len(more & _SPECIAL)


def _near_enough(asked: Asked, product: Product) -> bool:
    """Whether what it lacks of the words does not make it another thing: yellow onions for red."""
    own = kind_of(product)
    factor = asked.factor(product)
    if factor is None or own.kind != factor.kind or own.kind in _EXACT_KINDS:
        return False
    said = _terms_of(product)
    return asked.head in said and set(asked.words) - said <= _SOFT
