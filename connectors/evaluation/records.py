"""What a run of cases left behind, in the shape it is saved in."""

from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import InvalidInput


class Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolRecord(Record):
    """``result`` is what the model was told, in short."""

    name: str
    arguments: dict[str, Any]
    result: str
    ok: bool


class CallRecord(Record):
    """One call of a vendor's model. ``cost_micros`` is None where no price is known."""

    provider: str
    model: str
    purpose: str
    outcome: str
    latency_ms: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_micros: int | None

    @property
    def name(self) -> str:
        return f"{self.provider}:{self.model}"


class TurnRecord(Record):
    """``why`` says what was not as expected. Cart and budget are those after the turn."""

    turn_id: str
    said: str
    text: str
    outcome: str
    model: str | None
    seconds: float
    tools: list[ToolRecord] = []
    blocks: list[str] = []
    cart: list[str] = []
    total: str | None = None
    budget: str | None = None
    confirmation: str | None = None
    calls: list[CallRecord] = []
    why: list[str] = []

    @property
    def answered_by(self) -> str:
        """The model that had the last word; the offline one is not called like a vendor's."""
        answering = [call.name for call in self.calls if call.purpose != "summary"]
        return answering[-1] if answering and self.model != "offline" else self.model or "no model"


class CaseRecord(Record):
    """One repetition of a case. ``broken`` says why it could not be begun or gone on with."""

    id: str
    kind: str
    planned: int
    """How many turns it has."""
    tags: list[str] = []
    repetition: int = 1
    turns: list[TurnRecord] = []
    broken: str | None = None

    @property
    def passed(self) -> bool:
        return self.broken is None and not any(turn.why for turn in self.turns)


class RunRecord(Record):
    """``cases`` holds every repetition, those of one case next to each other."""

    version: int = 1
    started_at: datetime
    seconds: float
    model: str
    variant: str | None = None
    prompts: list[str] = []
    """Digests of the prompts that were used."""
    repeat: int = 1
    parallel: int = 1
    cases: list[CaseRecord]

    def by_case(self) -> dict[str, list[CaseRecord]]:
        found: dict[str, list[CaseRecord]] = {}
        for case in self.cases:
            found.setdefault(case.id, []).append(case)
        return found

    def save(self, file: Path) -> None:
        file.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, file: Path) -> Self:
        """Raises ``InvalidInput`` for a file that is none of ours."""
        try:
            return cls.model_validate_json(file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{file} cannot be read: {error}") from None
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the file"
            raise InvalidInput(f"{file} is no saved run: {place}: {first['msg']}") from None
