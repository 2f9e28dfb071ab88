"""update_cart: changes quantities, removes lines, swaps one product for another."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from knowledge.carts.edits import Edit, SetQuantity, SetSubstitution, SwapLine
from knowledge.carts.models import Substitution
from knowledge.carts.quantities import parse_quantity
from knowledge.catalog.models import Product
from knowledge.catalog.units import item_mass_kg
from tools.argument_kinds import Reads
from tools.cart_changes import change_cart, line_of, product_of
from tools.context import ToolContext
from tools.coupon_changes import change_coupons, report_coupons
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import needs_of_line
from tools.quantity_argument import ProductReference, Quantity
from tools.suitability import suitability_warnings


class Change(Arguments):
    product: ProductReference
    quantity: Annotated[Quantity, Field(description="3; 0 removes")]


class Replace(Arguments):
    product: Annotated[
        ProductReference,
        Reads("reference", also=("old", "from", "line")),
        Field(description="In the cart: cN"),
    ]
    with_: Annotated[
        ProductReference,
        Reads("reference", also=("new", "to", "by", "replacement", "new_product")),
        Field(alias="with", description="Instead: #n"),
    ]


class Substituting(Arguments):
    product: Annotated[ProductReference | None, Field(description="cN; left out: all")] = None
    rule: Annotated[
        Substitution,
        Field(description="When it has run out"),
    ]


class UpdateCart(Arguments):
    changes: Annotated[
        list[Change], Reads(also=("items", "updates")), Field(max_length=30, default_factory=list)
    ]
    replace: Annotated[Replace | None, Reads(also=("replacement", "swap"))] = None
    substitution: Annotated[Substituting | None, Reads(rare=True)] = None
    coupon: Annotated[
        str | None,
        Reads("whole", also=("code", "coupon_code")),
        Field(max_length=64),
    ] = None
    remove_coupon: Annotated[
        str | None,
        Reads("whole", alone=True, rare=True),
        Field(max_length=64, description='A code; "" alone: the one entered'),
    ] = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        given = (self.replace, self.substitution, self.coupon, self.remove_coupon)
        if not self.changes and all(one is None for one in given):
            message = "give changes or replace, or substitution, or coupon"
            raise ValueError(message)
        return self


def update_cart(context: ToolContext, arguments: UpdateCart) -> ToolResult:
    """Set new quantities (not differences), remove (0), replace a product, enter a coupon."""
    coupons = change_coupons(context, arguments.coupon, arguments.remove_coupon)
    edits: list[Edit] = []
    warnings = [entry.text for entry in coupons if entry.refused is not None]
    preferences = context.work.preferences.of(context.shopper_id)
    for change in arguments.changes:
        line = line_of(context, change.product)
        found = context.work.catalog.get_many([line.product_id], include_delisted=True)
        quantity = parse_quantity(change.quantity, found[line.product_id])
        edits.append(SetQuantity(line=line.id, quantity=quantity))
    if arguments.replace is not None:
        line = line_of(context, arguments.replace.product)
        old = context.work.catalog.get_many([line.product_id], include_delisted=True)
        new = product_of(context, arguments.replace.with_)
        quantity = convert(line.quantity, old[line.product_id], new)
        edits.append(SwapLine(line=line.id, product_id=new.id, quantity=quantity))
        warnings += suitability_warnings(new, preferences, needs_of_line(context, line))
    if arguments.substitution is not None:
        named = arguments.substitution.product
        edits.append(
            SetSubstitution(
                line=None if named is None else line_of(context, named).id,
                rule=arguments.substitution.rule,
            )
        )
    if coupons and not edits:
        return report_coupons(coupons)
    said = [entry.text for entry in coupons if entry.refused is None]
    return change_cart(context, edits, warnings=warnings, said=said)


def convert(quantity: Decimal, old: Product, new: Product) -> Decimal:
    """As much of the new product as there was of the old one.

    Counted alike, the number stays. Between pieces and goods by weight or volume the mass stays,
    rounded up to whole pieces; where it is not known, the smallest amount is taken.
    """
    if old.sell_by == new.sell_by and (old.sell_by == "each" or old.unit == new.unit):
        return _fitting(quantity, new)
    mass_of_old, mass_of_new = item_mass_kg(old), item_mass_kg(new)
    if mass_of_old is None or mass_of_new is None:
        return _fitting(new.step, new)
    return _fitting(quantity * mass_of_old / mass_of_new, new)


def _fitting(quantity: Decimal, product: Product) -> Decimal:
    rounding = ROUND_CEILING if product.sell_by == "each" else ROUND_HALF_UP
    steps = (quantity / product.step).to_integral_value(rounding=rounding)
    return max(steps * product.step, product.min_quantity or product.step)


TOOL = Tool(
    "update_cart",
    UpdateCart,
    update_cart,
    changes=True,
    example={"changes": [{"product": "c1", "quantity": "3"}]},
    rest="call get_cart",
)
