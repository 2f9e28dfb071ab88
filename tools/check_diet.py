"""The tool check_diet: whether a product or the cart is safe for diets and allergies."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, DIETS, Product
from knowledge.errors import InvalidInput
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet as judge_diet
from knowledge.shoppers.vocabulary import read_allergen, read_diet
from tools.blocks import DietVerdict, ScoreBlock
from tools.cart_reading import CartItem, read_cart, referred
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.product_views import harmless

_MOST = 26
_WORDS = {"no": "NOT SAFE", "unknown": "UNKNOWN, not known to be safe", "yes": "safe"}


class CheckDiet(Arguments):
    product: Annotated[
        str | None,
        Field(
            max_length=64,
            description="A product id, #n, or cN for a cart line; leave it out for the whole cart",
        ),
    ] = None
    diets: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]] | None,
        Field(
            max_length=_MOST,
            description=(
                "Diets or allergens to check, such as gluten_free, vegan, milk; "
                "leave it out for those the shopper has saved"
            ),
        ),
    ] = None


def check_diet(context: ToolContext, arguments: CheckDiet) -> ToolResult:
    """Judge a product, or the cart, for diets and allergens: safe, not safe or unknown, and why.

    Call it for every question of what somebody may eat; never judge from a name. Unknown is not
    safe.
    """
    wanted = _wanted(context, arguments.diets)
    items = read_cart(context)
    subjects: Sequence[CartItem | Product] = items
    if arguments.product is not None:
        subjects = [referred(context, arguments.product, items)]
        wanted = wanted or [*DIETS, *ALLERGENS]
    elif not items:
        return _nothing("The cart is empty.")
    if not wanted:
        return _nothing("No diet or allergy is saved; say which to check for.")
    verdicts = [_verdict(subject, name) for name in wanted for subject in subjects]
    if arguments.product is None:
        text = "\n".join(_of_cart(name, verdicts) for name in wanted)
        return ToolResult(text, (ScoreBlock(kind="diet", subject="cart", verdicts=verdicts),))
    block = ScoreBlock(kind="diet", subject="product", verdicts=verdicts)
    return ToolResult(_of_product(verdicts), (block,))


def _nothing(text: str) -> ToolResult:
    return ToolResult(text, (ScoreBlock(kind="diet", subject="cart", note=text),))


def _wanted(context: ToolContext, asked: list[str] | None) -> list[str]:
    """Names as our formats have them. Raises ``InvalidInput`` for what is neither."""
    if not asked:
        saved = context.work.preferences.of(context.shopper_id)
        return [*saved.diets, *saved.allergens]
    names: list[str] = []
    for text in asked:
        try:
            names += read_allergen(text)
        except InvalidInput:
            diet, allergens = read_diet(text)
            names += [diet] if diet else list(allergens)
    return list(dict.fromkeys(names))


def _verdict(subject: CartItem | Product, name: str) -> DietVerdict:
    product = subject.product if isinstance(subject, CartItem) else subject
    check = judge_diet(product, name) if name in DIETS else check_allergen(product, name)
    return DietVerdict(
        product=product.id,
        title=product.title,
        line=subject.line if isinstance(subject, CartItem) else None,
        diet=name,
        verdict=check.verdict,
        because=check.because,
    )


def _of_cart(name: str, verdicts: list[DietVerdict]) -> str:
    """One sentence a verdict: "gluten free: NOT SAFE: c2 Oat Drink (contains oats)"."""
    own = [verdict for verdict in verdicts if verdict.diet == name]
    parts = []
    for verdict, words in _WORDS.items():
        named = [
            f"{one.line} {harmless(one.title)} ({one.because})"
            for one in own
            if one.verdict == verdict
        ]
        if named:
            parts.append(f"{words}: {'; '.join(named)}")
    return f"{_title(name)}: {'. '.join(parts)}."


def _of_product(verdicts: list[DietVerdict]) -> str:
    """One line a verdict, so that a model need not read 26 lines to find the one that matters."""
    lines = [harmless(verdicts[0].title)]
    for verdict, words in _WORDS.items():
        named = [
            f"{_title(one.diet)} ({one.because})" for one in verdicts if one.verdict == verdict
        ]
        if named:
            lines.append(f"{words}: {'; '.join(named)}")
    return "\n".join(lines)


def _title(name: str) -> str:
    return name.replace("_", " ") if name in DIETS else f"without {name}"


TOOL = Tool("check_diet", CheckDiet, check_diet)
