from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.models import DIETS, Product
from knowledge.catalog.record import read_record
from knowledge.errors import InvalidInput
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet, suited_diets
from knowledge.search.filters import ProductFilter
from knowledge.search.masks import in_category, mask_of
from knowledge.search.snapshot import Snapshot
from knowledge.search.text import terms
from tests.knowledge.search.conftest import MakeProduct

PRICES = st.decimals("0.50", "6.00", places=2)
ALLERGEN_LISTS = st.none() | st.lists(
    st.sampled_from(["milk", "nuts", "gluten"]), max_size=2, unique=True
)


@st.composite
def products(draw: st.DrawFn) -> list[Product]:
    count = draw(st.integers(1, 8))
    return [
        read_record(
            {
                "id": f"p{number}",
                "title": draw(
                    st.sampled_from(
                        ["Oat Drink", "Coconut Bar", "Whole Milk", "Soap", "Cat Food Chicken"]
                    )
                ),
                "price": str(draw(PRICES)),
                "brand": draw(st.sampled_from([None, "Northfield", "Podling"])),
                "category": draw(
                    st.sampled_from([None, "Drinks > Milk", "Snacks & bars > Bars", "Pet > Cat"])
                ),
                "stock": draw(st.sampled_from([None, 0, 5])),
                "rating": draw(st.sampled_from([None, 2.5, 4, 4.5])),
                "ingredients": draw(st.sampled_from([None, "oats, water", "milk", "coconut"])),
                "allergens": draw(ALLERGEN_LISTS),
                "traces": draw(ALLERGEN_LISTS),
                "diets": draw(st.sampled_from([[], ["vegan"], ["gluten_free", "vegan"]])),
            },
            "USD",
        )
        for number in range(count)
    ]


FILTERS = st.builds(
    ProductFilter,
    category=st.sampled_from([None, "milk", "Drinks", "snacks", "Toys"]),
    brands=st.sampled_from([(), ("northfield",), ("Podling", "Northfield")]),
    min_price=st.none() | PRICES,
    max_price=st.none() | PRICES,
    diets=st.sampled_from([(), ("vegan",), ("gluten_free", "vegan")]),
    kept_diets=st.sampled_from([(), ("vegan",), ("halal",)]),
    exclude=st.sampled_from([(), ("milk",), ("nuts", "coconut"), ("bar",), ("gluten",)]),
    min_rating=st.sampled_from([None, Decimal(3), Decimal("4.5")]),
    in_stock_only=st.booleans(),
    ids=st.sampled_from([None, frozenset({"p0", "p2", "nothing"})]),
    not_ids=st.sampled_from([frozenset(), frozenset({"p1"})]),
)


def fits(product: Product, limits: ProductFilter) -> bool:
    """The limits one product at a time, written as plainly as possible."""
    text = " ".join(
        (product.title, product.brand or "", *product.category, product.ingredients or "")
    )
    held = set(terms(text)) | {word for diet in product.diets for word in terms(diet)}
    rules = [
        limits.min_price is None or product.price.amount >= limits.min_price,
        limits.max_price is None or product.price.amount <= limits.max_price,
        limits.min_rating is None
        or (product.rating is not None and product.rating >= limits.min_rating),
        not limits.in_stock_only or product.in_stock,
        not limits.brands
        or (product.brand or "").lower() in {brand.lower() for brand in limits.brands},
        limits.category is None or in_category(product.category, limits.category),
        set(limits.diets) <= set(suited_diets(product)),
        all(check_diet(product, diet).verdict == "yes" for diet in limits.kept_diets),
        all(check_allergen(product, name).verdict == "yes" for name in limits.allergens),
        not any(set(terms(word)) <= held for word in limits.excluded_words),
        limits.ids is None or product.id in limits.ids,
        product.id not in limits.not_ids,
    ]
    return all(rules)


@given(products(), FILTERS)
def test_a_mask_equals_asking_each_product(stocked: list[Product], limits: ProductFilter) -> None:
    snapshot = Snapshot.build(stocked, 1)

    mask = mask_of(snapshot, limits)

    assert [bool(kept) for kept in mask] == [fits(product, limits) for product in stocked]


@given(products(), products(), FILTERS)
def test_changed_products_are_masked_by_what_they_are_now(
    before: list[Product], after: list[Product], limits: ProductFilter
) -> None:
    snapshot = Snapshot.build(before, 1).with_products(2, {one.id: one for one in after})

    mask = mask_of(snapshot, limits)

    now = {one.id: one for one in before} | {one.id: one for one in after}
    kept = snapshot.ids(mask.nonzero()[0])
    assert sorted(kept) == sorted(name for name, one in now.items() if fits(one, limits))


@pytest.mark.parametrize(
    ("wanted", "inside"),
    [
        ("Dairy & eggs > Milk", True),
        ("milk", True),
        ("Milks", True),
        ("dairy & eggs", True),
        ("dairy", True),
        ("eggs", True),
        ("Plant milk", False),
        ("Dairy > Cheese", False),
        ("da", False),
        ("", True),
    ],
)
def test_a_category_is_named_by_path_or_part(wanted: str, *, inside: bool) -> None:
    assert in_category(("Dairy & eggs", "Milk"), wanted) is inside


def test_a_price_limit_is_exact_to_the_cent(make_product: MakeProduct) -> None:
    snapshot = Snapshot.build([make_product("a", price="2.99"), make_product("b", price="3.00")], 1)

    assert list(mask_of(snapshot, ProductFilter(max_price=Decimal("2.99")))) == [True, False]


def test_unknown_allergens_and_traces_do_not_pass(make_product: MakeProduct) -> None:
    snapshot = Snapshot.build(
        [
            make_product("safe", "Rice Cakes", ingredients="rice", allergens=[], traces=[]),
            make_product("trace", "Rice Cakes", ingredients="rice", allergens=[], traces=["nuts"]),
            make_product("unknown", "Cookies"),
        ],
        1,
    )

    assert list(mask_of(snapshot, ProductFilter(exclude=("nuts",)))) == [True, False, False]


def test_a_diet_passes_no_soap_but_what_is_declared_or_labelled(make_product: MakeProduct) -> None:
    care = {"category": "Health & beauty > Hair"}
    snapshot = Snapshot.build(
        [
            make_product("shampoo", "Shampoo", **care),
            make_product("vegan", "Shampoo Bar", diets=["vegan"], **care),
            make_product("organic", "Hair Oil", labels=["Organic Cosmetics"], **care),
            make_product("green", "Conditioner", labels=["Biodegradable"], **care),
            make_product("cat", "Cat Food Chicken", category="Pet > Cat"),
            make_product("beans", "Black Beans", diets=["vegan"], category="Pantry > Beans"),
        ],
        1,
    )

    def passing(limits: ProductFilter) -> list[str]:
        return snapshot.ids(mask_of(snapshot, limits).nonzero()[0])

    assert passing(ProductFilter(diets=("vegan",))) == ["vegan", "beans"]
    assert passing(ProductFilter(diets=("organic",))) == ["organic"]


def test_who_keeps_a_diet_still_finds_soap(make_product: MakeProduct) -> None:
    snapshot = Snapshot.build(
        [
            make_product("soap", "Soap", category="Health & beauty"),
            make_product("cat", "Cat Food Chicken", category="Pet > Cat"),
            make_product("litter", "Cat Litter", category="Pet > Cat"),
            make_product("milk", "Whole Milk", allergens=["milk"], category="Dairy > Milk"),
        ],
        1,
    )
    saved = ProductFilter().joined(diets=("vegan",))

    assert snapshot.ids(mask_of(snapshot, saved).nonzero()[0]) == ["soap", "litter"]


def test_an_unknown_diet_is_an_error() -> None:
    with pytest.raises(InvalidInput, match="paleo"):
        ProductFilter(diets=("paleo",))
    assert ProductFilter(diets=DIETS).limits() == ["diets"]


def test_seafood_is_three_allergens() -> None:
    assert ProductFilter(exclude=("seafood", "dill")).allergens == (
        "fish",
        "crustaceans",
        "molluscs",
    )
    assert ProductFilter(exclude=("seafood", "dill")).excluded_words == ("dill",)
