"""Opens the chat models a shop is set to: offline, OpenAI, Gemini, or any compatible server."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from langchain_core.language_models import BaseChatModel

from assistant.providers.context_sizes import context_tokens
from assistant.providers.minds import CallLimits, Habits, Mind, Minds
from assistant.providers.specs import OFFLINE, ModelSpec, parse_spec
from knowledge.errors import InvalidInput

Vocabulary = Callable[[], Any]

# Servers of our own or a neighbour's (Ollama, vLLM, llama.cpp) ask for no key; the SDK does.
_NO_KEY = "none"
# Those think before they answer; what they thought has to come back with their calls.
_THINKS = re.compile(r"(?:o\d|gpt-[5-9](?!.*-chat))")


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How to reach a model. ``base_url`` names a compatible server, or a stand-in for a vendor.

    ``retries`` is how often a failed call is made again; the SDKs themselves never do.
    """

    api_key: str | None = None
    base_url: str | None = None
    timeout: float = 30.0
    first_token_timeout: float = 12.0
    retries: int = 1
    context_tokens: int | None = None
    stream_usage: bool = True
    temperature: float | None = None

    @property
    def limits(self) -> CallLimits:
        return CallLimits(self.timeout, self.first_token_timeout, self.retries)


OptionsOf = Callable[[ModelSpec], ModelOptions]


def open_minds(
    specs: Sequence[ModelSpec],
    options: ModelOptions | OptionsOf | None = None,
    vocabulary: Vocabulary | None = None,
) -> Minds:
    """Open every link of a chain, and the offline mind as a spare where the words are given.

    The first link's options tell the limits of all. Raises ``InvalidInput``.
    """
    given = options or ModelOptions()
    options_of: OptionsOf = (lambda _: given) if isinstance(given, ModelOptions) else given
    titles = Counter(spec.title for spec in specs)
    minds = [
        open_mind(spec, options_of(spec), vocabulary, with_place=titles[spec.title] > 1)
        for spec in specs
    ]
    spare = None
    if vocabulary is not None and not any(mind.is_offline for mind in minds):
        spare = open_mind(OFFLINE, options_of(OFFLINE), vocabulary)
    return Minds(minds, spare=spare, limits=options_of(specs[0]).limits)


def open_mind(
    spec: ModelSpec,
    options: ModelOptions,
    vocabulary: Vocabulary | None = None,
    *,
    with_place: bool = False,
) -> Mind:
    """``with_place`` tells it from another of the same name. Raises ``InvalidInput``."""
    address = spec.address or options.base_url or ""
    known = context_tokens(spec, elsewhere=bool(address))
    return Mind(
        spec,
        build_model(spec, options, vocabulary=vocabulary),
        spec.name or spec.provider,
        spec.provider,
        known if spec.is_offline else options.context_tokens or known,
        spec.is_offline,
        # Some servers' templates begin a thought that they do not mark; vendors' own never do.
        habits=Habits(suspected=spec.provider == "openai-compatible"),
        place=urlsplit(address).netloc.rpartition("@")[2] if with_place else "",
    )


def build_model(
    spec: ModelSpec | str,
    options: ModelOptions | None = None,
    *,
    vocabulary: Vocabulary | None = None,
) -> BaseChatModel:
    """Open one model. ``vocabulary`` gives the offline one the words of the catalog as it is now.

    Raises ``InvalidInput``.
    """
    spec = parse_spec(spec) if isinstance(spec, str) else spec
    options = options or ModelOptions()
    match spec.provider:
        case "offline":
            if vocabulary is None:
                raise InvalidInput("The offline model needs the words of the catalog.")
            return _offline(vocabulary)
        case "google":
            return _google(spec, options)
        case _:
            return _openai(spec, options)


def _offline(vocabulary: Vocabulary) -> BaseChatModel:
    from assistant.offline.model import OfflineModel  # noqa: PLC0415 - only when it is the model

    return OfflineModel(lexicon_source=vocabulary)


def _openai(spec: ModelSpec, options: ModelOptions) -> BaseChatModel:
    from assistant.providers.tolerant_chat import TolerantChat  # noqa: PLC0415 - heavy

    address = spec.address or options.base_url
    if address is None and spec.provider == "openai-compatible":
        raise InvalidInput(f"{spec} needs the address its server answers at.")
    if address is None and options.api_key is None:
        raise InvalidInput(f"{spec} needs an API key of OpenAI.")
    responses = spec.provider == "openai-responses"
    settings: dict[str, Any] = {}
    if responses:
        # Nothing of a talk is to stay with the vendor, so what it thought rides in our messages.
        settings["store"] = False
        settings["output_version"] = "responses/v1"
        if _THINKS.match(spec.name):
            settings["include"] = ["reasoning.encrypted_content"]
    return TolerantChat(
        model=spec.name,
        api_key=lambda: options.api_key or _NO_KEY,
        # Given explicitly, so that no environment variable redirects a shop's talk unseen.
        base_url=address or "https://api.openai.com/v1",
        timeout=options.timeout,
        http_async_client=_connections(options.timeout),
        max_retries=0,
        # Ours watch the silence between chunks, too, without a task for each.
        stream_chunk_timeout=None,
        # LangChain would choose by the model's name; compatible servers speak only the first.
        use_responses_api=responses,
        stream_usage=options.stream_usage,
        temperature=options.temperature,
        **settings,
    )


def _connections(timeout: float) -> Any:  # noqa: ANN401 - the SDK's own library for HTTP
    """LangChain would share one client by address, and closing one model would close others."""
    from httpx2 import AsyncClient, Limits  # noqa: PLC0415 - comes with the client

    return AsyncClient(
        timeout=timeout,
        limits=Limits(max_connections=1000, max_keepalive_connections=100),
        follow_redirects=True,
    )


def _google(spec: ModelSpec, options: ModelOptions) -> BaseChatModel:
    from langchain_google_genai import ChatGoogleGenerativeAI  # noqa: PLC0415 - heavy, only here

    address = spec.address or options.base_url
    if address is None and options.api_key is None:
        raise InvalidInput(f"{spec} needs an API key of Gemini.")
    # Google's client takes aiohttp where some other package brought it; httpx is what it
    # is tested with. Naming a transport keeps it there, but would go around a proxy.
    settings: dict[str, Any] = {}
    if not getproxies():
        settings["client_args"] = {"transport": _shared_transport()}
    if options.temperature is not None:
        settings["temperature"] = options.temperature
    return ChatGoogleGenerativeAI(
        model=spec.name,
        google_api_key=options.api_key or _NO_KEY,
        base_url=address,
        timeout=options.timeout,
        max_retries=1,  # it counts tries
        **settings,
    )


def _shared_transport() -> Any:  # noqa: ANN401 - its class is made on first use
    """With as many streams at once as with OpenAI; the client's own bound is a hundred."""
    from httpx import AsyncHTTPTransport, Limits  # noqa: PLC0415 - only with Google's client

    class SharedTransport(AsyncHTTPTransport):
        def close(self) -> None:
            """Do nothing: the synchronous client, which we never use, is given it, too."""

    return SharedTransport(limits=Limits(max_connections=1000, max_keepalive_connections=100))
