"""The tool check_diet: whether a product or the cart is safe for diets and allergies."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from knowledge.catalog.models import ALLERGENS, DIETS, Product
from knowledge.errors import InvalidInput
from knowledge.scoring.allergens import check_allergen
from knowledge.scoring.diets import check_diet as judge_diet
from knowledge.shoppers.members import Needs
from knowledge.shoppers.vocabulary import read_allergen, read_diet
from tools.argument_kinds import Reads
from tools.blocks import DietVerdict, ScoreBlock
from tools.cart_reading import CartItem, read_cart, referred
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.household_needs import For, needs_of
from tools.marking import marked
from tools.quantity_argument import ProductOrCart
from tools.suitability import people_said

_MOST = 26
_MANY, _LONG, _SHORT, _SHORTEST = 10, 200, 70, 28
_WORDS = {"no": "NOT SAFE", "unknown": "UNKNOWN, not known to be safe", "yes": "safe"}


class CheckDiet(Arguments):
    product: ProductOrCart = None
    diets: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]] | None,
        Reads(also=("allergens", "dietary")),
        Field(
            max_length=_MOST,
            description="Or allergens: vegan, milk; left out: the saved ones",
        ),
    ] = None
    for_: For = None


def check_diet(context: ToolContext, arguments: CheckDiet) -> ToolResult:
    """Judge what somebody may eat: safe, not safe or unknown, and why. Unknown is not safe.

    Never judge from a name.
    """
    items = read_cart(context)
    subjects: Sequence[CartItem | Product] = items
    if arguments.product is not None:
        subjects = [referred(context, arguments.product, items)]
    elif not items:
        return _nothing("The cart is empty.")
    asked = _asked(arguments.diets)
    needs = None if arguments.for_ is None else needs_of(context, arguments.for_)
    verdicts: list[DietVerdict] = []
    for subject in subjects:
        own = needs or _needs_of(context, subject)
        wanted = asked if asked and needs is None else [*asked, *own.diets, *own.allergens]
        if not wanted and arguments.product is not None and needs is None:
            wanted = [*DIETS, *ALLERGENS]
        verdicts += [_verdict(subject, name, own) for name in dict.fromkeys(wanted)]
    if not verdicts:
        return _nothing("No diet or allergy is saved; say which to check for.")
    order = list(dict.fromkeys(one.diet for one in verdicts))
    verdicts.sort(key=lambda one: order.index(one.diet))
    if arguments.product is None:
        names = dict.fromkeys((one.diet, one.who) for one in verdicts)
        text = "\n".join(_of_cart(name, who, verdicts) for name, who in names)
        return ToolResult(text, (ScoreBlock(kind="diet", subject="cart", verdicts=verdicts),))
    block = ScoreBlock(kind="diet", subject="product", verdicts=verdicts)
    return ToolResult(_of_product(verdicts), (block,))


def _nothing(text: str) -> ToolResult:
    return ToolResult(text, (ScoreBlock(kind="diet", subject="cart", note=text),))


def _needs_of(context: ToolContext, subject: CartItem | Product) -> Needs:
    names = subject.for_members if isinstance(subject, CartItem) else ()
    return context.work.household.needs(context.shopper_id, names, lenient=True)


def _asked(diets: list[str] | None) -> list[str]:
    """Names as our formats have them. Raises ``InvalidInput`` for what is neither."""
    names: list[str] = []
    for text in diets or ():
        try:
            names += read_allergen(text)
        except InvalidInput:
            diet, allergens = read_diet(text)
            names += [diet] if diet else list(allergens)
    return list(dict.fromkeys(names))


def _verdict(subject: CartItem | Product, name: str, needs: Needs) -> DietVerdict:
    product = subject.product if isinstance(subject, CartItem) else subject
    check = judge_diet(product, name) if name in DIETS else check_allergen(product, name)
    return DietVerdict(
        product=product.id,
        title=product.title,
        line=subject.line if isinstance(subject, CartItem) else None,
        diet=name,
        verdict=check.verdict,
        because=check.because,
        who=None if needs.whose(name) in ((), ("you",)) else people_said(needs.whose(name)),
    )


def _of_cart(name: str, who: str | None, verdicts: list[DietVerdict]) -> str:
    """One sentence a verdict: "gluten free: NOT SAFE: c2 Oat Drink (contains oats)".

    Of many, those that are safe are named by their lines alone: nobody may miss the others.
    """
    own = [one for one in verdicts if one.diet == name and one.who == who]
    many = len(verdicts) > _MANY
    parts = []
    for verdict, words in _WORDS.items():
        those = [one for one in own if one.verdict == verdict]
        if those:
            parts.append(f"{words}: {'; '.join(_line(one, many=many) for one in those)}")
    return f"{_title(name, who)}: {'. '.join(parts)}."


def _line(verdict: DietVerdict, *, many: bool) -> str:
    if many and verdict.verdict == "yes":
        return str(verdict.line)
    if many and verdict.verdict == "unknown":
        return f"{verdict.line} {marked(verdict.title, _SHORTEST)}"
    said = f"{verdict.title} ({verdict.because})"
    return f"{verdict.line} {marked(said, _SHORT if many else _LONG)}"


def _of_product(verdicts: list[DietVerdict]) -> str:
    """One line a verdict, so that a model need not read 26 lines to find the one that matters."""
    lines = [marked(verdicts[0].title)]
    for verdict, words in _WORDS.items():
        named = [
            f"{_title(one.diet, one.who)} ({marked(one.because, _SHORT)})"
            for one in verdicts
            if one.verdict == verdict
        ]
        if named:
            lines.append(f"{words}: {'; '.join(named)}")
    return "\n".join(lines)


def _title(name: str, who: str | None) -> str:
    words = name.replace("_", " ") if name in DIETS else f"without {name}"
    return f"{words} for {marked(who)}" if who else words


TOOL = Tool(
    "check_diet",
    CheckDiet,
    check_diet,
    example={"product": "#1", "diets": ["gluten_free"]},
    rest="call it for one line of the cart, or for one diet",
)
