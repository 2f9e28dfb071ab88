from decimal import Decimal

import pytest

from knowledge.catalog.models import Product
from knowledge.catalog.units import net_content
from knowledge.errors import InvalidInput
from knowledge.scoring.diets import check_diet
from knowledge.search.product_search import ProductFilter, ProductSearch, SearchRequest
from knowledge.search.requests import SORTS, Sort


@pytest.fixture
def titles(sample_search: ProductSearch, sample: dict[str, Product]) -> "Titles":
    return Titles(sample_search, sample)


class Titles:
    """Searches and gives the products found."""

    def __init__(self, search: ProductSearch, sample: dict[str, Product]) -> None:
        self.search = search
        self.sample = sample

    def find(
        self, query: str, sort: Sort = "relevance", limit: int = 10, **limits: object
    ) -> list[Product]:
        request = SearchRequest(query, ProductFilter(**limits), sort=sort, limit=limit)  # type: ignore[arg-type]
        return [self.sample[hit.product_id] for hit in self.search.find(request).hits]


@pytest.mark.parametrize(
    ("query", "shelf"),
    [
        ("bananas", "Fruit"),
        ("oat milk", "Plant drinks"),
        ("gluten free pasta", "Pasta"),
        ("vegan protein bars", "Protein bars"),
        ("chicken", "Poultry"),
        ("toilet paper", "Paper"),
        ("please find me some milk", "Milk"),
        ("bannanas", "Fruit"),
        ("crisps", "Chips & crackers"),
        ("nuts", "Nuts & dried fruit"),
        ("vegan cheese", "Cheese alternatives"),
        ("red wine", "Wine"),
        ("soda", "Soft drinks"),
        ("tomatoes", "Vegetables"),
        ("washing up liquid", "Dishes"),
    ],
)
def test_what_a_shopper_calls_by_name_comes_first(titles: Titles, query: str, shelf: str) -> None:
    assert [product.category[-1] for product in titles.find(query)[:3]] == [shelf] * 3


@pytest.mark.parametrize("query", ["laptop", "winter tires", "xbox", "4070 graphics", "qwrtzp"])
def test_what_the_shop_does_not_have_finds_nothing(
    sample_search: ProductSearch, query: str
) -> None:
    results = sample_search.find(SearchRequest(query))

    assert (results.hits, results.total, results.loosen) == ([], 0, None)


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("nuts", "nut free"),
        ("red wine", "vinegar"),
        ("soda", "baking"),
        ("salmon", "cat food"),
        ("cream", "ice cream"),
        ("frozen pizza", "fish"),
        ("potatoes", "onion"),
    ],
)
def test_what_only_mentions_the_word_is_not_listed(titles: Titles, query: str, other: str) -> None:
    found = titles.find(query, limit=50)

    assert len(found) > 1
    assert not [product.title for product in found if other in product.title.lower()]


def test_a_number_that_numbers_something_is_asked_for(titles: Titles) -> None:
    assert all("Size 4" in product.title for product in titles.find("size 4 diapers")[:3])


def test_the_plain_thing_is_sorted_before_imitations_unless_only_they_suit(titles: Titles) -> None:
    plain = titles.find("cheese", sort="price", limit=50)
    vegan = titles.find("cheese", sort="price", limit=50, diets=("vegan",))

    assert {product.category[-1] for product in plain} == {"Cheese"}
    assert {product.category[-1] for product in vegan} == {"Cheese alternatives"}


def test_of_things_for_someone_the_things_matter(titles: Titles) -> None:
    found = titles.find("snacks for kids")

    assert {product.category[0] for product in found} == {"Snacks & bars"}


def test_a_mended_word_is_told(sample_search: ProductSearch) -> None:
    assert sample_search.find(SearchRequest("spagetti")).mended == {"spagetti": "spaghetti"}
    assert sample_search.find(SearchRequest("spaghetti")).mended == {}


def test_the_cheapest_of_what_was_asked_for_comes_first(titles: Titles) -> None:
    found = titles.find("pasta", sort="price")

    assert {product.category[-1] for product in found} == {"Pasta"}
    prices = [product.price.amount for product in found]
    assert prices == sorted(prices)


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort != "relevance"])
def test_sorting_shows_no_other_things_than_relevance_does(
    sample_search: ProductSearch, sort: Sort
) -> None:
    for query in ("milk", "chocolate", "bread"):
        ranked = sample_search.find(SearchRequest(query, limit=100))
        ordered = sample_search.find(SearchRequest(query, sort=sort, limit=100))

        assert {hit.product_id for hit in ordered.hits} <= {hit.product_id for hit in ranked.hits}
        assert ordered.hits


def test_sorts_put_the_best_first_and_the_unknown_last(titles: Titles) -> None:
    by_rating = [product.rating for product in titles.find("", sort="rating", limit=500)]
    known = [rating for rating in by_rating if rating is not None]

    assert by_rating[: len(known)] == sorted(known, reverse=True)
    by_unit = titles.find("oat milk", sort="unit_price")
    per_litre = [
        product.price.amount / content.amount
        for product in by_unit
        if (content := net_content(product)) is not None
    ]
    assert per_litre == sorted(per_litre)


def test_limits_in_words_of_the_shopper_hold_for_every_result(titles: Titles) -> None:
    found = titles.find(
        "milk", diets=("vegan",), exclude=("nuts", "soy"), max_price=Decimal("3.00")
    )

    assert found
    assert all("vegan" in product.diets for product in found)
    assert all(product.price.amount <= 3 for product in found)
    assert {product.category[-1] for product in found} >= {"Plant drinks"}


def test_without_words_everything_that_fits_is_listed(
    titles: Titles, sample: dict[str, Product]
) -> None:
    found = titles.find("", category="Pasta", limit=100)

    assert {product.id for product in found} == {
        product.id for product in sample.values() if product.category[-1] == "Pasta"
    }


def test_an_unknown_category_is_told_with_what_would_fit(sample_search: ProductSearch) -> None:
    results = sample_search.find(SearchRequest("pasta", ProductFilter(category="Electronics")))

    assert results.total == 0
    assert "without the category" in (results.loosen or "")


def test_the_limit_in_the_way_is_named_with_the_cheapest_price(
    sample_search: ProductSearch, titles: Titles
) -> None:
    limits = ProductFilter(max_price=Decimal("1.00"))
    results = sample_search.find(SearchRequest("vegan protein bars", limits))
    cheapest = min(product.price.amount for product in titles.find("vegan protein bars", limit=50))

    assert results.total == 0
    assert results.loosen is not None
    assert "without the price limit" in results.loosen
    assert f"the cheapest is {cheapest} USD" in results.loosen


def test_limits_that_only_together_leave_nothing_are_named_together(
    sample_search: ProductSearch,
) -> None:
    limits = ProductFilter(max_price=Decimal("0.10"), diets=("keto",), brands=("Vellano",))
    results = sample_search.find(SearchRequest("spaghetti", limits))

    assert results.total == 0
    assert "taken together" in (results.loosen or "")


def test_disliked_things_move_down_but_stay(sample_search: ProductSearch) -> None:
    plain = [hit.product_id for hit in sample_search.find(SearchRequest("protein bar")).hits]
    moved = [
        hit.product_id
        for hit in sample_search.find(SearchRequest("protein bar", dislikes=("peanut",))).hits
    ]

    assert sorted(plain) == sorted(moved)
    assert moved.index("P172") > plain.index("P172")


def test_pages_follow_each_other_without_gaps(sample_search: ProductSearch) -> None:
    whole = [hit.product_id for hit in sample_search.find(SearchRequest("milk", limit=9)).hits]
    pages = [
        hit.product_id
        for offset in (0, 3, 6)
        for hit in sample_search.find(SearchRequest("milk", limit=3, offset=offset)).hits
    ]

    assert pages == whole


def test_similar_products_are_alike_and_never_the_same(
    sample_search: ProductSearch, sample: dict[str, Product]
) -> None:
    hits = sample_search.similar("P200", 5)

    assert "P200" not in [hit.product_id for hit in hits]
    assert {sample[hit.product_id].category[-1] for hit in hits[:3]} == {"Plant drinks"}
    vegan = sample_search.similar("P049", 5, ProductFilter(diets=("vegan",)))
    assert vegan
    assert all(check_diet(sample[hit.product_id], "vegan").verdict == "yes" for hit in vegan)
    assert sample_search.similar("nothing", 5) == []


@pytest.mark.parametrize("arguments", [{"sort": "colour"}, {"limit": 0}, {"offset": -1}])
def test_requests_that_make_no_sense_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        SearchRequest("milk", **arguments)  # type: ignore[arg-type]
