"""Opens the chat model a shop is set to: offline, OpenAI, Gemini, or any compatible server."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies

from langchain_core.language_models import BaseChatModel

from knowledge.errors import InvalidInput

# Servers of our own or a neighbour's (Ollama, vLLM, llama.cpp) ask for no key; the SDK does.
_NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How to reach a model. ``base_url`` names a compatible server, or a stand-in for a vendor."""

    api_key: str | None = None
    base_url: str | None = None
    timeout: float = 30.0
    max_retries: int = 1
    use_responses_api: bool = False
    stream_usage: bool = False
    temperature: float | None = None


def build_model(
    spec: str,
    options: ModelOptions | None = None,
    *,
    vocabulary: Callable[[], Any] | None = None,
) -> BaseChatModel:
    """Open ``offline``, ``openai:NAME``, ``google:NAME`` or ``openai-compatible:NAME``.

    ``vocabulary`` gives the offline model the words of the catalog as it is now.
    """
    options = options or ModelOptions()
    provider, _, name = spec.partition(":")
    match provider:
        case "offline":
            if vocabulary is None:
                raise InvalidInput("The offline model needs the words of the catalog.")
            return _offline(vocabulary)
        case "openai" | "openai-compatible" if name:
            if provider == "openai-compatible" and options.base_url is None:
                raise InvalidInput("A compatible server needs the address it answers at.")
            return _openai(name, options)
        case "google" | "gemini" if name:
            return _google(name, options)
    raise InvalidInput(f"{spec!r} is no model: use offline, openai:NAME or google:NAME.")


def _offline(vocabulary: Callable[[], Any]) -> BaseChatModel:
    from assistant.offline.model import OfflineModel  # noqa: PLC0415 - only when it is the model

    return OfflineModel(lexicon_source=vocabulary)


def _openai(name: str, options: ModelOptions) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415 - heavy, only when used

    if options.api_key is None and options.base_url is None:
        raise InvalidInput("OpenAI needs an API key.")
    return ChatOpenAI(
        model=name,
        api_key=lambda: options.api_key or _NO_KEY,
        # Given explicitly, so that no environment variable redirects a shop's talk unseen.
        base_url=options.base_url or "https://api.openai.com/v1",
        timeout=options.timeout,
        max_retries=options.max_retries,
        # LangChain would choose by the model's name; compatible servers speak only this one.
        use_responses_api=options.use_responses_api,
        stream_usage=options.stream_usage,
        temperature=options.temperature,
    )


def _google(name: str, options: ModelOptions) -> BaseChatModel:
    from langchain_google_genai import ChatGoogleGenerativeAI  # noqa: PLC0415 - heavy, only here

    if options.api_key is None:
        raise InvalidInput("Gemini needs an API key.")
    settings: dict[str, Any] = {}
    if not getproxies():
        # Google's client takes aiohttp where some other package brought it; httpx is what it
        # is tested with. Naming a transport keeps it there, but would go around a proxy.
        settings["client_args"] = {"transport": _shared_transport()}
    if options.temperature is not None:
        settings["temperature"] = options.temperature
    return ChatGoogleGenerativeAI(
        model=name,
        google_api_key=options.api_key,
        base_url=options.base_url,
        timeout=options.timeout,
        max_retries=options.max_retries + 1,  # it counts tries
        **settings,
    )


def _shared_transport() -> Any:  # noqa: ANN401 - its class is made on first use
    from httpx import AsyncHTTPTransport  # noqa: PLC0415 - only with Google's client

    class SharedTransport(AsyncHTTPTransport):
        def close(self) -> None:
            """Do nothing: the synchronous client, which we never use, is given it, too."""

    return SharedTransport()


async def close_model(model: BaseChatModel) -> None:
    """Close the connections a vendor's client keeps open; LangChain has no call for it."""
    openai = getattr(model, "root_async_client", None)
    if openai is not None:
        await openai.close()
    google = getattr(getattr(model, "client", None), "aio", None)
    if google is not None:
        await google.aclose()
