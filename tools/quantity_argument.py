"""The arguments that many tools share: a quantity, a product, an amount of money."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from tools.argument_kinds import Reads


def _as_text(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return value


as_text = BeforeValidator(_as_text)
"""A number a model sends where text is wanted is that text."""

Quantity = Annotated[
    str,
    as_text,
    Reads("quantity", also=("qty", "count", "amount", "number")),
    Field(min_length=1, max_length=20),
]
_NAMES = ("id", "product_id", "item_id", "sku", "item", "ref", "reference", "name", "title")
_LINES = ("line", "line_id", "cart_line")
ProductReference = Annotated[
    str,
    Reads("reference", also=(*_NAMES, *_LINES)),
    Field(min_length=1, max_length=64, description="#n, cN or an id"),
]
ProductOrCart = Annotated[
    ProductReference | None,
    Field(description="#n, cN or an id; left out: the cart"),
]
Amount = Annotated[Decimal, Reads("money"), Field(ge=0, le=1_000_000_000)]
SomeMoney = Annotated[Decimal, Reads("money"), Field(gt=0, le=1_000_000)]
