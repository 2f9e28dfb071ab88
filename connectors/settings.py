"""Settings: the only reader of the environment and of the `.env` file."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

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

from connectors.embedding_choice import EmbeddingChoice, readable_embeddings
from connectors.mail.mail_server import MailServer
from connectors.model_choice import ModelChoice, readable_chain
from connectors.order_export.signing import read_secret
from connectors.setting_values import (
    existing,
    known_zone,
    listed,
    readable,
    usable_prompts,
    web_address,
    week_day,
)
from connectors.vendor_keys import VendorKeys, parse_server_keys, readable_keys
from knowledge.errors import InvalidInput
from knowledge.profile import ShopProfile

PREFIX = "SMARTCART_"


class InvalidSettings(InvalidInput):
    """A setting cannot be used; the message names it and says why, in one line."""


def _vendor(name: str, *others: str) -> AliasChoices:
    """Our own name first, then the ones the vendor's documentation uses."""
    return AliasChoices(PREFIX + name, name, *others)


def _secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


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

    model: Annotated[str, AfterValidator(readable_chain)] | None = Field(
        None,
        description="offline, openai:NAME, openai-responses:NAME, google:NAME or"
        " openai-compatible:NAME@URL; several with commas are asked one after the other;"
        " unset: by the key at hand with offline behind it, else offline",
    )
    model_base_url: str | None = Field(
        None,
        pattern=r"^https?://",
        description="http URL of the model's server, such as http://localhost:11434/v1; in a chain"
        " of several vendors write it behind the name instead: openai-compatible:NAME@URL",
    )
    openai_base_url: str | None = Field(
        None,
        pattern=r"^https?://",
        validation_alias=_vendor("OPENAI_BASE_URL"),
        description="http URL used instead of OpenAI's where MODEL_BASE_URL names none",
    )
    model_timeout: float = Field(
        30.0, gt=0, le=600, description="seconds to wait for one answer of a model"
    )
    model_first_token_timeout: float = Field(
        12.0, gt=0, le=600, description="seconds a model may be silent, at first or in between"
    )
    model_retries: int = Field(
        1, ge=0, le=5, description="how often a model that is busy or down is asked again"
    )
    model_context: int | None = Field(
        None,
        ge=2_000,
        description="tokens the model can read; unset: as known of it. Small ones get fewer tools",
    )
    model_prices: Annotated[Path, AfterValidator(existing)] | None = Field(
        None, description="YAML file of prices per million tokens; unset: those known here"
    )
    daily_cost: Decimal | None = Field(
        None, ge=0, description="US dollars a day for models; then the offline model takes over"
    )
    shopper_daily_turns: int | None = Field(
        None, ge=1, description="messages a day a shopper may send to a vendor's model; unset: any"
    )
    shopper_daily_tokens: int | None = Field(
        None, ge=1000, description="tokens a day a shopper may use of vendors' models; unset: any"
    )
    embeddings: Annotated[str, AfterValidator(readable_embeddings)] = Field(
        "builtin",
        description="builtin, openai:NAME or google:NAME: what makes search vectors; several with"
        " commas, such as openai:text-embedding-3-small,builtin, stand in for each other",
    )
    embeddings_per_minute: int = Field(
        0, ge=0, description="requests a minute to the vendor of search vectors; 0: any"
    )
    openai_api_key: SecretStr | None = Field(
        None, validation_alias=_vendor("OPENAI_API_KEY"), description="key of an OpenAI account"
    )
    gemini_api_key: SecretStr | None = Field(
        None,
        validation_alias=_vendor("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        description="key of Google AI Studio",
    )
    model_keys: Annotated[SecretStr, AfterValidator(readable_keys)] | None = Field(
        None,
        description="keys of other servers, HOST=KEY with commas, such as api.mistral.ai=KEY;"
        " OpenAI's and Google's keys are sent to nobody else",
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
    timezone: Annotated[str, AfterValidator(known_zone)] = Field(
        "UTC", description="time zone of the shop, such as America/New_York"
    )
    week_start: Annotated[int, BeforeValidator(week_day), Field(ge=0, le=6)] = Field(
        0, description="day a weekly budget starts on: a day's name, or 0 (Monday) to 6"
    )
    units: Literal["metric", "us"] = Field("metric", description="metric or us")
    catalog: Annotated[Path, AfterValidator(existing)] | None = Field(
        None,
        description="JSONL or CSV file of products; unset: what the shop has, at first the sample",
    )
    policies: Annotated[Path, AfterValidator(existing)] | None = Field(
        None, description="folder of Markdown files with the shop's policies; unset: the sample's"
    )
    fulfilment: Annotated[Path, AfterValidator(existing)] | None = Field(
        None,
        description="YAML file of delivery zones, time slots, pickup and tax; unset: the sample's,"
        " with an own catalog none",
    )
    recipes: Annotated[Path, AfterValidator(existing)] | None = Field(
        None, description="YAML file of recipes, see docs/recipes.md; unset: the sample's"
    )
    prompts: Annotated[Path, AfterValidator(usable_prompts)] | None = Field(
        None, description="folder of prompts that win over ours, see docs/prompts.md; unset: ours"
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
    order_webhook_url: Annotated[SecretStr | None, AfterValidator(web_address)] = Field(
        None,
        description="http URL of the owner's system that is told of orders; unset: none is",
    )
    order_webhook_secret: SecretStr | None = Field(
        None,
        description="secret that signs what is told: whsec_ and 24 to 64 bytes in base64",
    )

    retention_days: int = Field(
        365, ge=0, le=36500, description="days a talk is kept after its last message; 0: for ever"
    )
    metrics_token: SecretStr | None = Field(
        None, description="token that /metrics asks for; unset: only this machine may read it"
    )
    otlp_endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="http URL of an OpenTelemetry collector, such as http://localhost:4318;"
        " unset: no traces",
    )
    trace_texts: bool = Field(
        False,  # noqa: FBT003 - a default, as everywhere here
        description="true lets traces carry what shoppers and models say",
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
    cors_origins: Annotated[list[str], NoDecode, BeforeValidator(listed)] = Field(
        [], description="origins of other sites whose pages may call the API, with commas"
    )

    @model_validator(mode="after")
    def _keys_go_with_the_choices(self) -> Self:
        problem = self.models.problem()
        if problem is not None:
            raise ValueError(problem)
        problem = self.embedding_choice.problem()
        if problem is not None:
            raise ValueError(problem)
        return self

    @model_validator(mode="after")
    def _what_is_sent_is_sent_safely(self) -> Self:
        if self.mail_url is not None:
            readable(MailServer.parse, self.mail_url)
            if self.mail_from is None:
                message = "MAIL_URL is set, but MAIL_FROM is not"
                raise ValueError(message)
        if self.order_webhook_secret is not None:
            readable(read_secret, self.order_webhook_secret)
        elif self.order_webhook_url is not None:
            message = "ORDER_WEBHOOK_URL is set, but ORDER_WEBHOOK_SECRET is not"
            raise ValueError(message)
        return self

    @property
    def mail_sender(self) -> str:
        """Who mails come from; nobody can answer a shop that named none."""
        return self.mail_from or f"{self.shop_name} <orders@localhost>"

    @property
    def vendor_keys(self) -> VendorKeys:
        return VendorKeys(
            openai=_secret(self.openai_api_key),
            google=_secret(self.gemini_api_key),
            servers=parse_server_keys(_secret(self.model_keys)),
            openai_base_url=self.openai_base_url,
        )

    @property
    def models(self) -> ModelChoice:
        return ModelChoice(self.model, self.vendor_keys, self.model_base_url)

    @property
    def embedding_choice(self) -> EmbeddingChoice:
        """What makes search vectors, with what it takes to reach it."""
        return EmbeddingChoice(self.embeddings, self.vendor_keys, self.embeddings_per_minute)

    @property
    def model_spec(self) -> str:
        """The chain of models in use, as SMARTCART_MODEL would name it."""
        return ",".join(map(str, self.models.chain))

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
            retention_days=self.retention_days,
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
