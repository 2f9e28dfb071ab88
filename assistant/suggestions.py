"""Two to four quick replies that fit what was just shown."""

from collections.abc import Sequence

from prompts import load_wording
from tools.blocks import (
    Block,
    BudgetBlock,
    BudgetView,
    CartBlock,
    CartView,
    ChoicesBlock,
    ConfirmationBlock,
    ProductsBlock,
    ScoreBlock,
    SwapsBlock,
)

MOST = 4


def suggest(blocks: Sequence[Block], cart: CartView, budget: BudgetView | None) -> list[str]:
    for block in reversed(blocks):
        if isinstance(block, ChoicesBlock):
            return [option.value for option in block.options][:MOST]
    words: dict[str, list[str]] = load_wording("suggestions")
    # The question that waits for an answer comes before everything else, then the newest block.
    if any(isinstance(block, ConfirmationBlock) for block in blocks):
        return list(words["confirmation"])
    for block in reversed(blocks):
        found = words.get(_kind(block, cart, budget))
        if found:
            return found[:MOST]
    return words["cart" if cart.lines and budget else "nothing"][:MOST]


def _kind(block: Block, cart: CartView, budget: BudgetView | None) -> str:
    if isinstance(block, ProductsBlock):
        if len(block.products) == 1:
            return "product"
        return "products" if block.products else "nothing"
    if isinstance(block, SwapsBlock):
        return "swaps" if block.swaps else "cart"
    if isinstance(block, CartBlock):
        if not cart.lines:
            return "empty_cart"
        if budget is not None and budget.state == "over":
            return "over_budget"
        return "cart" if budget is not None else "cart_without_budget"
    if isinstance(block, BudgetBlock):
        return "over_budget" if block.budget and block.budget.state == "over" else "budget"
    if isinstance(block, ScoreBlock):
        if block.kind == "diet":
            return "diet" if any(one.verdict == "no" for one in block.verdicts) else "cart"
        return "score"
    return block.type
