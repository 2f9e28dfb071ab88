"""Reads what a message means as a whole, before it is cut into clauses."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from assistant.offline.acts import Act
from assistant.offline.dishes import DishReader
from assistant.offline.fitting import FitReader
from assistant.offline.language import Language, expanded
from assistant.offline.memory import Memory
from assistant.offline.pasted_lists import ListReader
from assistant.offline.pieces import Piece, shape_of
from assistant.offline.quantities import count_of
from assistant.offline.requests import Request, RequestReader
from assistant.offline.situation import Situation

_MOST_WORDS = 12
_CODE = re.compile(r"^[\"']?([A-Za-z0-9][A-Za-z0-9_-]{2,40})[\"']?[.!]?$")
OWN_DATA = "own_data"
_DELIVERY = {"address": "deliver", "slot": "deliver_slot", "contact": "deliver_contact"}


class WholeReader:
    """``requests`` may be asked about single clauses, too."""

    def __init__(
        self,
        language: Language,
        requests: RequestReader,
        lists: ListReader,
        fit: FitReader,
        dishes: DishReader,
    ) -> None:
        self.requests = requests
        self._language = language
        self._lists = lists
        self._fit = fit
        self._dishes = dishes
        self._answers, self._behind = _answers(language)
        self._of_data = re.compile(language.requests["forget_what_was_told"], re.IGNORECASE)

    def read(
        self, text: str, pieces: Sequence[Piece], memory: Memory, situation: Situation
    ) -> Act | None:
        """What is no request; ``requests`` reads those."""
        return (
            self._answer(text, pieces, memory, situation)
            or self._lists.read(text)
            or self._fit.read(pieces)
            or self._dishes.read(pieces, memory)
        )

    def of_what_was_told(self, text: str, memory: Memory) -> Act | None:
        """Right after it was told what is kept, "forget it" means just that."""
        said = self.requests.bare(text)
        told = (memory.question or {}).get("kind") == OWN_DATA
        if not told or self._of_data.fullmatch(said) is None:
            return None
        return Act("data_forget", named={"known": said}, text=said)

    def of_own_data(self, text: str, situation: Situation) -> Act | None:
        request = self.requests.read(text, situation)
        own = request is not None and request.act.startswith("data_")
        return self.act_of(request) if request is not None and own else None

    def act_of(self, request: Request) -> Act:
        named = dict(request.named)
        for part, pattern in (("contact", self._behind[1]), ("slot", self._behind[0])):
            for whole in ("address", "slot"):
                found = pattern.search(named.get(whole, "")) if part not in named else None
                if found is not None and found.start() > 0:
                    named[part] = found[part].strip()
                    named[whole] = named[whole][: found.start()].strip(" ,.;")
        return Act(request.act, named=named, text=" ".join(named.values()))

    def _answer(
        self, text: str, pieces: Sequence[Piece], memory: Memory, situation: Situation
    ) -> Act | None:
        """What answers a question of ours, when it can be nothing else."""
        said = self.requests.bare(text)
        kind = (memory.question or {}).get("kind")
        if kind == "checkout_detail" and situation.missing in _DELIVERY:
            return self._detail(said, situation.missing or "")
        if kind == "coupon" and (code := _CODE.match(said)):
            return Act("coupon", named={"code": code[1]}, text=said)
        if kind == "list_name" and 0 < len(said.split()) <= 4 and "?" not in text:  # noqa: PLR2004
            return Act("list_save", named={"name": said}, text=said)
        if kind == "choose_dish":
            return self._dish(said, pieces, (memory.question or {}).get("options") or ())
        if kind in {"plan_budget", "fit_amount"}:
            return self._amount(pieces, str(kind))
        return None

    def _detail(self, said: str, missing: str) -> Act | None:
        words = said.lower().split()
        never = self._language.requests["never_answers"]
        if not words or len(words) > _MOST_WORDS + 8 or words[0] in never:
            return None
        if self._answers[missing].fullmatch(said) is None:
            return None
        return self.act_of(Request(_DELIVERY[missing], {missing: said}))

    def _dish(self, said: str, pieces: Sequence[Piece], options: Sequence[object]) -> Act | None:
        """One of the dishes that were offered: by its name, or by its place."""
        titles = [str(one) for one in options]
        low = said.lower()
        chosen = [one for one in titles if one.lower() == low] or [
            one for one in titles if low and set(low.split()) <= set(one.lower().split())
        ]
        for piece in pieces:
            places = piece.value.numbers if piece.tag == "REF" else ()
            if piece.tag == "NUM" and len(pieces) == 1:
                places = (int(count_of(piece) or 0),)
            chosen += [
                titles[place - 1 if place > 0 else place]
                for place in places
                if 0 < abs(place) <= len(titles)
            ]
        return Act("plan_change", named={"dish": chosen[0]}) if chosen else None

    def _amount(self, pieces: Sequence[Piece], kind: str) -> Act | None:
        for piece in pieces:
            amount = None
            if piece.tag == "MONEY":
                amount = Decimal(piece.value)
            elif piece.tag == "LIMIT":
                amount = piece.value.max_price
            elif piece.tag == "NUM" and len(shape_of(pieces).split()) <= 4:  # noqa: PLR2004
                amount = count_of(piece)
            if amount is not None:
                return Act("plan_change" if kind == "plan_budget" else "fit_budget", money=amount)
        return None


@lru_cache(maxsize=8)
def _answers(
    language: Language,
) -> tuple[dict[str, re.Pattern[str]], tuple[re.Pattern[str], re.Pattern[str]]]:
    source = language.requests

    def made(say: str) -> re.Pattern[str]:
        return re.compile(expanded(say, source["groups"]), re.IGNORECASE)

    answers = {name: made(say) for name, say in source["checkout_answers"].items()}
    return answers, (made(source["time_behind"]), made(source["contact_behind"]))
