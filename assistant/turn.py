"""One attempt at one turn, from the state it starts with to what it says."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from assistant.agent import ModelFailed, ShoppingAgent
from assistant.confirmations import Chosen, decide
from assistant.earlier_facts import EarlierFacts
from assistant.instructions import instructions, prompt_in_use
from assistant.messages import InboundMessage
from assistant.plain_answer import plain_answer
from assistant.recording import Outcome
from assistant.speaker import Speaker
from assistant.state import TurnState
from assistant.streaming import EventWriter
from assistant.turn_context import TurnContext
from assistant.window import Part, turn_parts, window_messages
from knowledge.conversations.commands import StoredCommand
from knowledge.conversations.guard import TurnGuard
from knowledge.conversations.models import InboxEntry
from knowledge.shop import Shop
from prompts import load, load_wording
from tools.blocks import ConfirmationBlock, OrderBlock
from tools.runner import Caller, load_result
from tools.shown import ShownList

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TurnStart:
    """What a turn starts from; kept with the message, so that every attempt starts the same."""

    state: TurnState
    shown: ShownList
    window: Sequence[Sequence[Part]]
    last_seq: int
    """Which turn of the conversation the window ends with."""
    chosen: Chosen | None = None
    done: Sequence[StoredCommand] = ()


class TurnAttempt:
    """Works on one message until it has an answer, fails, or is cancelled."""

    def __init__(
        self,
        *,
        shop: Shop,
        agent: ShoppingAgent,
        model: BaseChatModel,
        repairs: bool,
        entry: InboxEntry,
        message: InboundMessage,
        start: TurnStart,
        guard: TurnGuard,
        writer: EventWriter,
        earlier: EarlierFacts,
    ) -> None:
        self._shop = shop
        self._agent = agent
        self._model = model
        self._repairs = repairs
        self._entry = entry
        self._message = message
        self._start = start
        self._guard = guard
        self._writer = writer
        facts = earlier.of(entry.conversation_id, start.window, start.last_seq)
        # Last, because its totals are the newest.
        facts.add_state(start.state)
        facts.add_words(message.text)
        self.speaker = Speaker(writer, facts)
        self.context = TurnContext(
            caller=Caller(
                shopper_id=entry.shopper_id,
                cart_id=entry.cart_id,
                channel=entry.channel,
                turn_id=entry.turn_id,
                locale=start.state.locale,
                conversation_id=entry.conversation_id,
                guard=guard,
                shown=ShownList(list(start.shown.entries)),
                ordinal=len(start.done),
            ),
            guard=guard,
            listener=self.speaker,
            done=list(start.done),
        )

    async def run(self) -> Outcome:
        """Raises whatever goes wrong; what was done and said until then is kept here."""
        self._writer.state(self._start.state.cart, self._start.state.budget)
        if self._start.chosen is not None:
            return await self._decide(self._start.chosen)
        await self._talk()
        return self.outcome()

    def outcome(self) -> Outcome:
        text = self.speaker.whole
        context = self.context
        return Outcome(
            text=text,
            parts=turn_parts(self._message.text, context.messages, text),
            blocks=context.blocks,
            calls=context.calls,
            shown=context.caller.shown,
            order_id=None,
            model=_name(self._model),
            prompt_digest=prompt_in_use().digest,
            usage=context.usage,
        )

    async def _decide(self, chosen: Chosen) -> Outcome:
        decided = await asyncio.to_thread(
            decide,
            self._shop,
            chosen,
            shopper_id=self._entry.shopper_id,
            channel=self._entry.channel,
            guard=self._guard,
        )
        self._writer.blocks(decided.blocks)
        self.speaker.say_trusted(decided.text)
        said = self._message.text or chosen.answer
        return Outcome(
            text=decided.text,
            parts=turn_parts(said, [], decided.text, blocks=decided.blocks),
            blocks=decided.blocks,
            order_id=decided.order_id,
            kind="decided",
        )

    async def _talk(self) -> None:
        messages: list[BaseMessage] = [
            SystemMessage(instructions(self._start.state)),
            *window_messages(self._start.window),
            HumanMessage(self._message.text),
        ]
        messages += self._done_before()
        await self._agent.run(self.context, messages)
        if self.speaker.stopped is not None:
            await self._mend(messages)
        elif not self.speaker.whole:
            self.speaker.say_trusted(self._plain())

    def _done_before(self) -> list[BaseMessage]:
        """Changes an earlier attempt made, as calls already answered."""
        messages: list[BaseMessage] = []
        for command in self._start.done:
            call_id = command.call_id or f"done_{command.ordinal}"
            self.context.used_ids.add(call_id)
            result = load_result(command.result)
            call = AIMessage(
                "",
                tool_calls=[
                    {
                        "id": call_id,
                        "name": command.tool,
                        "args": command.arguments,
                        "type": "tool_call",
                    }
                ],
            )
            answered = ToolMessage(
                result.text,
                tool_call_id=call_id,
                name=command.tool,
                artifact={"ok": True, "blocks": command.result["blocks"]},
            )
            messages += [call, answered]
            self.context.messages += [call, answered]
            self.context.blocks += result.blocks
            self.speaker.facts.add_result(result.text, command.result["blocks"])
        return messages

    async def _mend(self, messages: Sequence[BaseMessage]) -> None:
        """Ask once for an answer from the facts alone; else give the facts plainly."""
        stopped = self.speaker.stopped
        assert stopped is not None
        logger.warning(
            "turn %s: stopped %r: %s", self._entry.turn_id, stopped.sentence, stopped.why
        )
        if self._repairs and self._guard.seconds_left > 0:
            said = self.speaker.whole
            prompt = load("repair").text.format(
                problem=f"{stopped.sentence}\n({stopped.why})",
                facts=self.speaker.facts.summary(),
                already_said=f"\nThe shopper has already read this; go on from it:\n{said}"
                if said
                else "",
            )
            asked = [*messages, *self.context.messages, HumanMessage(prompt)]
            try:
                mended = (await self._model.ainvoke(asked)).text
            except Exception as error:  # noqa: BLE001 - any vendor's client; the plain answer remains
                logger.warning("turn %s: no repair: %s", self._entry.turn_id, error)
            else:
                if mended.strip() and self.speaker.try_whole(mended.strip()):
                    return
        self.speaker.say_trusted(self._plain())

    def _plain(self) -> str:
        return plain_answer(self.context.blocks) or load_wording("apologies")["nothing_to_say"]


def what_is_done(context: TurnContext) -> str:
    """The changes of a turn that could not be finished, in words; empty when there are none."""
    changes = [
        block
        for block in context.blocks
        if not isinstance(block, OrderBlock | ConfirmationBlock) and getattr(block, "changes", None)
    ]
    if not changes:
        return ""
    return f"{load_wording('apologies')['done_so_far']} {plain_answer(changes)}"


def why_failed(error: BaseException) -> str:
    """The name of the apology for an error."""
    if isinstance(error, TimeoutError):
        return "too_slow"
    return "model_unavailable" if isinstance(error, ModelFailed) else "failed"


def _name(model: Any) -> str:  # noqa: ANN401 - each vendor's client calls it differently
    name = getattr(model, "model_name", None) or getattr(model, "model", None)
    return str(name or model._llm_type)[:128]  # noqa: SLF001 - LangChain's own name for it
