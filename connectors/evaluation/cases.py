"""Evaluation cases as they stand in files; a misspelt field is an error, never ignored."""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from knowledge.errors import InvalidInput


def _listed(value: object) -> object:
    """One name or pattern may stand without the brackets of a list."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(_listed)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CartItem(Part):
    product: str
    quantity: Decimal = Decimal(1)


class CartItemAny(Part):
    """In ``cart_has`` the quantity may be left open."""

    product: str
    quantity: Decimal | None = None


class BudgetWanted(Part):
    amount: Decimal
    period: Literal["trip", "week", "month"] | None = None


class BudgetSetup(Part):
    amount: Decimal
    period: Literal["trip", "week", "month"] = "week"
    rule: Literal["tell", "ask", "refuse"] | None = None


class PreferencesPart(Part):
    diets: Texts = []
    allergens: Texts = []
    dislikes: Texts = []
    brands: Texts = []
    sustainability: str | None = None


class SearchWanted(Part):
    """Constraints that must have reached one call of ``search_catalog``."""

    max_price: Decimal | None = None
    min_price: Decimal | None = None
    diets: Texts | None = None
    exclude: Texts | None = None
    query_has: Texts | None = None
    sort: str | None = None


class Expectation(Part):
    """All that is given must hold."""

    tools_any: list[list[str]] | None = None
    no_tools: Texts | None = None
    search: SearchWanted | None = None
    shows_all: Texts | None = None
    shows_none: Texts | None = None
    cart: list[CartItem] | None = None
    cart_has: list[CartItemAny] | None = None
    cart_any: list[list[CartItem]] | None = None
    cart_unchanged: bool | None = None
    budget: BudgetWanted | None = None
    preferences_has: PreferencesPart | None = None
    confirmation: bool | None = None
    order_placed: bool | None = None
    says: Texts | None = None
    says_any: Texts | None = None
    never_says: Texts | None = None
    asks: bool | None = None
    any_of: list["Expectation"] | None = None


class Setup(Part):
    cart: list[CartItem] = []
    budget: BudgetSetup | None = None
    preferences: PreferencesPart | None = None


class CaseTurn(Part):
    user: str = Field(min_length=1)
    expect: Expectation = Expectation()


class Case(Part):
    id: str
    kind: str = "other"
    setup: Setup = Setup()
    turns: list[CaseTurn] = Field(min_length=1)
    tags: list[str] = []


def read_cases(path: Path) -> list[Case]:
    """Raises ``InvalidInput`` that names the line and field that cannot be used."""
    if not path.is_file():
        raise InvalidInput(f"There is no file {path}.")
    cases = list(_cases(path))
    if not cases:
        raise InvalidInput(f"There are no cases in {path}.")
    return cases


def choose_cases(
    cases: Iterable[Case],
    *,
    kind: str | None = None,
    tags: Collection[str] = (),
    limit: int | None = None,
) -> list[Case]:
    """Those of a kind with every one of the tags, in their order."""
    chosen = [case for case in cases if kind in (None, case.kind) and set(tags) <= set(case.tags)]
    return chosen[:limit]


def _cases(path: Path) -> Iterator[Case]:
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            problem = f"{path.name}, line {number}: {place}: {first['msg']}"
            raise InvalidInput(problem) from None
        if case.id in seen:
            raise InvalidInput(f"{path.name}, line {number}: case {case.id!r} is there twice.")
        seen.add(case.id)
        yield case
