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
    RecipeBlock,
    ScoreBlock,
    SwapsBlock,
)

MOST = 4


def suggest(blocks: Sequence[Block], cart: CartView, budget: BudgetView | None) -> list[str]:
    choices = next((one for one in reversed(blocks) if isinstance(one, ChoicesBlock)), None)
    offered = [] if choices is None else [option.value for option in choices.options]
    words: dict[str, list[str]] = load_wording("suggestions")
    # The question that waits for an answer comes before everything else, then the newest block.
    if any(isinstance(block, ConfirmationBlock) for block in blocks):
        recipe = any(isinstance(block, RecipeBlock) for block in blocks)
        changes = offered or (words["recipe"] if recipe else [])
        return [*words["confirmation"], *changes][:MOST]
    if offered:
        return offered[:MOST]
    for block in reversed(blocks):
        found = words.get(_kind(block, cart, budget))
        if found:
            return found[:MOST]
    if not cart.lines:
        return words["nothing"][:MOST]
    return words["cart" if budget else "cart_without_budget"][:MOST]


def _kind(block: Block, cart: CartView, budget: BudgetView | None) -> str:
    over = budget is not None and budget.state == "over"
    match block:
        case ProductsBlock():
            return ("nothing", "product", "products")[min(2, len(block.products))]
        case SwapsBlock():
            kind = "swaps" if block.swaps else "cart"
        case CartBlock() if not cart.lines:
            kind = "empty_cart"
        case CartBlock():
            kind = "over_budget" if over else "cart" if budget else "cart_without_budget"
        case BudgetBlock():
            kind = "over_budget" if over else "budget"
        case ScoreBlock() if block.kind == "diet":
            kind = "diet" if any(one.verdict == "no" for one in block.verdicts) else "cart"
        case _:
            kind = block.type
    return kind
