"""What can be asked of a cart, as data that keeps: a change that needs consent waits in SQL."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from knowledge.carts.models import Substitution


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Add(_Edit):
    """More of a product; a line that has it already grows. ``for_members``: whom it is for.

    ``substitution`` is for a new line; one that is there keeps its own.
    """

    kind: Literal["add"] = "add"
    product_id: str
    quantity: Decimal
    for_members: tuple[str, ...] = ()
    substitution: Substitution = "ask"


class SetQuantity(_Edit):
    """A line's quantity; 0 removes it."""

    kind: Literal["set"] = "set"
    line: str
    quantity: Decimal


class SwapLine(_Edit):
    """Another product in a line's place."""

    kind: Literal["swap"] = "swap"
    line: str
    product_id: str
    quantity: Decimal


class SetSubstitution(_Edit):
    """What to do when a line has run out; ``line`` None is all of them."""

    kind: Literal["substitution"] = "substitution"
    line: str | None = None
    rule: Substitution


class Restore(_Edit):
    """Lines as they were before the change that a journal entry stands for."""

    kind: Literal["restore"] = "restore"
    entry: int
    lines: dict[int, dict[str, Any] | None]
    coupons: list[str] | None = None


Edit = Annotated[
    Add | SetQuantity | SwapLine | SetSubstitution | Restore, Field(discriminator="kind")
]
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])


def dump_edits(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    dumped: list[dict[str, Any]] = _EDITS.dump_python(list(edits), mode="json")
    return dumped


def load_edits(stored: list[Any]) -> list[Edit]:
    return _EDITS.validate_python(stored)
