"""What the offline model remembers of its own last answers, carried in its messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = "smartcart"


@dataclass(frozen=True)
class Memory:
    """``question`` is what was asked and waits for an answer; ``focus`` what "it" means."""

    acts: tuple[str, ...] = ()
    search: Mapping[str, Any] | None = None
    focus: tuple[str, ...] = ()
    question: Mapping[str, Any] | None = None
    plan: Mapping[str, Any] | None = None
    """The arguments of the plan in front of the shopper, so that it can be planned anew."""
    asked: Mapping[str, Any] | None = None
    """The call that opened the confirmation which waits, so that it can be put again."""

    def asks(self, *kinds: str) -> bool:
        return self.question is not None and self.question.get("kind") in kinds

    @property
    def last_act(self) -> str | None:
        return self.acts[-1] if self.acts else None

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = {"acts": list(self.acts)}
        if self.search is not None:
            found["search"] = dict(self.search)
        if self.focus:
            found["focus"] = list(self.focus)
        if self.question is not None:
            found["question"] = dict(self.question)
        if self.plan is not None:
            found["plan"] = dict(self.plan)
        if self.asked is not None:
            found["asked"] = dict(self.asked)
        return found

    @classmethod
    def of_record(cls, record: object) -> "Memory":
        """Reads what an earlier answer carried; anything odd is forgotten."""
        if not isinstance(record, Mapping):
            return cls()
        return cls(
            acts=tuple(str(act) for act in _list(record.get("acts"))),
            search=_mapping(record.get("search")),
            focus=tuple(str(one) for one in _list(record.get("focus"))),
            question=_mapping(record.get("question")),
            plan=_mapping(record.get("plan")),
            asked=_mapping(record.get("asked")),
        )


@dataclass(frozen=True)
class Said:
    """What an act of this turn leaves in memory."""

    search: Mapping[str, Any] | None = None
    focus: tuple[str, ...] = ()
    question: Mapping[str, Any] | None = None
    lines: list[str] = field(default_factory=list)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) and value else None
