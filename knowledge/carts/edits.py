"""What can be asked of a cart, as data that keeps: a change that needs consent waits in SQL."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Add(_Edit):
    """More of a product; a line that has it already grows."""

    kind: Literal["add"] = "add"
    product_id: str
    quantity: Decimal


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


class Restore(_Edit):
    """Lines as they were before the change that a journal entry stands for."""

    kind: Literal["restore"] = "restore"
    entry: int
    lines: dict[int, dict[str, Any] | None]


Edit = Annotated[Add | SetQuantity | SwapLine | Restore, Field(discriminator="kind")]
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])


def dump_edits(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    dumped: list[dict[str, Any]] = _EDITS.dump_python(list(edits), mode="json")
    return dumped


def load_edits(stored: list[Any]) -> list[Edit]:
    return _EDITS.validate_python(stored)
