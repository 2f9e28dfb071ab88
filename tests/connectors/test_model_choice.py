import re

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.providers.opening import open_minds
from connectors.model_choice import ModelChoice
from connectors.settings import load_settings
from connectors.vendor_keys import VendorKeys, parse_server_keys
from connectors.wiring import model_options
from knowledge.errors import InvalidInput
from tests.stand_ins.model_server import Reply
from tests.stand_ins.openai_server import OpenAiServer

LOCAL = "http://localhost:11434/v1"


def choice(
    named: str | None = None,
    *,
    openai_key: str | None = None,
    gemini_key: str | None = None,
    base_url: str | None = None,
    openai_base_url: str | None = None,
    servers: str = "",
) -> ModelChoice:
    keys = VendorKeys(openai_key, gemini_key, parse_server_keys(servers), openai_base_url)
    return ModelChoice(named, keys, base_url)


def test_a_key_brings_its_vendors_model_with_the_offline_one_behind_it() -> None:
    assert [one.provider for one in choice(openai_key="k").chain] == ["openai-responses", "offline"]
    assert [one.provider for one in choice(gemini_key="k").chain] == ["google", "offline"]
    assert [one.provider for one in choice().chain] == ["offline"]


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        (choice("google:g,openai:gpt-5,offline", gemini_key="k"), "openai:gpt-5.*OPENAI_API_KEY"),
        (choice("openai-responses:o4"), "openai-responses:o4.*OPENAI_API_KEY"),
        (choice("openai:o4@https://api.openai.com/v1"), "openai:o4.*OPENAI_API_KEY"),
        (choice("openai:gpt-5,google:g", openai_key="k"), "google:g.*GEMINI_API_KEY"),
        (choice("openai:gpt-5,openai-compatible:llama", openai_key="k"), "llama.*MODEL_BASE_URL"),
        (
            choice("openai:a,google:b", openai_key="k", gemini_key="k", base_url=LOCAL),
            "several models",
        ),
    ],
)
def test_what_a_link_lacks_is_named_with_the_link(made: ModelChoice, missing: str) -> None:
    problem = made.problem()

    assert problem is not None
    assert re.search(missing, problem)


def test_the_base_url_is_the_compatible_servers() -> None:
    made = choice("openai:gpt-5,openai-compatible:llama,offline", openai_key="k", base_url=LOCAL)
    openai, llama, offline = made.chain

    assert made.problem() is None
    assert [made.address_of(one) for one in (openai, llama, offline)] == [None, LOCAL, None]


def test_each_link_may_have_an_address_of_its_own() -> None:
    made = choice(f"openai-compatible:a@{LOCAL},openai-compatible:b@http://other/v1")

    assert [made.address_of(one) for one in made.chain] == [LOCAL, "http://other/v1"]
    assert made.problem() is None


@pytest.mark.parametrize(
    ("link", "base_url", "key"),
    [
        ("openai:gpt-5", None, "openai"),
        ("openai:gpt-5@https://eu.api.openai.com/v1", None, "openai"),
        ("openai-compatible:gpt-5@https://api.openai.com/v1", None, "openai"),
        ("openai-compatible:g@https://generativelanguage.googleapis.com/v1beta", None, "google"),
        ("google:g", None, "google"),
        # Nobody else is given a vendor's key, however the address is written.
        (f"openai:gpt-5@{LOCAL}", None, None),
        (f"openai-compatible:llama@{LOCAL}", None, None),
        ("openai:gpt-5", LOCAL, None),
        ("google:g", LOCAL, None),
        ("google:g@https://api.openai.com/v1", None, "openai"),
        ("openai:gpt-5@http://api.openai.com/v1", None, None),
        ("openai:gpt-5@https://api.openai.com.example/v1", None, None),
        ("openai:gpt-5@https://notapi.openai.com/v1", None, None),
        ("google:g@https://googleapis.com.example", None, None),
        # A server's own key goes to that host, and to that port where it names one.
        ("openai-compatible:m@https://api.mistral.example/v1", None, "mistral"),
        ("openai:m@https://API.mistral.example:8443/v1", None, "mistral"),
        ("openai-compatible:m@http://10.0.0.7:8001/v1", None, "gpu"),
        ("openai-compatible:m@http://10.0.0.7:8002/v1", None, None),
        # What stands in OpenAI's place is set beside its key.
        ("openai:gpt-5@https://proxy.example/v1", None, "openai"),
    ],
)
def test_a_key_goes_to_its_own_server_alone(
    link: str, base_url: str | None, key: str | None
) -> None:
    made = choice(
        link,
        openai_key="openai",
        gemini_key="google",
        base_url=base_url,
        openai_base_url="https://proxy.example/v1" if "proxy" in link else None,
        servers="api.mistral.example=mistral, 10.0.0.7:8001=gpu",
    )

    assert made.key_of(made.chain[0]) == key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("api.example", "Entry 1"),
        ("a=b,=hunter2", "Entry 2"),
        ("https://a/v1=hunter2", "Entry 1"),
        ("a=hun ter2", "Entry 1"),
        ("a=b,a=hunter2", "two keys"),
        ("a=hunter2,", "Entry 2"),
    ],
)
def test_a_slip_among_the_keys_is_told_without_the_keys(written: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        parse_server_keys(written)

    assert "ter2" not in str(refused.value)


async def test_each_server_of_a_chain_is_sent_its_own_key_or_none() -> None:
    with OpenAiServer(Reply("OK")) as first, OpenAiServer(Reply("OK")) as second:
        settings = load_settings(
            openai_api_key="sk-own",
            model=f"openai-compatible:m@{first.base_url},openai:m@{second.base_url}",
            model_keys=f"127.0.0.1:{first.port}=first",
        )
        minds = open_minds(settings.models.chain, model_options(settings))
        for mind in minds:
            await mind.model.ainvoke([SystemMessage("Be short."), HumanMessage("hi")])
        await minds.close()

    sent = [server.asked[0].headers["authorization"] for server in (first, second)]
    assert sent == ["Bearer first", "Bearer none"]


def test_servers_of_one_name_are_told_apart() -> None:
    settings = load_settings(
        model="openai-compatible:m@http://a/v1,openai-compatible:m@http://b:8/v1,openai-compatible:n@http://b/v1"
    )

    minds = open_minds(settings.models.chain, model_options(settings))

    assert [mind.title for mind in minds] == [
        "openai-compatible:m@a",
        "openai-compatible:m@b:8",
        "openai-compatible:n",
    ]


def test_the_chain_is_told_without_secrets() -> None:
    made = choice("openai:llama@http://me:pass@host/v1,offline", openai_key="secret")

    assert (
        made.in_words()
        == "openai:llama at http://host/v1, no key, then offline (named by SMARTCART_MODEL)"
    )
