"""What is kept of turns that a model is not given word by word any more."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

MOST_PRODUCTS = 25
MOST = 12
LONGEST = 160


class SummaryPart(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class NotedProduct(SummaryPart):
    """``title`` and ``size`` are the record's own."""

    id: str
    title: str = ""
    size: str | None = None
    why: str = ""


class Said(SummaryPart):
    """A diet or an allergen as it was said, and for whom; "me" is the shopper."""

    what: str
    who: str = "me"


class Constraints(SummaryPart):
    budget: str | None = None
    diets: list[Said] = []
    allergens: list[Said] = []


class Summary(SummaryPart):
    """Has no prices: what is said of money are the shopper's own words."""

    wishes: list[str] = []
    decided: list[str] = []
    products: list[NotedProduct] = []
    constraints: Constraints = Constraints()
    open_questions: list[str] = []
    tone: str | None = None
    language: str | None = None

    def written(self) -> str:
        """As it is kept, and as a model reads it."""
        return self.model_dump_json(exclude_defaults=True)


def read_summary(text: str | None) -> Summary:
    """Of what is kept; anything unreadable is as good as none."""
    if not text:
        return Summary()
    try:
        return Summary.model_validate_json(text)
    except ValidationError:
        return Summary()


def summary_of(answer: str) -> Summary | None:
    """What a model answered, also within a fence or between words; None when it is no summary."""
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return Summary.model_validate_json(answer[start : end + 1])
    except ValidationError:
        return None


def latest(items: list[Any], most: int = MOST) -> list[Any]:
    """Each once, where it was said last; the newest of too many."""
    return list(reversed(dict.fromkeys(reversed(items))))[-most:]
