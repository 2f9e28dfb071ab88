"""The shop's recipes: what can be planned, and one of them in full."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request

from connectors.http.errors import documented
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import PathId, RecipeCard, RecipePage, Recipes
from knowledge.recipes.amounts import amount_text
from knowledge.recipes.models import Recipe
from tools.view import Fact

router = APIRouter(tags=["recipes"])
MOST = 100


@router.get("/recipes")
async def list_recipes(
    request: Request,
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Recipes:
    """All by title; with ``q`` the one of that name first, then those that sound or are alike."""
    shop = parts_of(request).shop

    def read() -> Recipes:
        with shop.read() as work:
            found = work.recipes.suggest(q, limit) if q.strip() else work.recipes.all()[:limit]
        return Recipes(items=[_card(one) for one in found])

    return await in_thread(read)


@router.get("/recipes/{recipe}", responses=documented(HTTPStatus.NOT_FOUND))
async def read_recipe(request: Request, recipe: PathId) -> RecipePage:
    """A recipe as it was written, for its own number of servings."""
    shop = parts_of(request).shop

    def read() -> RecipePage:
        with shop.read() as work:
            found = work.recipes.get(recipe)
        return RecipePage(
            **_card(found).model_dump(),
            ingredients=[
                Fact(name=one.name, value=_value(amount_text(one.amount), one.note))
                for one in found.ingredients
            ],
            steps=list(found.steps),
        )

    return await in_thread(read)


def _value(amount: str, note: str | None) -> str:
    return f"{amount}, {note}" if note else amount


def _card(recipe: Recipe) -> RecipeCard:
    return RecipeCard(
        id=recipe.id,
        title=recipe.title,
        kind=recipe.kind,
        servings=recipe.servings,
        minutes=recipe.minutes,
        diets=list(recipe.diets),
        tags=list(recipe.tags),
    )
