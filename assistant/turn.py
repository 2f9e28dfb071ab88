"""One attempt at one turn, from the state it starts with to what it says."""

import asyncio
import logging
from collections.abc import Sequence

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from assistant.agent import ShoppingAgent
from assistant.confirmations import Chosen, decide
from assistant.grounding.earlier_facts import EarlierFacts
from assistant.instructions import Instructions, instructions
from assistant.memory.budget import history_budget
from assistant.memory.conversation import conversation_messages
from assistant.memory.start import TurnStart
from assistant.messages import InboundMessage
from assistant.plain_answer import plain_answer
from assistant.providers.failures import ModelFailed
from assistant.providers.minds import Mind, Minds
from assistant.recording import Outcome
from assistant.speaker import Speaker, Stopped
from assistant.streaming import EventWriter
from assistant.toolset import SMALL_CONTEXT
from assistant.turn_context import TurnContext
from assistant.window import turn_parts
from knowledge.conversations.guard import TurnGuard
from knowledge.conversations.models import InboxEntry
from knowledge.shop import Shop
from prompts import load, load_wording
from tools.blocks import ConfirmationBlock, OrderBlock
from tools.runner import Caller, load_result
from tools.shown import ShownList

logger = logging.getLogger(__name__)


class TurnAttempt:
    """Works on one message until it has an answer, fails, or is cancelled."""

    def __init__(
        self,
        *,
        shop: Shop,
        agent: ShoppingAgent,
        minds: Minds,
        entry: InboxEntry,
        message: InboundMessage,
        start: TurnStart,
        guard: TurnGuard,
        writer: EventWriter,
        earlier: EarlierFacts,
        offline_only: bool = False,
    ) -> None:
        self._shop = shop
        self._agent = agent
        self._minds = minds.only_offline() if offline_only else minds
        self._openings: dict[int | None, Sequence[BaseMessage]] = {}
        self._instructed: dict[bool, Instructions] = {}
        self._entry = entry
        self._message = message
        self._start = start
        self._guard = guard
        self._writer = writer
        facts = earlier.of(entry.conversation_id, start.window, start.last_seq, start.outdated)
        facts.add_dumped(start.noted)
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
            minds=self._minds,
            opening=self._opening,
            variant=start.variant,
        )

    async def run(self) -> Outcome:
        """Raises whatever goes wrong; what was done and said until then is kept here."""
        self._writer.state(self._start.state.cart, self._start.state.budget)
        if self._start.chosen is not None:
            return await self._decide(self._start.chosen)
        await self._talk()
        self.speaker.conclude(self.context.blocks, self._entry.payload.get("withheld", ()))
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
            model=self._mind.title,
            prompt_digest=self._instructions(self._mind).digest,
            prompt_variant=self._start.variant,
            usage=context.usage,
            model_log=context.model_log,
        )

    @property
    def _mind(self) -> Mind:
        """Who gave the answer; before anybody has, who is asked first."""
        return self.context.mind or self._minds[0]

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
        self._bring_back_what_is_done()
        context = self.context
        await self._agent.run(context, HumanMessage(self._message.text))
        if self.speaker.stopped is not None:
            await self._mend(self.speaker.stopped)
        elif context.plainly or not self.speaker.whole:
            self.speaker.say_trusted(self._plain())

    def _opening(self, mind: Mind) -> Sequence[BaseMessage]:
        """What this mind is told before the messages of the turn, as much as it can read."""
        budget = history_budget(mind)
        opening = self._openings.get(budget)
        if opening is None:
            opening = self._openings[budget] = [
                SystemMessage(self._instructions(mind).text),
                *conversation_messages(self._start, budget_tokens=budget),
                HumanMessage(self._message.text),
            ]
        return opening

    def _instructions(self, mind: Mind) -> Instructions:
        small = mind.context_tokens < SMALL_CONTEXT
        made = self._instructed.get(small)
        if made is None:
            made = instructions(self._start.state, variant=self._start.variant, small=small)
            self._instructed[small] = made
        return made

    def _bring_back_what_is_done(self) -> None:
        """Changes an earlier attempt made, as calls already answered."""
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
            self.context.messages += [call, answered]
            self.context.blocks += result.blocks
            self.speaker.facts.add_result(result.text, command.result["blocks"])

    async def _mend(self, stopped: Stopped) -> None:
        """Ask once for an answer from the facts alone; else give the facts plainly."""
        logger.warning(
            "turn %s: stopped %r: %s", self._entry.turn_id, stopped.sentence, stopped.why
        )
        # The offline model answers from the same facts again; asking it twice changes nothing.
        if not self._mind.is_offline and self._guard.seconds_left > 0:
            said = self.speaker.whole
            prompt = load("repair", self._start.variant).text.format(
                problem=f"{stopped.sentence}\n({stopped.why})",
                facts=self.speaker.facts.summary(),
                already_said=f"\nThe shopper has already read this; go on from it:\n{said}"
                if said
                else "",
            )
            try:
                mended = await self._agent.repair(self.context, prompt)
            except ModelFailed as error:
                logger.warning("turn %s: no repair: %s", self._entry.turn_id, error)
            else:
                if mended and self.speaker.try_whole(mended):
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
