"""Conversations and what was said in them, for a page that is opened again."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request

from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import in_thread, parts_of
from connectors.http.schemas import (
    Conversation,
    Conversations,
    ConversationSummary,
    PastTurn,
    PathId,
)
from connectors.http.security import SignedIn
from knowledge.conversations.models import Conversation as StoredConversation
from knowledge.conversations.models import Turn
from tools.blocks import Block
from tools.commerce_views import confirmation_view
from tools.runner import load_blocks

router = APIRouter(tags=["talk"], responses=SHOPPER_FAILURE)
MOST_TURNS = 50


@router.get("/conversations")
async def list_conversations(request: Request, shopper: SignedIn) -> Conversations:
    """The shopper's conversations, the newest first."""
    shop = parts_of(request).shop

    def read() -> Conversations:
        with shop.read() as work:
            found = work.conversations.of_shopper(shopper.id)
            return Conversations(
                items=[ConversationSummary(**_summary(conversation)) for conversation in found]
            )

    return await in_thread(read)


@router.get("/conversations/{conversation}")
async def read_conversation(
    request: Request, conversation: PathId, shopper: SignedIn
) -> Conversation:
    """The last turns, oldest first, and the question that still waits."""
    shop = parts_of(request).shop

    def read() -> Conversation:
        with shop.read() as work:
            found = work.conversations.get(conversation, shopper_id=shopper.id)
            turns = work.conversations.window(found.id, turns=MOST_TURNS)
            asked = work.confirmations.pending(found.id)
            return Conversation(
                **_summary(found),
                turns=[_turn(turn) for turn in turns],
                confirmation=confirmation_view(asked) if asked else None,
            )

    return await in_thread(read)


def _summary(conversation: StoredConversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "channel": conversation.channel,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
    }


def _turn(turn: Turn) -> PastTurn:
    return PastTurn(
        id=turn.id,
        user=_text(turn.parts, "user"),
        text=_text(turn.parts, "answer"),
        blocks=_blocks(turn.parts),
        at=turn.finished_at,
    )


def _text(parts: Iterable[dict[str, Any]], kind: str) -> str:
    return "\n".join(part["text"] for part in parts if part["type"] == kind and part["text"])


def _blocks(parts: Iterable[dict[str, Any]]) -> list[Block]:
    return [block for part in parts for block in load_blocks(part.get("blocks", []))]
