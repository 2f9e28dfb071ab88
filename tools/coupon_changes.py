"""Enters and takes out coupons for tools, and says what came of it."""

from knowledge.carts.coupon_entry import CouponEntry, enter_coupon, take_out_coupon
from tools.blocks import CartBlock, NoticeBlock
from tools.cart_changes import actor_of, budget_text, sentences, summary
from tools.commerce_views import budget_state_view, quoted_cart_view
from tools.context import ToolContext
from tools.definition import ToolResult
from tools.marking import unmarked


def change_coupons(
    context: ToolContext, coupon: str | None, remove_coupon: str | None
) -> list[CouponEntry]:
    """What came of each. A code that cannot be used is told, not raised: its try must count."""
    work, actor = context.work, actor_of(context)
    entries = []
    if remove_coupon is not None:
        entries.append(take_out_coupon(work, context.cart_id, remove_coupon, actor=actor))
    if coupon is not None:
        entries.append(enter_coupon(work, context.cart_id, coupon, actor=actor))
    return entries


def report_coupons(entries: list[CouponEntry]) -> ToolResult:
    """The result of a call that changed nothing but coupons."""
    texts = [entry.text for entry in entries]
    changes = [entry.change for entry in entries if entry.change is not None]
    if not changes:
        text = sentences(texts)
        return ToolResult(text, (NoticeBlock(level="warning", text=unmarked(text)),))
    change = changes[-1]
    refused = [entry.text for entry in entries if entry.refused is not None]
    block = CartBlock(
        cart=quoted_cart_view(change.cart, change.quote),
        budget=None if change.budget is None else budget_state_view(change.budget),
        warnings=refused,
    )
    now = " ".join([summary(change.quote), *budget_text(change.budget)])
    return ToolResult(f"{sentences(texts)}\n{now}", (block,))
