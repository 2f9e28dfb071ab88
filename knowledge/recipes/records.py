"""Recipes as an owner writes them in a file, and as rows keep them."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from knowledge.catalog.models import ALLERGENS, DIETS
from knowledge.errors import InvalidInput
from knowledge.recipes.models import Amount, Ingredient, Recipe, RecipeKind, Unit
from knowledge.scoring.tables import read_table

_MOST_PROBLEMS = 10


def _known_diet(name: str) -> str:
    if name not in DIETS:
        raise ValueError(f"{name!r} is not one of {', '.join(DIETS)}")
    return name


def _known_reason(name: str) -> str:
    if name not in {*DIETS, *ALLERGENS, "any"}:
        raise ValueError(f"{name!r} is not a diet, an allergen, or any")
    return name


def _written_number(value: object) -> object:
    return str(value) if isinstance(value, float) else value


Words = Annotated[str, Field(min_length=1, max_length=120)]
Number = Annotated[
    Decimal,
    BeforeValidator(_written_number),
    Field(gt=0, le=10_000, max_digits=9, decimal_places=3),
]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class IngredientRecord(_Record):
    """One ingredient in a file; ``query`` is the name where it is left out."""

    name: Words
    amount: Number | None = None
    unit: Unit = "piece"
    query: Words | None = None
    category: Words | None = None
    staple: bool = False
    optional: bool = False
    without: Literal["ok"] | None = None
    note: Words | None = None
    replace: dict[Annotated[str, AfterValidator(_known_reason)], Words] = {}

    def read(self) -> Ingredient:
        return Ingredient(
            name=self.name,
            query=self.query or self.name,
            amount=None if self.amount is None else Amount(self.amount, self.unit),
            category=self.category,
            staple=self.staple,
            optional=self.optional,
            without_ok=self.without == "ok",
            note=self.note,
            replace=dict(self.replace),
        )


class RecipeRecord(_Record):
    """One recipe in a file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    title: Words
    kind: RecipeKind = "recipe"
    servings: Annotated[int, Field(ge=1, le=100)]
    minutes: Annotated[int, Field(ge=1, le=2880)] | None = None
    diets: list[Annotated[str, AfterValidator(_known_diet)]] = []
    tags: list[Words] = []
    aliases: list[Words] = []
    ingredients: Annotated[list[IngredientRecord], Field(min_length=1, max_length=40)]
    steps: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=600)]], Field(max_length=30)
    ] = []
    source: Words | None = None

    def read(self) -> Recipe:
        return Recipe(
            id=self.id,
            title=self.title,
            kind=self.kind,
            servings=self.servings,
            minutes=self.minutes,
            diets=tuple(self.diets),
            tags=tuple(self.tags),
            aliases=tuple(self.aliases),
            ingredients=tuple(one.read() for one in self.ingredients),
            steps=tuple(self.steps),
            source=self.source,
        )


INGREDIENTS: TypeAdapter[list[IngredientRecord]] = TypeAdapter(list[IngredientRecord])


def read_records(path: Path) -> list[RecipeRecord]:
    """The recipes of a YAML file. Raises ``InvalidInput`` naming file, recipe and field."""
    try:
        data = read_table(path)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise InvalidInput(f"{path.name} cannot be read: {reason}") from error
    if not isinstance(data, list) or not data:
        raise InvalidInput(f"{path.name} holds no list of recipes.")
    records: list[RecipeRecord] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for number, one in enumerate(data, start=1):
        where = f"recipe {number}{_called(one)}"
        try:
            record = RecipeRecord.model_validate(one)
        except ValidationError as error:
            problems += [f"{where}: {told}" for told in _told(error)]
            continue
        if record.id in seen:
            problems.append(f"{where}: recipe {seen[record.id]} has this id, too")
        seen.setdefault(record.id, number)
        records.append(record)
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = f"; and {more} more" if more > 0 else ""
        raise InvalidInput(f"{path.name}: {'; '.join(problems[:_MOST_PROBLEMS])}{rest}.")
    return records


def _called(one: object) -> str:
    name = one.get("id") or one.get("title") if isinstance(one, dict) else None
    return f" ({name})" if isinstance(name, str) else ""


def _told(error: ValidationError) -> list[str]:
    """One line per field: "ingredients[2].unit: Input should be ..."."""
    lines = []
    for one in error.errors():
        place = ""
        for part in one["loc"]:
            place += f"[{part}]" if isinstance(part, int) else f".{part}"
        lines.append(f"{place.lstrip('.') or 'the recipe'}: {one['msg']}")
    return lines
