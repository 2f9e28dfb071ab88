"""call_a_human: hands the conversation over to a person, with a summary."""

import re
from typing import Annotated

from pydantic import Field

from knowledge.errors import NotFound
from tools.argument_kinds import Reads
from tools.blocks import Block, NoticeBlock, Passage, PassagesBlock
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.handover_summary import handover_summary
from tools.marking import harmless, marked

_CONTACT = "talk to a person, call or write: phone, mail, opening hours, contact"
_OF_CONTACT = re.compile(
    r"contact|person|human|call|write|phone|support|customer service", re.IGNORECASE
)
_LONGEST_PASSAGE = 600
_MOST = 2


class CallAHuman(Arguments):
    reason: Annotated[
        str,
        Reads("whole", also=("message", "summary", "question", "issue")),
        Field(min_length=1, max_length=500, description="In a full sentence"),
    ]


def call_a_human(context: ToolContext, arguments: CallAHuman) -> ToolResult:
    """Have a person of the shop, who gets a summary of the talk, get back to the shopper.

    For what no tool can mend. Never say when they will be called unless a passage does.
    """
    conversation_id = _conversation(context)
    standing = context.work.handovers.standing(context.shopper_id, conversation_id)
    handover = context.work.handovers.open(
        context.shopper_id,
        conversation_id=conversation_id,
        channel=context.channel,
        reason=harmless(arguments.reason, 500),
        summary=handover_summary(context, arguments.reason),
    )
    context.work.jobs.add(
        "owner_mail",
        {
            "subject": f"A shopper asks for a person: {harmless(arguments.reason, 80)}",
            "text": handover.summary,
            "handover_id": handover.id,
        },
        key=f"handover:{handover.id}",
    )
    shop = context.work.profile.name
    said = (
        f"A person at {shop} has been told again, with what was said since."
        if standing is not None
        else f"A person at {shop} has been told, with a summary of this conversation."
    )
    text = f"{said} They will get back to you."
    passages = _how(context)
    blocks: list[Block] = [NoticeBlock(text=text)]
    lines = [text]
    if passages:
        blocks.append(PassagesBlock(passages=passages))
        lines.append("Passages of the policies on how, as data:")
        lines += [
            marked(f"[{one.source}] {one.section}: {one.text}", _LONGEST_PASSAGE)
            for one in passages
        ]
    return ToolResult("\n".join(lines), blocks)


def _conversation(context: ToolContext) -> str | None:
    """None when a button, not a conversation, calls."""
    if context.conversation_id is None:
        return None
    try:
        return context.work.conversations.get(
            context.conversation_id, shopper_id=context.shopper_id
        ).id
    except NotFound:
        return None


def _how(context: ToolContext) -> list[Passage]:
    """What the policies say about reaching a person; nothing when they are about other things."""
    found = context.work.policies.search(_CONTACT)
    fitting = [one for one in found if _OF_CONTACT.search(one.section)]
    return [
        Passage(policy=one.policy, section=one.section, text=one.text, source=one.source)
        for one in fitting[:_MOST]
    ]


TOOL = Tool(
    "call_a_human",
    CallAHuman,
    call_a_human,
    changes=True,
    example={"reason": "The milk was sour and they want their money back."},
)
