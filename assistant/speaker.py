"""Between the model and the shopper: lets through only sentences that the gate has checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage

from assistant.grounding.facts import Facts
from assistant.grounding.gate import Gate
from assistant.grounding.sentences import SentenceSplitter
from assistant.safety.echoes import claims_in, without
from assistant.safety.prompt_guard import PromptGuard
from assistant.safety.taming import as_seen, keepable
from assistant.streaming import EventWriter
from prompts import load_wording
from tools.blocks import Block, ConfirmationBlock
from tools.runner import Outcome, dump_blocks

_BEFORE_BREAK = re.compile(r"[ \t]+(?=\n)")
_OUR_RULES = "this tells what your instructions or the state say; answer the shopper instead"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A sentence that was not let through, and why."""

    sentence: str
    why: str


@dataclass(slots=True)
class Speaker:
    """Listens to one turn. ``said`` is what the shopper has been shown of the text."""

    writer: EventWriter
    facts: Facts
    said: list[str] = field(default_factory=list)
    stopped: Stopped | None = None
    stops: int = 0
    """How many sentences were not let through."""
    _splitter: SentenceSplitter = field(default_factory=SentenceSplitter)
    _begun: int = 0
    """Where in ``said`` the message begins that is being said."""
    _guard: PromptGuard = field(default_factory=PromptGuard)
    _claims: dict[str, list[str]] = field(default_factory=dict)
    """What calls under way claim by themselves, by call id."""

    def text(self, text: str) -> None:
        for sentence in self._splitter.feed(keepable(text)):
            self._say(sentence)

    def message_ended(self, message: AIMessage) -> None:
        for sentence in self._splitter.flush():
            self._say(sentence)
        self.writer.end_text()
        if self.said and not self.said[-1].endswith("\n"):
            self.said.append("\n\n")
        self._begun = len(self.said)
        if message.tool_calls:
            # What was stopped was said before asking the shop; the answer comes afterwards.
            self.stopped = None

    def broke_off(self) -> str:
        """Forget what nobody has read of a message that will not end; returns what was read."""
        self._splitter = SentenceSplitter()
        self.stopped = None
        return "".join(self.said[self._begun :])

    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None:
        self._claims[call_id] = claims_in(name, arguments)
        self.writer.tool_started(call_id, name, arguments)

    def tool_finished(self, call_id: str, outcome: Outcome) -> None:
        claims = self._claims.pop(call_id, [])
        text = without(claims, outcome.text)
        self.facts.add_result(text, without(claims, dump_blocks(outcome.blocks)))
        if not outcome.ok:
            self.facts.add_words(text, ours=True)
        self.writer.tool_finished(call_id, outcome)

    def try_whole(self, text: str) -> bool:
        """Say a text if all of it passes, else nothing of it."""
        splitter = SentenceSplitter()
        sentences = [*splitter.feed(text), *splitter.flush()]
        for sentence in sentences:
            why = self._why_not(sentence)
            if why is not None:
                self.stopped = Stopped(sentence.strip(), why)
                self.stops += 1
                return False
        self.say_trusted(text)
        return True

    def say_trusted(self, text: str) -> None:
        """Say what our own code wrote from the shop's data."""
        self.stopped = None
        self.writer.text(text)
        self.writer.end_text()
        self.said.extend([text, "\n\n"])
        self._begun = len(self.said)

    def conclude(self, blocks: Sequence[Block], withheld: Sequence[str] = ()) -> None:
        """End with what only code may word: the question a yes would answer, what was not kept."""
        asked = [block.confirmation for block in blocks if isinstance(block, ConfirmationBlock)]
        if asked and asked[-1].text not in self.whole:
            # A model could put a harmless question in front of a yes that places an order.
            self.say_trusted(asked[-1].text)
        if withheld:
            self.say_trusted(withheld_notice(withheld))

    @property
    def whole(self) -> str:
        return _BEFORE_BREAK.sub("", "".join(self.said)).strip()

    def _say(self, sentence: str) -> None:
        if self.stopped is not None:
            return
        why = self._why_not(sentence)
        if why is not None:
            self.stopped = Stopped(sentence.strip(), why)
            self.stops += 1
            return
        self.said.append(sentence)
        self.writer.text(sentence)

    def _why_not(self, sentence: str) -> str | None:
        if self._guard.leaked(sentence):
            return _OUR_RULES
        gate = Gate(self.facts)
        seen = as_seen(sentence)
        return gate.check(sentence) or (gate.check(seen) if seen != sentence else None)


def withheld_notice(kinds: Sequence[str]) -> str:
    """Say once, kindly, what was taken out of a message and why it should not be sent."""
    words = load_wording("apologies")
    named = dict.fromkeys(words[f"withheld_{kind}"] for kind in kinds)
    return str(words["withheld"]).format(what=" and ".join(named))
