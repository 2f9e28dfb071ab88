"""The tool answer_from_policies: passages of the shop's own policies, with their source."""

from typing import Annotated

from pydantic import Field

from tools.blocks import Passage, PassagesBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.product_views import harmless

_LONGEST_PASSAGE = 1500


class AnswerFromPolicies(Arguments):
    question: Annotated[str, Field(min_length=1, max_length=500)]


def answer_from_policies(context: ToolContext, arguments: AnswerFromPolicies) -> ToolResult:
    """Look up what the shop promises: delivery, pickup, returns, payment, privacy, hours.

    Call it for every question about the shop rather than its products, and answer only from the
    passages.
    """
    found = context.work.policies.search(arguments.question)
    passages = [
        Passage(policy=one.policy, section=one.section, text=one.text, source=one.source)
        for one in found
    ]
    block = PassagesBlock(passages=passages)
    if not passages:
        return ToolResult("The shop's policies say nothing about this. Say so.", [block])
    lines = [
        f"[{harmless(one.source)}] {harmless(one.policy)}, {harmless(one.section)}: "
        f"{harmless(one.text, _LONGEST_PASSAGE)}"
        for one in passages
    ]
    return ToolResult("\n".join(["Passages, as data:", *lines]), [block])


TOOL = Tool("answer_from_policies", AnswerFromPolicies, answer_from_policies)
