from collections.abc import Callable, Iterator

import openai
import pytest
from google.genai import Client, errors, types

from tests.stand_ins.embeddings_server import EmbeddingsServer, vector_of
from tests.stand_ins.model_server import Reply


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as server:
        yield server


@pytest.fixture
def server(running: EmbeddingsServer) -> EmbeddingsServer:
    running.openai.forget()
    running.gemini.forget()
    return running


@pytest.fixture
def ask_openai(server: EmbeddingsServer) -> Callable[[list[str]], list[list[float]]]:
    client = openai.OpenAI(api_key="k", base_url=f"{server.url}/v1", max_retries=0)

    def ask(texts: list[str]) -> list[list[float]]:
        # Without a format of its own the SDK asks for Base64, and reads it.
        answer = client.embeddings.create(model="text-embedding-3-large", input=texts)
        assert answer.usage.prompt_tokens > 0
        return [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]

    return ask


@pytest.fixture
def ask_gemini(server: EmbeddingsServer) -> Callable[[list[str]], list[list[float]]]:
    client = Client(api_key="k", http_options=types.HttpOptions(base_url=server.url))
    wanted = types.EmbedContentConfig(task_type="RETRIEVAL_QUERY", output_dimensionality=4)

    def ask(texts: list[str]) -> list[list[float]]:
        answer = client.models.embed_content(
            model="gemini-embedding-001", contents=list(texts), config=wanted
        )
        return [one.values or [] for one in answer.embeddings or []]

    return ask


def test_openai_is_read_in_base64(ask_openai: Callable[[list[str]], list[list[float]]]) -> None:
    first, second = ask_openai(["oat milk", "soap"])

    assert first == pytest.approx(vector_of("oat milk", 3072), abs=1e-5)
    assert second == pytest.approx(vector_of("soap", 3072), abs=1e-5)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["word " * 9000], "maximum context length is 8192 tokens"),
        (["word " * 6000] * 45, "max 300000 tokens per request"),
        ([""], "input"),
        (["a"] * 2049, "input"),
    ],
)
def test_openai_refuses_what_is_too_much(
    ask_openai: Callable[[list[str]], list[list[float]]], texts: list[str], problem: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=problem):
        ask_openai(texts)


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        (["word " * 2500], "exceeds the maximum"),
        (["a"] * 101, "at most 100 requests"),
    ],
)
def test_gemini_refuses_what_is_too_much(
    ask_gemini: Callable[[list[str]], list[list[float]]], texts: list[str], problem: str
) -> None:
    with pytest.raises(errors.ClientError, match=problem):
        ask_gemini(texts)


def test_gemini_tells_when_to_come_again(
    server: EmbeddingsServer, ask_gemini: Callable[[list[str]], list[list[float]]]
) -> None:
    server.gemini.script.append(Reply(status=429, retry_after=3))

    with pytest.raises(errors.ClientError) as caught:
        ask_gemini(["oat milk"])

    assert caught.value.code == 429
    assert caught.value.details["error"]["details"][0]["retryDelay"] == "3s"
    assert ask_gemini(["oat milk"]) == [pytest.approx(vector_of("oat milk", 4), abs=1e-5)]
