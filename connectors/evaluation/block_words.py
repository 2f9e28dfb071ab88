"""What an answer shows next to its text, each block in a line for a person to read."""

from collections.abc import Sequence

from tools.blocks import (
    Block,
    BudgetBlock,
    BudgetView,
    CartBlock,
    CartView,
    ChoicesBlock,
    ComparisonBlock,
    ConfirmationBlock,
    NoticeBlock,
    OrderBlock,
    PassagesBlock,
    PlanBlock,
    ProductBlock,
    ProductCard,
    ProductsBlock,
    RecipeBlock,
    ScoreBlock,
    SwapsBlock,
)

_MOST = 6


def block_line(block: Block) -> str:
    return f"{block.type}: {_words(block)}"


def cart_lines(cart: CartView) -> list[str]:
    return [f"{line.quantity} x {line.title} ({line.product}), {line.total}" for line in cart.lines]


def budget_words(budget: BudgetView) -> str:
    return f"{budget.left} left of {budget.amount} {budget.currency} ({budget.period})"


def _words(block: Block) -> str:  # noqa: PLR0911 - one line each
    match block:
        case ProductsBlock():
            return f"{len(block.products)} of {block.total}: {_cards(block.products)}"
        case ProductBlock():
            return _cards([block.product.card])
        case ComparisonBlock():
            return _cards(block.products)
        case CartBlock():
            changes = [f"{change.kind} {change.title}" for change in block.changes]
            return _listed([*changes, *block.warnings]) or "shown"
        case BudgetBlock():
            return budget_words(block.budget) if block.budget else "none is set"
        case SwapsBlock():
            return _listed([f"{one.instead_of.title} -> {one.to.title}" for one in block.swaps])
        case PlanBlock():
            planned = zip(block.quantities, block.products, strict=True)
            lines = [f"{quantity} x {card.title}" for quantity, card in planned]
            missing = [f"not found: {line}" for line in block.missing]
            return f"{block.title}, {block.total}: {_listed([*lines, *missing])}"
        case _:
            return _other_words(block)


def _other_words(block: Block) -> str:  # noqa: PLR0911 - one line each
    match block:
        case ScoreBlock():
            verdicts = [f"{one.title} {one.diet}: {one.verdict}" for one in block.verdicts]
            grades = [f"{one.title}: {one.grade or 'unknown'}" for one in block.items]
            whole = [f"{block.total_kg_co2e} kg CO2e in all"] if block.total_kg_co2e else []
            return f"{block.kind}, {_listed([*whole, *verdicts, *grades])}"
        case RecipeBlock():
            return f"{block.title} for {block.servings}"
        case OrderBlock():
            return _listed([f"{one.number} {one.status}" for one in block.orders])
        case ConfirmationBlock():
            return block.confirmation.text
        case PassagesBlock():
            return _listed([f"{one.policy}, {one.section}" for one in block.passages])
        case ChoicesBlock():
            return f"{block.question} {_listed([one.label for one in block.options])}"
        case NoticeBlock():
            return block.text
        case _:  # pragma: no cover - the union is closed
            return ""


def _cards(cards: Sequence[ProductCard]) -> str:
    return _listed([f"#{card.position or '-'} {card.title} {card.price}" for card in cards])


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _MOST} more" if len(words) > _MOST else ""
    return "; ".join(words[:_MOST]) + more
