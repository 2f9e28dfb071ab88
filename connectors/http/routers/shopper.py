"""What a shopper decides for themselves: budget and preferences."""

from fastapi import APIRouter, Request

from connectors.http.changes import IdempotencyKey, decimal_text, run_tool
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import BudgetRequest, Preferences, PreferencesRequest
from connectors.http.security import SignedIn
from knowledge.work import Work
from tools.blocks import BudgetView
from tools.commerce_views import budget_view

router = APIRouter(tags=["shopper"], responses=SHOPPER_FAILURE)


@router.get("/budget")
async def read_budget(request: Request, shopper: SignedIn) -> BudgetView | None:
    """The tightest active budget and how it stands; null when none is set."""
    shop = parts_of(request).shop

    def read() -> BudgetView | None:
        with shop.read() as work:
            return budget_view(work, shopper.id, shopper.cart_id)

    return await in_thread(read)


@router.put("/budget")
async def set_budget(
    request: Request, wanted: BudgetRequest, shopper: SignedIn, key: IdempotencyKey = None
) -> BudgetView | None:
    """Set the budget of a period, or take budgets away with ``amount`` null."""
    application = parts_of(request)
    arguments: dict[str, str] = {}
    if wanted.amount is not None:
        arguments = {"amount": decimal_text(wanted.amount), "period": wanted.period}
        if wanted.rule is not None:
            arguments["rule"] = wanted.rule

    def change() -> BudgetView | None:
        run_tool(application, shopper, "set_budget", arguments, key)
        with application.shop.read() as work:
            return budget_view(work, shopper.id, shopper.cart_id)

    return await in_thread(change)


@router.get("/preferences")
async def read_preferences(request: Request, shopper: SignedIn) -> Preferences:
    """What the shop remembers of diets, allergens, dislikes and brands."""
    shop = parts_of(request).shop

    def read() -> Preferences:
        with shop.read() as work:
            return _preferences(work, shopper.id)

    return await in_thread(read)


@router.put("/preferences")
async def set_preferences(
    request: Request, wanted: PreferencesRequest, shopper: SignedIn
) -> Preferences:
    """Each kind that is given replaces what was known of it; the others stay."""
    shop = parts_of(request).shop

    def change() -> Preferences:
        with shop.write() as work:
            work.preferences.set(
                shopper.id,
                diets=wanted.diets,
                allergens=wanted.allergens,
                dislikes=wanted.dislikes,
                brands=wanted.brands,
                sustainability=wanted.sustainability,
                channel="web",
                replace=True,
            )
            return _preferences(work, shopper.id)

    return await in_thread(change)


def _preferences(work: Work, shopper_id: str) -> Preferences:
    known = work.preferences.of(shopper_id)
    return Preferences(
        diets=list(known.diets),
        allergens=list(known.allergens),
        dislikes=list(known.dislikes),
        brands=list(known.brands),
        sustainability=known.sustainability,
    )
