"""Nothing a shop writes holds a secret that a shopper sent by mistake."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.messages import InboundMessage
from assistant.service import Assistant
from connectors.log_redaction import redact_logs
from knowledge.state.connection import SharedState
from tests.calls import Talk
from tests.safety.redis_dump import dump_redis
from tests.stand_ins.scripted import ScriptedChatModel, call, says

PLANTED = {
    "4111111111111111": "my card is 4111 1111 1111 1111, exp 04/29, cvv 737, check out please",
    "737": "",
    "04/29": "",
    "DE89370400440532013000": "refund me to DE89 3704 0044 0532 0130 00",
    "correct-horse-9": "my password is correct-horse-9, can you log in for me?",
    "sk-live-abcdefghijklmnop1234": "use my key sk-live-abcdefghijklmnop1234",
    "123-45-6789": "my ssn is 123-45-6789",
}
TALK = [text for text in PLANTED.values() if text]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a log at its most talkative writes."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    redact_logs()
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def spelt(secret: str) -> set[str]:
    """As it is, and as it was typed."""
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {secret, grouped} if len(secret) > 12 else {secret}


async def test_no_secret_is_kept_anywhere(
    talk: Talk, redis_url: str, written: io.StringIO, tmp_path: Path
) -> None:
    shopper_id = talk.caller.shopper_id
    model = ScriptedChatModel(
        script=[line for _ in TALK for line in (call("get_cart"), says("Let me see."))]
    )
    state = SharedState(redis_url)
    assistant = Assistant(shop=talk.shop, model=model, state=state)
    answers, conversation = [], None
    for number, text in enumerate(TALK):
        logging.getLogger("somebody").warning("got %r", text)
        message = InboundMessage("web", "anna", f"m{number}", text, conversation_id=conversation)
        answer = await assistant.answer(message, shopper_id)
        answers.append(answer)
        conversation = answer.conversation_id
    await assistant.close()
    state.close()

    everything = {
        "log": written.getvalue(),
        "database": _files(tmp_path),
        "redis": dump_redis(redis_url),
        "model": "\n".join(one.text for request in model.requests for one in request),
        "answers": "\n".join(answer.model_dump_json() for answer in answers),
    }
    assert conversation is not None
    assert conversation in everything["database"]
    assert "card number removed" in everything["redis"]
    for place, text in everything.items():
        for secret in PLANTED:
            if secret not in {"737", "04/29"} or place in {"model", "answers"}:
                found = [one for one in spelt(secret) if one in text]
                assert found == [], f"{place} holds {found}"
    for answer in answers:
        assert answer.text.count("Please never send such things in a chat") == 1


def _files(folder: Path) -> str:
    """The database with its log of writes, as the disk has them."""
    return "".join(file.read_bytes().decode("latin-1") for file in sorted(folder.glob("*.db*")))
