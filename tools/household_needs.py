"""Whose needs a tool keeps to: the shopper's own, with those of the people named by ``for``."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from knowledge.carts.models import CartLine
from knowledge.shoppers.members import Needs
from tools.argument_kinds import Reads
from tools.context import ToolContext

_Name = Annotated[str, Field(min_length=1, max_length=60)]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


For = Annotated[
    Annotated[list[_Name], Field(max_length=20)] | None,
    BeforeValidator(_as_list),
    Reads(
        "whole",
        also=("for_whom", "who", "member", "members", "household"),
        rare=True,
        told="string",
    ),
    Field(alias="for", description="Household members: Anna, everyone"),
]


def needs_of(context: ToolContext, for_: list[str] | None) -> Needs:
    """The strictest of the shopper's own needs and those of the named members.

    Raises ``NotFound`` naming the members when nobody is called so.
    """
    return context.work.household.needs(context.shopper_id, for_ or ())


def needs_of_cart(context: ToolContext, lines: Sequence[tuple[str, ...]]) -> Needs:
    """Those every line of the cart is for, by the names on each; else the shopper's own."""
    common = [name for name in lines[0] if all(name in line for line in lines)] if lines else []
    return context.work.household.needs(context.shopper_id, common, lenient=True)


def needs_of_line(context: ToolContext, line: CartLine) -> Needs:
    """What a cart line has to suit: the shopper and whom it was put in for."""
    return context.work.household.needs(context.shopper_id, line.for_members, lenient=True)
