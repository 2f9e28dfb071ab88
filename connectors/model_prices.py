"""Reads the lists of what models cost: the one that ships, and the shop's own."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from connectors.settings import Settings
from knowledge.errors import InvalidInput
from knowledge.usage.prices import Price, Prices

SHIPPED = Path(__file__).with_name("model_prices.yaml")


def _free(value: object) -> object:
    """``0`` stands for a server that charges nothing."""
    return {"input": 0} if value == 0 else value


def _exactly(value: object) -> object:
    """A number of YAML is read as it is written, not as the nearest binary fraction."""
    return str(value) if isinstance(value, int | float) else value


_Dollars = Annotated[Decimal, BeforeValidator(_exactly), Field(ge=0)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input: _Dollars
    output: _Dollars = Decimal(0)
    cached: _Dollars | None = None
    until: date | None = None
    then: "_Entry | None" = None

    def price(self) -> Price:
        then = None if self.then is None else self.then.price()
        return Price(self.input, self.output, self.cached, self.until, then)


class _PriceFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    models: dict[
        Annotated[str, Field(pattern=r"^[a-z-]+:\S+$")], Annotated[_Entry, BeforeValidator(_free)]
    ]


def load_prices(settings: Settings) -> Prices:
    """What is known of prices; the shop's own file wins. Raises ``InvalidInput``."""
    known = read_prices(SHIPPED)
    if settings.model_prices is not None:
        known |= read_prices(settings.model_prices)
    return Prices(known)


def read_prices(file: Path) -> dict[str, Price]:
    try:
        read = _PriceFile.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"The prices in {file} cannot be read: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise InvalidInput(f"The prices in {file}: {place}: {problem['msg']}.") from None
    return {name: entry.price() for name, entry in read.models.items()}
