"""Reads what to plan: a dish or an occasion, and changes of the plan just shown."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.offline.acts import Act
from assistant.offline.constraints import Constraints, read_constraints
from assistant.offline.language import Language, Phrase, expanded
from assistant.offline.memory import Memory
from assistant.offline.pieces import Piece

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class _Frames:
    """What stands around a dish, and around a change of the plan."""

    dishes: tuple[tuple[str, re.Pattern[str]], ...]
    changes: Mapping[str, re.Pattern[str]]


class DishReader:
    """Reads whole messages of one language."""

    def __init__(self, language: Language, names_product: Callable[[Phrase], bool]) -> None:
        self.language = language
        self._names_product = names_product
        self._frames = _frames(language)

    def read(self, pieces: Sequence[Piece], memory: Memory) -> Act | None:
        """Something to plan, or a change of what was planned."""
        if not pieces or len(pieces) > _LONGEST:
            return None
        asks = pieces[0].words[0] in self.language.set_of("plan_questions")
        if memory.plan is not None and not asks:
            found = self._change(read_constraints(pieces, self.language, after_plan=True), memory)
            if found is not None:
                return found
        return self._dish(read_constraints(pieces, self.language))

    def _dish(self, found: Constraints) -> Act | None:
        for kind, pattern in self._frames.dishes:
            match = pattern.fullmatch(found.text)
            if match is None or not self._is_dish(match["dish"]):
                continue
            if kind == "soft" and not self._is_planned(match["dish"], found):
                return None
            if found.counted and not found.servings:
                return None
            choice = "sure" if kind == "sure" else None
            return _act("plan_recipe", found, choice=choice, dish=match["dish"])
        return None

    def _is_planned(self, dish: str, found: Constraints) -> bool:
        """Whether a dish is meant: "pasta for four" is a product, "chili for four" is cooked."""
        words = tuple(dish.split())
        if found.servings is None or found.counted:
            return False
        if self.language.starters.match(f"{dish} "):
            return False  # "raise my budget to 60"
        cooked = set(words) & self.language.set_of("dish_words")
        return bool(cooked) or not self._names_product(words)

    def _is_dish(self, dish: str) -> bool:
        words = dish.split()
        if words[-1] in self.language.set_of("loose_ends"):
            return False
        return not set(words[:1]) & self.language.set_of("not_dishes")

    def _change(self, found: Constraints, memory: Memory) -> Act | None:
        """As in "make it for six", "without garlic", "cheaper", "fewer servings"."""
        text, frames = found.text, self._frames.changes
        if found.said and not found.counted and frames["follow"].fullmatch(text):
            return _act("plan_change", found)
        basket = "items" in (memory.plan or {})
        for name in ("more", "fewer"):
            if not found.said and not basket and frames[f"follow_{name}"].fullmatch(text):
                return _act("plan_change", found, choice=name)
        if not found.said and frames["follow_staples"].fullmatch(text):
            return _act("plan_change", found, choice="staples")
        if not found.said and frames["follow_take"].fullmatch(text):
            return Act("plan_take", text=text)
        return None


def _act(kind: str, found: Constraints, *, choice: str | None = None, dish: str = "") -> Act:
    act = Act(
        kind,
        limits=found.limits,
        money=found.budget,
        choice=choice or ("cheaper" if found.cheap and found.budget is None else None),
        named={"dish": dish} if dish else {},
        text=found.text,
    )
    if found.servings is None:
        return act
    return replace(act, named={**act.named, "servings": str(found.servings)})


@lru_cache(maxsize=8)
def _frames(language: Language) -> _Frames:
    planning = language.planning
    groups = {**planning["groups"], "keep": planning["keep"]}

    def made(say: str) -> re.Pattern[str]:
        return re.compile(expanded(say, groups))

    changes = {
        name: made(planning[name])
        for name in ("follow_more", "follow_fewer", "follow_staples", "follow_take")
    }
    follow = "|".join(f"(?:{say})" for say in planning["follow"])
    return _Frames(
        dishes=tuple((kind, made(say)) for kind in ("sure", "soft") for say in planning[kind]),
        changes={**changes, "follow": made(follow)},
    )
