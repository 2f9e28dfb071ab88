"""One message in, one whole answer out."""

from fastapi import APIRouter, Request

from assistant.messages import Answer, ConfirmationAnswer, InboundMessage
from connectors.http.errors import SHOPPER_FAILURE
from connectors.http.parts import parts_of
from connectors.http.schemas import MessageRequest
from connectors.http.security import SignedIn
from knowledge.ids import new_id

router = APIRouter(tags=["talk"], responses=SHOPPER_FAILURE)


@router.post("/messages")
async def send_message(request: Request, message: MessageRequest, shopper: SignedIn) -> Answer:
    """Say something to the shop and wait for the whole answer."""
    asked = message.confirmation
    inbound = InboundMessage(
        channel="web",
        peer=shopper.id,
        message_id=message.message_id or new_id("m"),
        text=message.text,
        locale=shopper.locale,
        conversation_id=message.conversation_id,
        confirmation=ConfirmationAnswer(asked.id, asked.answer) if asked else None,
    )
    return await parts_of(request).assistant.answer(inbound, shopper.id)
