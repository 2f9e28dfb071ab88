"""The quantity argument: text, because a model may say "0.5 kg", and numbers are taken too."""

from typing import Annotated

from pydantic import BeforeValidator, Field


def _as_text(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return value


as_text = BeforeValidator(_as_text)
"""A number a model sends where text is wanted is that text."""

Quantity = Annotated[
    str,
    as_text,
    Field(
        min_length=1,
        max_length=20,
        description='How many pieces, such as "2"; for goods by weight or volume "0.5 kg".',
    ),
]
ProductReference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="A product id, #n for the n-th product shown, or cN for a cart line.",
    ),
]
