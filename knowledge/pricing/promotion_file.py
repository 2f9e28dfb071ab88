"""Reads promotions from a YAML file and says plainly what is wrong with one."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from knowledge.errors import InvalidInput
from knowledge.pricing.promotions import Rule

_RULES: TypeAdapter[Rule] = TypeAdapter(Rule)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


Coupon = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z0-9-]{3,32}$")]
Moment = Annotated[datetime, AfterValidator(_aware)]
"""A date means its midnight in UTC."""


class PromotionRecord(BaseModel):
    """One promotion as files and the store hold it; in force from ``starts_at`` until ``ends_at``.

    ``rule`` holds the fields of the rule that ``kind`` names, decimals as text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    kind: Literal["percent_off", "n_for_price"]
    rule: dict[str, Any]
    coupon: Coupon | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    active: bool = True

    @model_validator(mode="before")
    @classmethod
    def _rule_of_its_kind(cls, data: Any) -> Any:  # noqa: ANN401 - not validated yet
        if not isinstance(data, dict) or not isinstance(data.get("rule"), dict):
            return data
        try:
            rule = _RULES.validate_python({**data["rule"], "kind": data.get("kind")})
        except ValidationError as error:
            raise ValueError(f"rule: {_first(error)}") from None
        plain = rule.model_dump(mode="json", exclude={"kind"}, exclude_defaults=True)
        return {**data, "rule": plain}

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("ends_at: is not after starts_at")
        return self


def read_promotions(path: Path) -> list[PromotionRecord]:
    """Read a YAML list of promotions. Raises ``InvalidInput`` naming the first that is wrong."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InvalidInput(f"{path.name} is not a YAML file: {reason}") from None
    if not isinstance(found, list):
        raise InvalidInput(f"{path.name} must hold a list of promotions.")
    records = [_record(data, position, path.name) for position, data in enumerate(found, start=1)]
    for name in ("id", "coupon"):
        given = [value for one in records if (value := getattr(one, name)) is not None]
        if twice := next((value for value in given if given.count(value) > 1), None):
            raise InvalidInput(f"{path.name} uses the {name} {twice!r} twice.")
    return records


def _record(data: object, position: int, file: str) -> PromotionRecord:
    try:
        return PromotionRecord.model_validate(data)
    except ValidationError as error:
        name = data.get("id") if isinstance(data, dict) else None
        which = f"promotion {position}" + (f" ({name})" if name else "")
        raise InvalidInput(f"{file}, {which}: {_first(error)}.") from None


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    text = problem["msg"].removeprefix("Value error, ")
    return f"{field}: {text}" if field else text
