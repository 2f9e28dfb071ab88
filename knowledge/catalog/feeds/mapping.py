"""The mapping file: an owner's own words for which column of a table means what."""

import codecs
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from knowledge.catalog.record import NUTRITION_FIELDS, OBJECT_FIELDS, PRODUCT_FIELDS
from knowledge.errors import InvalidInput

_MAX_BYTES = 100_000
_REQUIRED = ("id", "title", "price")
PLACE = re.compile(r"\{([^{}]+)\}")


class InvalidMapping(InvalidInput):
    """A mapping file that cannot be used; the message says what to change."""


class ColumnMapping(BaseModel):
    """What a column of ours is made of; see docs/feeds.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: dict[str, str] = Field(min_length=1)
    """Our field: a column, a template such as "{brand} {name}", or a constant such as "=each"."""
    values: dict[str, dict[str, str | None]] = {}
    """Our field: what its cells stand for, ignoring case; null makes them unknown."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: str = "utf-8"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    decimal_comma: bool | None = None
    list_separator: Annotated[str, Field(min_length=1, max_length=8)] = "|"
    category_separator: Annotated[str, Field(min_length=1, max_length=8)] = ">"
    none_words: list[str] = ["[]"]
    """Cells of a list that declare it to be empty, such as "none"."""
    other_columns: Literal["ignore", "attributes"] | list[str] = "ignore"
    """Columns no field uses: left out, all into attributes, or those named."""

    @field_validator("fields", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(value, dict):
            return value
        return {
            name: f"={one}" if isinstance(one, int | float) and not isinstance(one, bool) else one
            for name, one in value.items()
        }

    @model_validator(mode="after")
    def _usable(self) -> Self:
        missing = [name for name in _REQUIRED if name not in self.fields]
        if missing:
            raise ValueError(f"fields: say where {', '.join(missing)} comes from")
        for name in self.fields:
            if not is_field(name):
                raise ValueError(f"fields: a product has no {name!r}")
        for name in self.values:
            if name not in self.fields:
                raise ValueError(f"values: {name!r} is not among the fields")
        try:
            text = codecs.lookup(self.encoding)._is_text_encoding  # noqa: SLF001 - the only way to ask
        except LookupError as error:
            raise ValueError(f"encoding: {self.encoding!r} is not known") from error
        if not text:
            raise ValueError(f"encoding: {self.encoding!r} is not one of text")
        return self

    def columns_used(self) -> set[str]:
        used: set[str] = set()
        for text in self.fields.values():
            places = PLACE.findall(text)
            used |= set(places) if places else set() if text.startswith("=") else {text}
        return used


def is_field(name: str) -> bool:
    head, dot, rest = name.partition(".")
    if not dot:
        return name in PRODUCT_FIELDS and name not in OBJECT_FIELDS
    if head == "nutrition":
        return rest in NUTRITION_FIELDS
    return head in OBJECT_FIELDS and bool(rest)


def read_mapping(path: Path) -> ColumnMapping:
    """Read YAML or JSON, which is YAML too. Raises ``InvalidMapping``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidMapping(f"The mapping {path.name} cannot be read: {reason}.") from error
    if len(data) > _MAX_BYTES:
        raise InvalidMapping(f"The mapping {path.name} is larger than {_MAX_BYTES:,} bytes.")
    try:
        document = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 1}, column {place.column + 1})" if place else ""
        raise InvalidMapping(f"The mapping {path.name} is neither YAML nor JSON{where}.") from error
    return to_mapping(document, path.name)


def to_mapping(document: object, name: str = "mapping") -> ColumnMapping:
    """Check one that was read or stored. Raises ``InvalidMapping``."""
    try:
        return ColumnMapping.model_validate(document)
    except ValidationError as error:
        problems = []
        for problem in error.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in problem["loc"])
            said = problem["msg"].removeprefix("Value error, ")
            problems.append(f"{place}: {said}" if place else said)
        raise InvalidMapping(
            f"The mapping {name} cannot be used. {'; '.join(problems)}."
        ) from error
