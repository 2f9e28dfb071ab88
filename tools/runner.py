"""Runs one tool call: validates, opens the transaction, keeps changes from happening twice."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from knowledge.errors import ErrorKind, SmartCartError, TurnExpired
from knowledge.ports import CommitGuard
from knowledge.shop import Shop
from knowledge.work import Work
from tools.blocks import Block
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.given_links import without_given_links
from tools.marking import marked, unmarked
from tools.mending import explain
from tools.reading import Unclear, read_arguments
from tools.registry import find_tool
from tools.result_limit import fitting
from tools.shown import ShownList

_BLOCKS: TypeAdapter[list[Block]] = TypeAdapter(list[Block])
_LONGEST = 1000
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Caller:
    """On whose behalf tools run, for the length of one turn or request.

    ``ordinal`` counts the changes of the turn; a change that already has a stored result under
    (turn, ordinal) is answered with it.
    """

    shopper_id: str
    cart_id: str
    channel: str
    turn_id: str
    locale: str = "en-US"
    conversation_id: str | None = None
    guard: CommitGuard | None = None
    consent: str | None = None
    shown: ShownList = field(default_factory=ShownList)
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call. ``kind`` says why it failed; None when it did not.

    ``text`` is for the model, with what others wrote marked; ``plain`` is the same for people.
    ``unread`` says that the arguments could not be read, so that nothing was tried.
    """

    tool: str
    text: str
    blocks: list[Block] = field(default_factory=list)
    kind: ErrorKind | None = None
    unread: bool = False

    @property
    def plain(self) -> str:
        return unmarked(self.text)

    @property
    def ok(self) -> bool:
        return self.kind is None


class ToolRunner:
    """Runs tools against one shop; stateless, safe to share."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def run(
        self,
        caller: Caller,
        name: str,
        arguments: dict[str, Any],
        *,
        call_id: str | None = None,
    ) -> Outcome:
        """Never raises for what a model or shopper can cause; raises ``TurnExpired`` and bugs."""
        try:
            tool = find_tool(name)
        except SmartCartError as error:
            return Outcome(name, str(error), kind=error.kind)
        currency = self.shop.profile.currency
        try:
            parsed = self.read(tool, arguments)
        except (ValidationError, Unclear) as error:
            said = explain(tool, error, arguments, currency=currency)
            return Outcome(name, said, kind=ErrorKind.INVALID, unread=True)
        try:
            if tool.changes:
                return self._change(caller, tool, parsed, arguments, call_id)
            with self.shop.read() as work:
                result = _less_links(tool.run(self._context(caller, work), parsed), arguments)
        except TurnExpired:
            raise
        except SmartCartError as error:
            return Outcome(name, marked(str(error), _LONGEST), kind=error.kind)
        return _outcome(tool, result)

    def read(self, tool: Tool, arguments: Mapping[str, Any]) -> Arguments:
        """The arguments as they were meant. Raises ``ValidationError`` or ``Unclear``."""
        read = read_arguments(tool.arguments, arguments, currency=self.shop.profile.currency)
        return tool.arguments.model_validate(read)

    def _change(
        self,
        caller: Caller,
        tool: Tool,
        parsed: Arguments,
        arguments: dict[str, Any],
        call_id: str | None,
    ) -> Outcome:
        def make(work: Work) -> tuple[ToolResult, ShownList]:
            shown = ShownList(list(caller.shown.entries), caller.shown.fresh)
            stored = work.commands.find(caller.turn_id, caller.ordinal)
            if stored is not None:
                if stored.tool != tool.name:
                    logger.warning("turn %s repeated with another change", caller.turn_id)
                return load_result(stored.result), shown
            made = tool.run(self._context(caller, work, shown), parsed)
            result = _less_links(made, arguments)
            work.commands.store(
                caller.turn_id,
                caller.ordinal,
                tool=tool.name,
                call_id=call_id,
                arguments=arguments,
                result=dump_result(result),
            )
            return result, shown

        result, shown = self.shop.change(make, caller.guard)
        caller.ordinal += 1
        caller.shown.entries, caller.shown.fresh = shown.entries, shown.fresh
        return _outcome(tool, result)

    def _context(self, caller: Caller, work: Work, shown: ShownList | None = None) -> ToolContext:
        return ToolContext(
            shop=self.shop,
            work=work,
            shopper_id=caller.shopper_id,
            cart_id=caller.cart_id,
            channel=caller.channel,
            shown=shown or caller.shown,
            now=self.shop.clock.now(),
            conversation_id=caller.conversation_id,
            turn_id=caller.turn_id,
            locale=caller.locale,
            consent=caller.consent,
        )


def _less_links(result: ToolResult, arguments: dict[str, Any]) -> ToolResult:
    return ToolResult(result.text, without_given_links(arguments, result.blocks))


def dump_blocks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    dumped: list[dict[str, Any]] = _BLOCKS.dump_python(list(blocks), mode="json")
    return dumped


def load_blocks(stored: Sequence[dict[str, Any]]) -> list[Block]:
    return _BLOCKS.validate_python(list(stored))


def dump_result(result: ToolResult) -> dict[str, Any]:
    return {"text": result.text, "blocks": dump_blocks(result.blocks)}


def load_result(stored: dict[str, Any]) -> ToolResult:
    return ToolResult(stored["text"], load_blocks(stored["blocks"]))


def _outcome(tool: Tool, result: ToolResult) -> Outcome:
    return Outcome(tool.name, fitting(result.text, tool.rest), list(result.blocks))
