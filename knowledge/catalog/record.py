"""The native product format: one JSON object or CSV row, and the product it stands for."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from knowledge.catalog.models import (
    ALLERGENS,
    DIETS,
    Nutrition,
    NutritionClass,
    Product,
    SellBy,
)
from knowledge.catalog.units import read_unit
from knowledge.errors import InvalidInput
from knowledge.money import Money, minor_units

LIST_SEPARATOR = "|"
DECLARED_NONE = "[]"
CATEGORY_SEPARATOR = ">"
LIST_FIELDS = frozenset({"allergens", "traces", "diets", "labels", "packaging"})
OBJECT_FIELDS = frozenset({"nutrition", "options", "attributes"})


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _flat(value: object) -> object:
    """Free attributes may be numbers, booleans or lists in JSON; we keep their text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return _text(value)


def _known(names: tuple[str, ...]) -> AfterValidator:
    def check(values: list[str] | None) -> list[str] | None:
        for value in values or ():
            if value not in names:
                raise ValueError(f"{value!r} is none of {', '.join(names)}")
        return values

    return AfterValidator(check)


_NO_NUL = r"^[^\x00]*$"  # PostgreSQL cannot store it
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_NO_NUL, max_length=20_000)]
Filled = Annotated[Text, StringConstraints(min_length=1, max_length=500)]
Short = Annotated[Text, StringConstraints(min_length=1, max_length=64)]
Key = Annotated[str, StringConstraints(pattern=r"^[!$%&()*+,\-./:;=?@\w]{1,64}$", max_length=64)]
Barcode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,32}$"), BeforeValidator(_text)]
Flat = Annotated[Text, BeforeValidator(_flat)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=128)]
Number = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=4)]
Price = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=4)]
Grams = Annotated[Decimal, Field(ge=0, le=100)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


class NutritionRecord(BaseModel):
    """Per 100 g or 100 ml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    energy_kcal: Annotated[Decimal, Field(ge=0, le=1000)] | None = None
    fat: Grams | None = None
    saturated_fat: Grams | None = None
    carbohydrates: Grams | None = None
    sugars: Grams | None = None
    fiber: Grams | None = None
    protein: Grams | None = None
    salt: Grams | None = None
    fruit_vegetable_percent: Percent | None = None


class ProductRecord(BaseModel):
    """One product as files hold it; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Key
    title: Filled
    price: Price
    gtin: Barcode | None = None
    group_id: Short | None = None
    options: dict[Name, Flat] = Field(default_factory=dict)
    brand: Filled | None = None
    category: Annotated[Text, StringConstraints(max_length=255)] | None = None
    description: Text | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    size: Short | None = None
    sell_by: SellBy = "each"
    unit: Annotated[Text, StringConstraints(min_length=1, max_length=16)] | None = None
    step: Positive = Decimal(1)
    min_quantity: Positive | None = None
    max_quantity: Positive | None = None
    stock: Number | None = None
    rating: Annotated[Decimal, Field(ge=0, le=5)] | None = None
    ratings_count: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    image_url: Annotated[Text, StringConstraints(pattern=r"^(https?://|/|data:image/)")] | None = (
        None
    )
    url: Annotated[Text, StringConstraints(pattern=r"^(https?://|/)")] | None = None
    ingredients: Text | None = None
    allergens: Annotated[list[str], _known(ALLERGENS)] | None = None
    traces: Annotated[list[str], _known(ALLERGENS)] | None = None
    diets: Annotated[list[str], _known(DIETS)] | None = None
    nutrition: NutritionRecord | None = None
    nutrition_class: NutritionClass | None = None
    labels: list[Filled] | None = None
    origin: Text | None = None
    packaging: list[Filled] | None = None
    carbon_kg_per_kg: Number | None = None
    age_limit: Annotated[int, Field(ge=0, le=99)] | None = None
    season: Text | None = None
    attributes: dict[Name, Flat] = Field(default_factory=dict)
    updated_at: datetime | None = None

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Self:
        currency = (info.context or {}).get("currency")
        if currency and self.currency and self.currency != currency:
            raise ValueError(f"currency: the shop sells in {currency}, not {self.currency}")
        if self.sell_by == "each":
            self._whole(currency or self.currency)
        elif self.unit is None or read_unit(self.unit) is None:
            raise ValueError(f"unit: goods sold by {self.sell_by} need a unit such as kg or l")
        elif read_unit(self.unit)[0] != ("kg" if self.sell_by == "weight" else "l"):  # type: ignore[index]
            raise ValueError(f"unit: {self.unit!r} is not a unit of {self.sell_by}")
        if self.min_quantity and self.max_quantity and self.min_quantity > self.max_quantity:
            raise ValueError("max_quantity: is less than min_quantity")
        return self

    def _whole(self, currency: str | None) -> None:
        if self.price != round(self.price, minor_units(currency or "USD")):
            raise ValueError(f"price: {self.price} cannot be paid in {currency or 'USD'}")
        for name in ("stock", "step", "min_quantity", "max_quantity"):
            value = getattr(self, name)
            if value is not None and value % 1:
                raise ValueError(f"{name}: must be whole for goods sold by the piece")

    def to_product(self, currency: str) -> Product:
        return Product(
            id=self.id,
            title=self.title,
            price=Money(self.price, currency),
            gtin=self.gtin,
            group_id=self.group_id,
            options=self.options,
            brand=self.brand,
            category=split_category(self.category or ""),
            description=self.description or None,
            size=self.size,
            sell_by=self.sell_by,
            unit=self.unit,
            step=self.step,
            min_quantity=self.min_quantity,
            max_quantity=self.max_quantity,
            stock=self.stock,
            rating=self.rating,
            ratings_count=self.ratings_count,
            image_url=self.image_url,
            url=self.url,
            ingredients=self.ingredients or None,
            allergens=None if self.allergens is None else tuple(self.allergens),
            traces=None if self.traces is None else tuple(self.traces),
            diets=tuple(self.diets or ()),
            nutrition=None if self.nutrition is None else Nutrition(*_nutrients(self.nutrition)),
            nutrition_class=self.nutrition_class,
            labels=tuple(self.labels or ()),
            origin=self.origin or None,
            packaging=tuple(self.packaging or ()),
            carbon_kg_per_kg=self.carbon_kg_per_kg,
            age_limit=self.age_limit,
            season=self.season or None,
            attributes=self.attributes,
            updated_at=_aware(self.updated_at),
        )

    @classmethod
    def from_product(cls, product: Product) -> "ProductRecord":
        values: dict[str, Any] = {
            name: getattr(product, name) for name in PRODUCT_FIELDS if name in _SAME_FIELDS
        }
        nutrition = product.nutrition
        return cls.model_validate(
            values
            | {
                "price": product.price.amount,
                "currency": product.price.currency,
                "category": join_category(product.category) or None,
                "options": dict(product.options),
                "attributes": dict(product.attributes),
                "nutrition": None
                if nutrition is None
                else {name: getattr(nutrition, name) for name in NUTRITION_FIELDS},
                **{
                    name: None if getattr(product, name) is None else list(getattr(product, name))
                    for name in LIST_FIELDS
                },
            }
        )


PRODUCT_FIELDS: tuple[str, ...] = tuple(ProductRecord.model_fields)
NUTRITION_FIELDS: tuple[str, ...] = tuple(NutritionRecord.model_fields)
_nutrients = attrgetter(*(field.name for field in fields(Nutrition)))
_SAME_FIELDS = (
    frozenset(PRODUCT_FIELDS)
    - LIST_FIELDS
    - OBJECT_FIELDS
    - {
        "price",
        "currency",
        "category",
    }
)
assert get_args(NutritionClass)
Problem = tuple[Literal["record"] | str, str]  # noqa: PYI051 - says what the first part means


class InvalidRecord(InvalidInput):
    """Names each wrong field with what is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{field}: {problem}" for field, problem in problems))
        self.problems = problems


def read_record(data: object, currency: str) -> Product:
    """Make a product of one decoded JSON object. Raises ``InvalidRecord``."""
    try:
        record = ProductRecord.model_validate(data, context={"currency": currency})
    except ValidationError as error:
        raise InvalidRecord(_problems(error)) from error
    return record.to_product(currency)


@lru_cache(maxsize=16384)
def split_category(path: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in path.split(CATEGORY_SEPARATOR)) if part)


def join_category(path: tuple[str, ...]) -> str:
    return f" {CATEGORY_SEPARATOR} ".join(path)


def from_csv_row(row: Mapping[str, str]) -> dict[str, Any]:
    """The JSON object a CSV row stands for: an empty cell is unknown, ``[]`` is declared none."""
    data: dict[str, Any] = {}
    for name, cell in row.items():
        value = cell.strip()
        if not value:
            continue
        head, dot, rest = name.partition(".")
        if dot:
            data.setdefault(head, {})[rest] = value
        elif name in LIST_FIELDS:
            parts = (part.strip() for part in value.split(LIST_SEPARATOR))
            data[name] = [] if value == DECLARED_NONE else [part for part in parts if part]
        else:
            data[name] = value
    return data


def unknown_columns(header: list[str]) -> list[str]:
    """Columns that the format does not have."""
    return [name for name in header if not _is_column(name)]


def _is_column(name: str) -> bool:
    head, dot, rest = name.partition(".")
    if not dot:
        return name in PRODUCT_FIELDS and name not in OBJECT_FIELDS
    if head == "nutrition":
        return rest in NUTRITION_FIELDS
    return head in OBJECT_FIELDS and bool(rest)


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def _problems(error: ValidationError) -> list[Problem]:
    found: list[Problem] = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in problem["loc"])
        text = problem["msg"].removeprefix("Value error, ")
        if not field:
            field, separator, rest = text.partition(": ")
            field, text = (field, rest) if separator else ("record", text)
        found.append((field, text))
    return found
