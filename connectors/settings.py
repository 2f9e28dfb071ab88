"""Settings: the only reader of the environment and of the `.env` file."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from connectors.mail.mail_server import MailServer
from connectors.order_export.signing import read_secret
from knowledge.errors import InvalidInput
from knowledge.profile import ShopProfile

PREFIX = "SMARTCART_"
DEFAULT_OPENAI_MODEL = "openai:gpt-5.4-mini"
DEFAULT_GOOGLE_MODEL = "google:gemini-3.5-flash"
WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class InvalidSettings(InvalidInput):
    """A setting cannot be used; the message names it and says why, in one line."""


def _vendor(name: str, *others: str) -> AliasChoices:
    """Our own name first, then the ones the vendor's documentation uses."""
    return AliasChoices(PREFIX + name, name, *others)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        message = "not a time zone; use a name such as Europe/Berlin"
        raise ValueError(message)
    return name


def _week_day(value: object) -> object:
    name = str(value).strip().lower()
    if name in WEEK_DAYS:
        return WEEK_DAYS.index(name)
    return value


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _readable(read: Callable[[str], object], secret: SecretStr) -> None:
    """Pydantic shows what a ``ValueError`` says, and nothing of another error."""
    try:
        read(secret.get_secret_value())
    except InvalidInput as error:
        raise ValueError(str(error)) from None


def _web_address(url: SecretStr | None) -> SecretStr | None:
    """The path of such an address is often what lets somebody in; so it is kept as a secret."""
    if url is not None and not re.match(r"https?://[^\s/]", url.get_secret_value()):
        message = "it should begin with https:// or http://"
        raise ValueError(message)
    return url


def _existing(path: Path) -> Path:
    if not path.exists():
        message = f"there is no {path}"
        raise ValueError(message)
    return path


class Settings(BaseSettings):
    """What an operator decides. Each field is the variable ``SMARTCART_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a key in the wrong variable must not land in a log
        populate_by_name=True,
    )

    data_dir: Path = Field(
        Path(".smartcart"), description="folder of everything the shop keeps on this machine"
    )
    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 for all")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 for any free one")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+",
        description="address shoppers reach this shop under, such as https://shop.example",
    )

    database_url: str | None = Field(
        None,
        pattern=r"^(sqlite|postgres(ql)?(\+psycopg2)?)://",
        description="sqlite:/// or postgresql:// URL; unset: SQLite in the data folder",
    )
    redis_url: str | None = Field(
        None,
        pattern=r"^(rediss?|unix)://",
        description="redis://, rediss:// or unix:// URL; unset: a private server",
    )
    chroma_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="http URL of a Chroma server; unset: embedded in the data folder",
    )

    model: str | None = Field(
        None,
        pattern=r"^(offline|(openai|openai-compatible|google|gemini):\S+)$",
        description="offline, openai:NAME, google:NAME or, with a base URL, openai-compatible:NAME;"
        " unset: by the key at hand, else offline",
    )
    model_base_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="http URL of an OpenAI-compatible server, such as http://localhost:11434/v1,"
        " or with google:NAME of one that stands in for Google's",
    )
    openai_base_url: str | None = Field(
        None,
        pattern=r"^https?://",
        validation_alias=_vendor("OPENAI_BASE_URL"),
        description="http URL used instead of OpenAI's where MODEL_BASE_URL names none",
    )
    model_timeout: float = Field(
        30.0, gt=0, le=600, description="seconds to wait for one answer of the model"
    )
    embeddings: str = Field(
        "builtin",
        pattern=r"^(builtin|(openai|google):\S+)$",
        description="builtin, openai:NAME or google:NAME: what makes search vectors",
    )
    openai_api_key: SecretStr | None = Field(
        None, validation_alias=_vendor("OPENAI_API_KEY"), description="key of an OpenAI account"
    )
    gemini_api_key: SecretStr | None = Field(
        None,
        validation_alias=_vendor("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        description="key of Google AI Studio",
    )

    shop_name: str = Field(
        "Greenleaf Market", min_length=1, max_length=80, description="what the shop is called"
    )
    currency: str = Field(
        "USD", pattern=r"^[A-Z]{3}$", description="the shop's one currency, as in ISO 4217: USD"
    )
    locale: str = Field(
        "en-US",
        pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$",
        description="language and region such as en-US",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC", description="time zone of the shop, such as America/New_York"
    )
    week_start: Annotated[int, BeforeValidator(_week_day), Field(ge=0, le=6)] = Field(
        0, description="day a weekly budget starts on: a day's name, or 0 (Monday) to 6"
    )
    units: Literal["metric", "us"] = Field("metric", description="metric or us")
    catalog: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None,
        description="JSONL or CSV file of products; unset: what the shop has, at first the sample",
    )
    policies: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None, description="folder of Markdown files with the shop's policies; unset: the sample's"
    )
    fulfilment: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None,
        description="YAML file of delivery zones, time slots, pickup and tax; unset: the sample's,"
        " with an own catalog none",
    )
    recipes: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None, description="YAML file of recipes, see docs/recipes.md; unset: the sample's"
    )

    feeds_private: bool = Field(
        False,  # noqa: FBT003 - a default, as everywhere here
        description="true lets feeds be pulled from addresses within this network",
    )
    feeds_max_mb: int = Field(
        1024, ge=1, le=65536, description="largest feed that is downloaded, in megabytes"
    )
    enrichment: Literal["off", "open_food_facts"] = Field(
        "off", description="off or open_food_facts: where unknown facts of barcodes come from"
    )
    open_food_facts_url: str = Field(
        "https://world.openfoodfacts.org",
        pattern=r"^https?://[^\s/]+",
        description="http URL of Open Food Facts, or of a server that stands in for it",
    )

    return_days: int = Field(
        30, ge=0, le=3650, description="days after hand-over in which things can be returned"
    )
    mail_url: SecretStr | None = Field(
        None,
        description="smtp://user:password@host:port?starttls=1 or smtps:// URL of a mail server;"
        " unset: mails are written into the data folder",
    )
    mail_from: str | None = Field(
        None,
        pattern=r"^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$",
        description="who mails come from, such as Greenleaf Market <orders@shop.example>",
    )
    order_webhook_url: Annotated[SecretStr | None, AfterValidator(_web_address)] = Field(
        None,
        description="http URL of the owner's system that is told of orders; unset: none is",
    )
    order_webhook_secret: SecretStr | None = Field(
        None,
        description="secret that signs what is told: whsec_ and 24 to 64 bytes in base64",
    )

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: str(v).upper())
    ] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    executor_threads: int = Field(
        16, ge=2, le=256, description="threads for database and search work"
    )
    max_body_bytes: int = Field(
        1_000_000, ge=10_000, le=50_000_000, description="largest request that is read"
    )
    cors_origins: Annotated[list[str], NoDecode, BeforeValidator(_listed)] = Field(
        [], description="origins of other sites whose pages may call the API, with commas"
    )

    @model_validator(mode="after")
    def _keys_go_with_the_choices(self) -> Self:
        if self.model_spec.startswith("openai:") and not (
            self.openai_api_key or self.model_address
        ):
            message = "MODEL names an OpenAI model, but OPENAI_API_KEY is not set"
            raise ValueError(message)
        if self.model_spec.startswith("openai-compatible:") and not self.model_address:
            message = "MODEL names a compatible server, but MODEL_BASE_URL is not set"
            raise ValueError(message)
        if self.model_spec.startswith("google:") and not self.gemini_api_key:
            message = "MODEL names a Gemini model, but GEMINI_API_KEY is not set"
            raise ValueError(message)
        if self.embeddings.startswith("openai:") and not self.openai_api_key:
            message = "EMBEDDINGS uses OpenAI, but OPENAI_API_KEY is not set"
            raise ValueError(message)
        if self.embeddings.startswith("google:") and not self.gemini_api_key:
            message = "EMBEDDINGS uses Google, but GEMINI_API_KEY is not set"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _what_is_sent_is_sent_safely(self) -> Self:
        if self.mail_url is not None:
            _readable(MailServer.parse, self.mail_url)
            if self.mail_from is None:
                message = "MAIL_URL is set, but MAIL_FROM is not"
                raise ValueError(message)
        if self.order_webhook_secret is not None:
            _readable(read_secret, self.order_webhook_secret)
        elif self.order_webhook_url is not None:
            message = "ORDER_WEBHOOK_URL is set, but ORDER_WEBHOOK_SECRET is not"
            raise ValueError(message)
        return self

    @property
    def mail_sender(self) -> str:
        """Who mails come from; nobody can answer a shop that named none."""
        return self.mail_from or f"{self.shop_name} <orders@localhost>"

    @property
    def model_spec(self) -> str:
        """The model in use: the one named, else that of the key at hand, else the offline one."""
        if self.model:
            return self.model.replace("gemini:", "google:", 1)
        if self.openai_api_key:
            return DEFAULT_OPENAI_MODEL
        if self.gemini_api_key:
            return DEFAULT_GOOGLE_MODEL
        return "offline"

    @property
    def model_address(self) -> str | None:
        """Where the model is reached; None is its vendor's own address."""
        if self.model_spec.startswith("google:"):
            return self.model_base_url
        return self.model_base_url or self.openai_base_url

    @property
    def model_reason(self) -> str:
        """Why this model: for `smartcart check` and the lines printed at start."""
        if self.model:
            return "named by SMARTCART_MODEL"
        if self.openai_api_key:
            return "an OpenAI key is set; choose another with SMARTCART_MODEL"
        if self.gemini_api_key:
            return "a Gemini key is set; choose another with SMARTCART_MODEL"
        return "no key is set, none is needed"

    @property
    def database_address(self) -> str:
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.data_dir / 'smartcart.db').resolve()}"

    @property
    def profile(self) -> ShopProfile:
        return ShopProfile(
            name=self.shop_name,
            currency=self.currency,
            locale=self.locale,
            timezone=ZoneInfo(self.timezone),
            week_start=self.week_start,
            units=self.units,
            return_days=self.return_days,
        )

    @classmethod
    def names(cls) -> dict[str, tuple[str, ...]]:
        """Every field with the variables it is read from, ours first."""
        names = {}
        for field, info in cls.model_fields.items():
            alias = info.validation_alias
            choices = alias.choices if isinstance(alias, AliasChoices) else [PREFIX + field.upper()]
            names[field] = tuple(str(choice) for choice in choices)
        return names


def load_settings(**decided: object) -> Settings:
    """Read environment and `.env`; ``decided`` (command line options) wins when not None.

    Raises ``InvalidSettings``.
    """
    chosen = {name: value for name, value in decided.items() if value is not None}
    try:
        return Settings.model_validate(Settings(**chosen))  # type: ignore[arg-type]
    except ValidationError as error:
        raise InvalidSettings(_explain(error)) from None


def unknown_names() -> list[str]:
    """Variables that look like ours and are read by nobody: most often a slip of the finger."""
    known = {name for names in Settings.names().values() for name in names}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def _explain(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_url=False, include_input=False):
        place = str(problem["loc"][0]) if problem["loc"] else ""
        names = Settings.names().get(place)
        name = names[0] if names else place
        said = problem["msg"].removeprefix("Value error, ")
        if problem["type"] in {"string_pattern_mismatch", "literal_error"}:
            said = f"should be {Settings.model_fields[place].description}"
        problems.append(f"{name}: {said}" if name else f"{PREFIX}{said}")
    return "Bad setting. " + "; ".join(problems)
