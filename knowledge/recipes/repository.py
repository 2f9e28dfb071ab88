"""Keeps the shop's recipes: loaded whole from a file, found by name."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from knowledge.db.rows.shop import RecipeRow
from knowledge.errors import NotFound
from knowledge.recipes.finding import closest, find_recipe
from knowledge.recipes.models import Recipe
from knowledge.recipes.records import INGREDIENTS, RecipeRecord, read_records

_NAMES = (RecipeRow.id, RecipeRow.title, RecipeRow.aliases, RecipeRow.tags)


class Recipes:
    """Never commits: the unit of work does."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def load(self, path: Path) -> int:
        """Replace all recipes by those of a file; returns how many. Raises ``InvalidInput``."""
        records = read_records(path)
        self._session.execute(delete(RecipeRow))
        self._session.execute(insert(RecipeRow), [_to_row(record) for record in records])
        return len(records)

    def all(self) -> list[Recipe]:
        """In the order of their titles."""
        rows = self._session.execute(select(RecipeRow.__table__)).all()
        return _in_order(map(_to_recipe, rows))

    def get(self, recipe_id: str) -> Recipe:
        """Raises ``NotFound``."""
        row = self._session.execute(
            select(RecipeRow.__table__).where(RecipeRow.id == recipe_id)
        ).one_or_none()
        if row is None:
            raise NotFound(f"There is no recipe {recipe_id!r}.")
        return _to_recipe(row)

    def find(self, text: str) -> Recipe | None:
        """The one meant by a name as people say it; None when that is not clear."""
        found = find_recipe(text, self._named())
        return None if found is None else self.get(found.id)

    def suggest(self, text: str, limit: int = 4) -> list[Recipe]:
        """Those closest to a name, best first; none when nothing is like it."""
        return [self.get(one.id) for one in closest(text, self._named(), limit)]

    def _named(self) -> list[Recipe]:
        """What recipes are found by, without their ingredients: reading those takes time."""
        rows = self._session.execute(select(*_NAMES)).all()
        return _in_order(
            Recipe(row.id, row.title, 1, (), aliases=tuple(row.aliases), tags=tuple(row.tags))
            for row in rows
        )


def recipes_of(path: Path) -> list[Recipe]:
    """What ``load`` would keep, in the order of ``all``. Raises ``InvalidInput``."""
    return _in_order(record.read() for record in read_records(path))


def _in_order(recipes: Iterable[Recipe]) -> list[Recipe]:
    return sorted(recipes, key=lambda one: (one.title.casefold(), one.id))


def _to_row(record: RecipeRecord) -> dict[str, Any]:
    return record.model_dump(mode="json")


def _to_recipe(row: Row[Any]) -> Recipe:
    return Recipe(
        id=row.id,
        title=row.title,
        kind=row.kind,
        servings=row.servings,
        minutes=row.minutes,
        diets=tuple(row.diets),
        tags=tuple(row.tags),
        aliases=tuple(row.aliases),
        ingredients=tuple(one.read() for one in INGREDIENTS.validate_python(row.ingredients)),
        steps=tuple(row.steps),
        source=row.source,
    )
