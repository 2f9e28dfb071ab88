"""Between the model and the shopper: lets through only sentences that the gate has checked."""

import re
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage

from assistant.facts import Facts
from assistant.grounding import Gate
from assistant.sentences import SentenceSplitter
from assistant.streaming import EventWriter
from tools.runner import Outcome, dump_blocks

_BEFORE_BREAK = re.compile(r"[ \t]+(?=\n)")


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
    _splitter: SentenceSplitter = field(default_factory=SentenceSplitter)

    def text(self, text: str) -> None:
        for sentence in self._splitter.feed(text):
            self._say(sentence)

    def message_ended(self, message: AIMessage) -> None:
        for sentence in self._splitter.flush():
            self._say(sentence)
        self.writer.end_text()
        if self.said and not self.said[-1].endswith("\n"):
            self.said.append("\n\n")
        if message.tool_calls:
            # What was stopped was said before asking the shop; the answer comes afterwards.
            self.stopped = None

    def tool_started(self, call_id: str, name: str, arguments: dict[str, Any]) -> None:
        self.writer.tool_started(call_id, name, arguments)

    def tool_finished(self, call_id: str, outcome: Outcome) -> None:
        self.facts.add_result(outcome.text, dump_blocks(outcome.blocks))
        if not outcome.ok:
            self.facts.add_words(outcome.text, ours=True)
        self.writer.tool_finished(call_id, outcome)

    def try_whole(self, text: str) -> bool:
        """Say a text if all of it passes, else nothing of it."""
        splitter = SentenceSplitter()
        sentences = [*splitter.feed(text), *splitter.flush()]
        gate = Gate(self.facts)
        for sentence in sentences:
            why = gate.check(sentence)
            if why is not None:
                self.stopped = Stopped(sentence.strip(), why)
                return False
        self.say_trusted(text)
        return True

    def say_trusted(self, text: str) -> None:
        """Say what our own code wrote from the shop's data."""
        self.stopped = None
        self.writer.text(text)
        self.writer.end_text()
        self.said.extend([text, "\n\n"])

    @property
    def whole(self) -> str:
        return _BEFORE_BREAK.sub("", "".join(self.said)).strip()

    def _say(self, sentence: str) -> None:
        if self.stopped is not None:
            return
        why = Gate(self.facts).check(sentence)
        if why is not None:
            self.stopped = Stopped(sentence.strip(), why)
            return
        self.said.append(sentence)
        self.writer.text(sentence)
