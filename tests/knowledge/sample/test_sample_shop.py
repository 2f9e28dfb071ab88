"""The sample shop holds what it promises: range, stock, claims, labels and gaps."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from knowledge.catalog.record import read_record
from knowledge.catalog.units import unit_price
from tests.knowledge.sample.shop_files import SHOPS, Kind, Product, amount_in

NON_FOOD = {
    "Garden & flowers",
    "Health & beauty",
    "Home & kitchen",
    "Household & cleaning",
    "Pet",
    "Stationery & school",
}
ALCOHOL = "Beer, wine & spirits"
NOT_LABELED_WITH_NUTRITION = {"Drinks > Coffee", "Drinks > Tea"}
TYPICAL_KCAL = {
    "Bananas, loose": 89,
    "Basket Basics Whole Milk 1 l": 61,
    "Basket Basics Dozen Large Eggs": 143,
    "Basket Basics Spaghetti 500 g": 371,
    "Basket Basics Sunflower Oil 1 l": 884,
    "Basket Basics Granulated Sugar 1 kg": 387,
    "Nuttlewood Whole Almonds 300 g": 579,
    "Tarrow Hill Cheddar, Extra Mature 250 g": 410,
    "Dunmarrow Chicken Breast Fillets 500 g": 114,
    "Podling Firm Tofu 400 g": 144,
    "Basket Basics Beef Mince, 20% Fat 500 g": 254,
    "Tidewell Atlantic Salmon Fillets 2 x 140 g": 208,
    "Rookstone Pale Lager 6 x 330 ml": 42,
    "Clearbourne Cola 1.5 l": 42,
    "Copperlane Vodka 750 ml": 222,
    "Castellmar Chianti, Red Wine 750 ml": 83,
    "Nuttlewood Pecan Halves 200 g": 720,
    "Meadow & Main Organic Medjool Dates 400 g": 290,
    "Sunlark Salted Pretzel Twists 400 g": 387,
    "Basket Basics Raisins 500 g": 315,
    "Basket Basics Popping Corn 500 g": 370,
    "Cacaolune White Chocolate 100 g": 555,
}


def test_is_large_enough_to_try_things_out(groceries: list[Product]) -> None:
    assert len(groceries) >= 640


def test_has_departments_with_something_in_each(groceries: list[Product]) -> None:
    departments = Counter(product.department for product in groceries)

    assert len(departments) >= 16
    assert min(departments.values()) >= 5


def test_has_a_house_of_brands_in_which_three_reach_across_departments(
    groceries: list[Product],
) -> None:
    reach: dict[str, set[str]] = {}
    for product in groceries:
        if product.brand:
            reach.setdefault(product.brand, set()).add(product.department)

    assert len(reach) >= 40
    assert sum(len(departments) >= 5 for departments in reach.values()) >= 5


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (Kind(category="Snacks & bars > Protein bars"), 6),
        (Kind("oat drink", "oat milk", category="Drinks > Plant drinks"), 5),
        (Kind(category="Drinks > Plant drinks"), 9),
        (Kind("gluten free", category="Pantry > Pasta"), 4),
        (Kind("banana", category="Fruit & vegetables"), 3),
        (Kind("pasta sauce", "tomato sauce", "pesto", "arrabbiata", category="Pantry"), 5),
        (Kind("parmesan"), 3),
        (Kind("gluten free", category="Bakery"), 3),
        (Kind(category="Dairy & eggs > Milk"), 5),
        (Kind("eggs", category="Dairy & eggs > Eggs"), 3),
        (Kind("chicken", category="Meat & fish"), 3),
        (Kind("beef mince"), 2),
        (Kind("lentil mince"), 1),
        (Kind("tofu"), 3),
        (Kind(category="Dairy & eggs > Cheese"), 6),
        (Kind("yogurt"), 5),
        (Kind(category="Drinks > Coffee"), 4),
        (Kind(category="Drinks > Tea"), 3),
        (Kind("chocolate", category="Snacks & bars > Chocolate"), 4),
        (Kind("laundry detergent"), 3),
        (Kind("dish soap"), 3),
        (Kind("toilet paper"), 3),
        (Kind("shampoo"), 3),
        (Kind("diapers"), 3),
        (Kind("cat food"), 3),
        (Kind("dog", category="Pet"), 4),
        (Kind(category="Drinks > Water"), 6),
        (Kind(category="Beer, wine & spirits > Wine"), 10),
        (Kind("alcohol free", category="Beer, wine & spirits"), 3),
        (Kind("tortilla chips", "corn chips"), 4),
        (Kind("salsa"), 3),
        (Kind("popcorn"), 3),
        (Kind("sunscreen"), 3),
        (Kind("light bulb", "led bulb"), 2),
        (Kind("batteries"), 3),
        (Kind("bouquet", "roses", "tulips"), 3),
        (Kind("seeds", category="Garden & flowers"), 2),
        (Kind("frying pan", "skillet"), 3),
        (Kind("notebook"), 3),
        (Kind("paper plates"), 2),
        (Kind(category="Home & kitchen > Party supplies"), 6),
    ],
    ids=str,
)
def test_offers_a_choice_of_what_people_ask_for(
    groceries: list[Product], kind: Kind, least: int
) -> None:
    assert len([product for product in groceries if kind.holds(product)]) >= least


def test_has_vegan_protein_bars_under_three_dollars_from_three_brands(
    groceries: list[Product],
) -> None:
    vegan = [
        product
        for product in groceries
        if product.category.endswith("Protein bars") and "vegan" in product.diets
    ]
    cheap = [product for product in vegan if Decimal(product.price) < 3 and product.stock != 0]

    assert len(vegan) >= 4
    assert len({product.brand for product in cheap}) >= 3


def test_has_pasta_of_wheat_and_pasta_without_gluten(groceries: list[Product]) -> None:
    pasta = [product for product in groceries if product.category == "Pantry > Pasta"]

    assert sum("gluten" in (product.allergens or ()) for product in pasta) >= 4
    assert sum("gluten_free" in product.diets for product in pasta) >= 4


def test_sells_bananas_loose_by_weight_and_organic(groceries: list[Product]) -> None:
    bananas = [p for p in groceries if p.title.startswith(("Bananas", "Organic Bananas"))]

    assert {product.sell_by for product in bananas} == {"each", "weight"}
    assert any("organic" in product.diets for product in bananas)


def test_has_parmesan_of_milk_and_of_plants(groceries: list[Product]) -> None:
    alternatives = [p for p in groceries if p.category == "Plant-based > Cheese alternatives"]

    assert any("Parmesan" in product.title for product in alternatives)
    assert any(
        "Parmesan" in product.title and "milk" in (product.allergens or ()) for product in groceries
    )


def test_kinds_of_goods_come_in_several_prices(groceries: list[Product]) -> None:
    prices: dict[str, list[str]] = {}
    for product in groceries:
        prices.setdefault(product.category, []).append(product.price)
    kinds = {category: found for category, found in prices.items() if len(found) > 1}

    assert len(kinds) >= 70
    assert [category for category, found in kinds.items() if len(set(found)) < 2] == []


def test_has_every_state_of_stock(groceries: list[Product]) -> None:
    stock = [product.stock for product in groceries]

    assert stock.count(0) >= 5
    assert stock.count(None) >= 3
    assert sum(left is not None and 0 < left <= 5 for left in stock) >= 8


def test_has_seasonal_goods(groceries: list[Product]) -> None:
    assert sum(product.season is not None for product in groceries) >= 20


def test_has_goods_by_weight_and_by_volume(groceries: list[Product]) -> None:
    sold_by = Counter(product.sell_by for product in groceries)

    assert sold_by["weight"] >= 15
    assert sold_by["volume"] >= 2


def test_limits_the_quantity_of_some_goods(groceries: list[Product]) -> None:
    assert sum(product.max_quantity is not None for product in groceries) >= 5


def test_only_drinks_with_alcohol_are_for_adults(groceries: list[Product]) -> None:
    half_percent = Decimal("0.5") * Decimal("0.789")
    strong = {product.id for product in groceries if product.alcohol_grams > half_percent}

    assert strong
    assert {product.id for product in groceries if product.age_limit} == strong
    assert {product.age_limit for product in groceries if product.age_limit} == {21}


def test_a_department_of_its_own_holds_all_that_is_for_adults(groceries: list[Product]) -> None:
    drinks = [product for product in groceries if product.department == ALCOHOL]

    assert {product.department for product in groceries if product.age_limit} == {ALCOHOL}
    assert sum(product.age_limit is not None for product in drinks) >= 25
    assert {"Beer", "Cider", "Wine", "Spirits"} <= {_shelf(product) for product in drinks}
    assert all(product.age_limit for product in drinks if _shelf(product) != "Alcohol free")
    assert all("alcohol_percent" in product.attributes for product in drinks if product.age_limit)


def test_a_guest_with_a_nut_allergy_can_eat_at_the_party(groceries: list[Product]) -> None:
    safe = Counter(
        _shelf(product)
        for product in groceries
        if product.department == "Snacks & bars"
        and product.stock != 0
        and "nut_free" in product.diets
        and (product.allergens, product.traces) != (None, None)
        and not {"nuts", "peanuts"} & {*(product.allergens or ()), *(product.traces or ())}
    )

    assert safe.total() >= 15
    assert {"Chips & crackers", "Dips", "Popcorn", "Chocolate & sweets"} <= set(safe)


def test_products_come_in_sizes_flavors_and_shades(groceries: list[Product]) -> None:
    groups: dict[str, list[Product]] = {}
    for product in groceries:
        if product.group_id:
            groups.setdefault(product.group_id, []).append(product)

    assert len(groups) >= 50
    assert {name for group in groups.values() for name in group[0].options or {}} >= {
        "size",
        "flavor",
        "shade",
    }
    assert [
        group for group, variants in groups.items() if len({one.brand for one in variants}) > 1
    ] == []


def test_the_larger_of_two_bottles_or_bags_costs_less_by_the_unit(
    groceries: list[Product],
) -> None:
    groups: dict[str, list[Product]] = {}
    for product in groceries:
        single = product.size is not None and " x " not in product.size
        if product.group_id and single and product.options == {"size": product.size}:
            groups.setdefault(product.group_id, []).append(product)

    dearer = []
    for group, variants in groups.items():
        packs = sorted((_amount(product), Decimal(product.price)) for product in variants)
        by_unit = [price / amount for amount, price in packs]
        if by_unit != sorted(by_unit, reverse=True):
            dearer.append(group)
    assert len(groups) >= 20
    assert dearer == []


def test_the_catalog_reads_every_product_and_knows_its_unit_price(food: list[Product]) -> None:
    lines = SHOPS["groceries"].read_text().splitlines()
    goods = {read.id: read for line in lines for read in [read_record(json.loads(line), "USD")]}

    assert len(goods) == len(lines)
    assert [product.id for product in food if unit_price(goods[product.id]) is None] == []


def test_food_sold_by_the_piece_says_what_a_piece_weighs(food: list[Product]) -> None:
    pieces = [product for product in food if (product.size or "").endswith(("piece", "pieces"))]

    assert pieces
    assert [
        product.id
        for product in pieces
        if "net_weight_g" not in product.attributes and "Pot" not in product.title
    ] == []


def test_goods_that_nobody_eats_carry_no_food_facts(groceries: list[Product]) -> None:
    assert [
        product.id
        for product in groceries
        if product.department in NON_FOOD
        and (
            product.is_food
            or product.nutrition
            or product.ingredients
            or product.allergens is not None
        )
    ] == []


def test_leaves_a_few_food_facts_unknown_on_purpose(food: list[Product]) -> None:
    unknown = [
        product.id
        for product in food
        if product.category not in NOT_LABELED_WITH_NUTRITION
        and None in (product.nutrition, product.ingredients, product.allergens)
    ]

    assert 5 <= len(unknown) <= 16


def test_only_a_few_makers_declare_their_carbon(groceries: list[Product]) -> None:
    declared = [p.carbon_kg_per_kg for p in groceries if p.carbon_kg_per_kg is not None]

    assert 8 <= len(declared) <= 40
    assert min(declared) > 0


@pytest.mark.parametrize(("title", "kcal"), TYPICAL_KCAL.items())
def test_energy_is_what_food_tables_say(groceries: list[Product], title: str, kcal: int) -> None:
    [product] = [product for product in groceries if product.title == title]

    assert product.nutrition is not None
    assert abs(product.nutrition.energy_kcal - kcal) <= max(kcal * Decimal("0.08"), Decimal(4))


@pytest.mark.parametrize(
    ("diet", "label"), [("organic", "Organic"), ("fair_trade", "Fairtrade"), ("halal", "Halal")]
)
def test_claims_and_labels_agree(groceries: list[Product], diet: str, label: str) -> None:
    claimed = {product.id for product in groceries if diet in product.diets}
    labeled = {p.id for p in groceries if any(label in name for name in p.labels)}

    assert claimed
    assert claimed == labeled


def test_nothing_is_called_organic_without_the_label(groceries: list[Product]) -> None:
    assert [
        product.title
        for product in groceries
        if "organic" in product.title.casefold() and "USDA Organic" not in product.labels
    ] == []


@pytest.mark.parametrize(
    ("diet", "nutrient", "most"),
    [("low_sugar", "sugars", "5"), ("low_sodium", "salt", "0.3"), ("keto", "carbohydrates", "10")],
)
def test_low_claims_stay_below_their_limit(
    food: list[Product], diet: str, nutrient: str, most: str
) -> None:
    claiming = [product for product in food if diet in product.diets]

    assert claiming
    assert [
        product.id
        for product in claiming
        if product.nutrition is None or getattr(product.nutrition, nutrient) > Decimal(most)
    ] == []


def test_nutrition_classes_follow_the_category(food: list[Product]) -> None:
    classes = {
        "Drinks > Water": "water",
        "Drinks > Juice": "beverage",
        "Drinks > Energy & sports": "beverage",
        "Beer, wine & spirits > Wine": "beverage",
        "Drinks > Plant drinks": "beverage",
        "Dairy & eggs > Milk": "beverage",
        "Dairy & eggs > Cheese": "cheese",
        "Meat & fish > Beef & pork": "red_meat",
        "Snacks & bars > Nuts & dried fruit": "fat_oil_nut",
    }

    assert [
        product.id
        for product in food
        if product.nutrition_class != classes.get(product.category, product.nutrition_class)
    ] == []


def _shelf(product: Product) -> str:
    return product.category.rsplit(" > ", maxsplit=1)[-1]


def _amount(product: Product) -> Decimal:
    """What a pack holds, in grams, milliliters or pieces."""
    thousands = (product.size or "").endswith((" kg", " l"))
    return (amount_in(product.size or "") or Decimal(0)) * (1000 if thousands else 1)
