"""Tries every fault a stand-in knows on every vendor's real client, and writes what came of it.

``python -m tests.stand_ins.fault_table`` writes ``faults.md`` anew.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, get_args

from langchain_core.messages import AIMessage

from assistant.providers.failures import failure_of
from connectors.embedders.gemini_embedder import GeminiEmbedder
from connectors.embedders.openai_embedder import OpenAIEmbedder
from connectors.embedders.vendor_embedder import EmbeddingOptions, VendorEmbedder
from knowledge.errors import Unavailable
from tests.stand_ins.conftest import HELLO, Vendor, open_vendor_of
from tests.stand_ins.embedding_vendors import WrongFigures, WrongPlaces
from tests.stand_ins.embeddings_server import EmbeddingsServer
from tests.stand_ins.model_server import Fault, Reply

FILE = Path(__file__).with_name("faults.md")
STATUSES = ("400", "401", "403", "404", "408", "429", "500", "502", "503", "529")
FAULTS: tuple[str, ...] = tuple(fault for fault in get_args(Fault) if fault)
CHAT_KINDS = ("right", *STATUSES, "slow", *FAULTS)
CHAT_VENDORS = ("openai", "responses", "gemini")
# An answer of vectors has neither words nor calls, and says nothing of why it ends.
IN_VECTORS: tuple[str, ...] = (
    "cut before",
    "cut headers",
    "cut",
    "cut finish",
    "stall headers",
    "stall",
)
IN_VECTORS += ("stall finish", "not json", "wrong type", "garbage", "empty")
OF_TALK = tuple(fault for fault in FAULTS if fault not in IN_VECTORS)
FIGURES = tuple(f"figures: {wrong}" for wrong in get_args(WrongFigures) if wrong)
PLACES = tuple(f"places: {wrong}" for wrong in get_args(WrongPlaces) if wrong)
VECTOR_KINDS = ("right", *STATUSES, "slow", *IN_VECTORS, *FIGURES, *PLACES, "too few", "refused")
VECTOR_VENDORS = ("openai", "gemini")

_TEXT = "Here you are, my dear friend."
_CALL = ("look", {"at": "apples"})
_SILENCE = 1.0
Table = dict[str, dict[str, str]]


def chat_table() -> Table:
    with ExitStack() as opened:

        def column(name: str) -> dict[str, str]:
            vendor = open_vendor_of(name, timeout=0.3)
            opened.callback(vendor.server.stop)
            return {kind: _told_by_chat(vendor, kind) for kind in CHAT_KINDS}

        return _turned(CHAT_KINDS, CHAT_VENDORS, column)


def vector_table() -> Table:
    def column(name: str) -> dict[str, str]:
        with EmbeddingsServer() as server:
            return {kind: _told_by_vectors(server, name, kind) for kind in VECTOR_KINDS}

    return _turned(VECTOR_KINDS, VECTOR_VENDORS, column)


def written(chat: Table, vectors: Table) -> str:
    return "\n".join(
        [
            "# What goes wrong at vendors, and what the real clients make of it",
            "",
            "Made by `python -m tests.stand_ins.fault_table`; a test holds it against the wire.",
            "One word is how `assistant.providers.failures` reads the error; else it is what came.",
            "",
            "## Talk, streamed: text and one call were meant",
            "",
            *_lines(chat, CHAT_VENDORS),
            "",
            "## Vectors",
            "",
            f"These cannot be in an answer of vectors: {', '.join(OF_TALK)}.",
            "",
            *_lines(vectors, VECTOR_VENDORS),
            "",
        ]
    )


def _turned(
    kinds: Sequence[str], vendors: Sequence[str], column: Callable[[str], dict[str, str]]
) -> Table:
    with ThreadPoolExecutor(len(vendors)) as threads:
        columns = dict(zip(vendors, threads.map(column, vendors), strict=True))
    return {kind: {vendor: columns[vendor][kind] for vendor in vendors} for kind in kinds}


def _lines(table: Table, vendors: Sequence[str]) -> Iterator[str]:
    yield f"| kind | {' | '.join(vendors)} |"
    yield "|---" * (len(vendors) + 1) + "|"
    for kind, told in table.items():
        yield f"| {kind} | {' | '.join(told[vendor] for vendor in vendors)} |"


def _reply(kind: str, **more: Any) -> Reply:
    if kind in STATUSES:
        return Reply(status=int(kind), **more)
    broken: Any = kind if kind in FAULTS else ""
    slow = kind == "slow" or kind.startswith("stall")
    return Reply(broken=broken, seconds=_SILENCE if slow else 0.0, **more)


def _told_by_chat(vendor: Vendor, kind: str) -> str:
    vendor.forget()
    reply = _reply(kind, text=_TEXT, calls=[_CALL, _CALL] if kind == "same id" else [_CALL])
    try:
        if kind == "endless":
            return _until_left(vendor, reply)
        return _came(vendor.stream(reply))
    except Exception as error:  # noqa: BLE001 - each vendor has its own
        return failure_of(error).outcome


def _until_left(vendor: Vendor, reply: Reply) -> str:
    vendor.says.append(reply)
    said = 0
    for chunk in vendor.model.stream(list(HELLO)):
        said += len(chunk.text)
        if said > 10 * len(_TEXT):
            return "text without end"
    return "text"


def _came(message: AIMessage) -> str:
    told = message.response_metadata
    why = told.get("finish_reason") or (told.get("incomplete_details") or {}).get("reason")
    parts = [_text(message.text)]
    ids = {call["id"] for call in message.tool_calls}
    if message.tool_calls:
        parts.append(f"{len(message.tool_calls)} call(s), {len(ids - {'', None})} id(s)")
    if message.invalid_tool_calls:
        parts.append("a call that cannot be read")
    parts.append(f"ends by {why or told.get('status') or 'nothing'}")
    return ", ".join(parts)


def _text(text: str) -> str:
    if text == _TEXT:
        return "text"
    if "<tool_call>" in text:
        return "a call as text"
    if not text:
        return "no text"
    return "more text" if len(text) > len(_TEXT) else "part of the text"


def _told_by_vectors(server: EmbeddingsServer, name: str, kind: str) -> str:
    vendor = server.openai if name == "openai" else server.gemini
    vendor.forget()
    what, _, wrong = kind.partition(": ")
    if what == "figures":
        vendor.figures = wrong  # type: ignore[assignment]
    elif what == "places":
        if name == "gemini":
            return "has no places: vectors come in order"
        server.openai.places = wrong  # type: ignore[assignment]
    elif kind == "too few":
        vendor.short_by = 1
    elif kind == "refused":
        vendor.refused = {"oat"}
    else:
        vendor.script += [_reply(kind)] * 2
    with closing(_embedder(name, server.url)) as embedder:
        try:
            vectors = embedder.embed_products(["oat milk", "pasta"])
        except Unavailable as error:
            return _kind_of(error)
        return "vectors" if vectors.any(axis=1).all() else "no vector for the text at fault"


def _embedder(name: str, url: str) -> VendorEmbedder:
    given: dict[str, Any] = {"api_key": "k", "dimension": 8, "timeout_seconds": 0.3}
    given["options"] = EmbeddingOptions(retries=0, first_pause=0.001)
    if name == "openai":
        return OpenAIEmbedder(base_url=f"{url}/v1", **given)
    return GeminiEmbedder(base_url=url, **given)


def _kind_of(error: Unavailable) -> str:
    failed = error.__cause__
    failure = getattr(failed, "failure", None)
    return "unavailable" if failure is None else str(failure.outcome)


if __name__ == "__main__":
    FILE.write_text(written(chat_table(), vector_table()), "utf-8")
