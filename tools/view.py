"""The base of everything shown, and the small parts that several views are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LeftOut = Annotated[str | None, Field(exclude_if=lambda value: value is None)]


class View(BaseModel):
    """Base of everything shown. Money is a decimal string in ``currency``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(View):
    name: str
    value: str


class AdjustmentView(View):
    """What a promotion takes off a line; ``amount`` is negative."""

    title: str
    amount: str


class CartTotals(View):
    """``items`` before anything else; parts that do not apply are left out of the wire."""

    items: str
    discount: LeftOut = None
    delivery: LeftOut = None
    deposit: LeftOut = None
    tax: LeftOut = None
    fee: LeftOut = None
    total: str
    included_tax: LeftOut = None
    """Told, not added: the prices hold it already."""
