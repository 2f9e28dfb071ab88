"""Keeps a message before anybody works on it, in the conversation it belongs to."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.limits import Limits
from assistant.messages import ConfirmationAnswer, InboundMessage
from assistant.safety import prompt_guard
from assistant.safety.attack_signs import attack_signs
from assistant.safety.redaction import redact
from assistant.safety.taming import keepable
from assistant.state_builder import build_start
from knowledge.conversations.models import Conversation, InboxEntry, Receipt
from knowledge.errors import InvalidInput
from knowledge.events.events import EventName, record_event
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper
from knowledge.work import Work

_NAMES_CONVERSATIONS = frozenset({"web", "api"})
"""Channels whose messages say which conversation they go on with; the others have one."""

LONGEST_TEXT = 4000


class Reception:
    def __init__(self, shop: Shop, limits: Limits) -> None:
        self._shop = shop
        self._limits = limits
        prompt_guard.prepare()

    def receive(self, message: InboundMessage, shopper_id: str) -> Receipt:
        """Keep the message, or find the earlier one with its id.

        When nothing stands before it, it is claimed with its start in the same transaction: a
        second one would make the shopper wait for the disk once more.
        """
        _check(message)
        cleaned = redact(keepable(message.text))
        message = dataclasses.replace(
            message, text=cleaned.text, attachments=tuple(map(_cleaned, message.attachments))
        )
        signs = attack_signs(message.text)
        try:
            with self._shop.write() as work:
                earlier = work.inbox.find(message.channel, shopper_id, message.message_id)
                if earlier is not None:
                    return Receipt(earlier, fresh=False)
                shopper = work.shoppers.get(shopper_id)
                conversation = _conversation(work, message, shopper)
                columns: dict[str, Any] = {
                    "channel": message.channel,
                    "shopper_id": shopper_id,
                    "message_id": message.message_id,
                    "conversation_id": conversation.id,
                    "cart_id": shopper.cart_id,
                    "payload": _dump(message, cleaned.found),
                }
                if work.inbox.is_free(shopper.cart_id):
                    start = build_start(work, message, conversation)
                    receipt = work.inbox.receive_claimed(
                        **columns, start=start, lease=self._limits.lease
                    )
                    receipt = dataclasses.replace(receipt, last_seq=conversation.last_seq)
                else:
                    receipt = work.inbox.receive(**columns)
                if signs and receipt.fresh:
                    record_event(
                        work.session,
                        work.clock,
                        EventName.SUSPICIOUS_MESSAGE,
                        shopper_id=shopper_id,
                        channel=message.channel,
                        turn_id=receipt.entry.turn_id,
                        signs=list(signs),
                    )
                if not receipt.fresh:
                    raise _CameTwiceAtOnce(receipt)  # noqa: TRY301 - rolls the transaction back
        except _CameTwiceAtOnce as twice:
            # Rolled back, with the conversation that was begun for it.
            return dataclasses.replace(twice.receipt, last_seq=None)
        return receipt


def load_message(entry: InboxEntry) -> InboundMessage:
    payload = entry.payload
    confirmation = payload.get("confirmation")
    return InboundMessage(
        channel=entry.channel,
        peer=payload["peer"],
        message_id=entry.message_id,
        text=payload["text"],
        locale=payload.get("locale"),
        conversation_id=entry.conversation_id,
        confirmation=None if confirmation is None else ConfirmationAnswer(**confirmation),
        attachments=tuple(payload.get("attachments", ())),
    )


class _CameTwiceAtOnce(Exception):
    def __init__(self, receipt: Receipt) -> None:
        super().__init__()
        self.receipt = receipt


def _cleaned(attachment: Mapping[str, str]) -> dict[str, str]:
    """Captions and names of files are written by people, too; addresses must stay as they are."""
    return {
        name: text if "://" in text else redact(keepable(text)).text
        for name, text in attachment.items()
    }


def _check(message: InboundMessage) -> None:
    if not message.text.strip() and message.confirmation is None:
        raise InvalidInput("The message is empty.")
    if len(message.text) > LONGEST_TEXT:
        raise InvalidInput(f"The message is longer than {LONGEST_TEXT} characters.")


def _conversation(work: Work, message: InboundMessage, shopper: Shopper) -> Conversation:
    known = message.conversation_id
    if known is None and message.channel not in _NAMES_CONVERSATIONS:
        latest = work.conversations.latest(shopper.id, message.channel)
        known = None if latest is None else latest.id
    conversation = work.conversations.open(
        shopper_id=shopper.id,
        cart_id=shopper.cart_id,
        channel=message.channel,
        conversation_id=known,
        locale=message.locale,
    )
    if conversation.cart_id != shopper.cart_id:
        work.conversations.move_to_cart(conversation.id, shopper.cart_id)
        return dataclasses.replace(conversation, cart_id=shopper.cart_id)
    return conversation


def _dump(message: InboundMessage, withheld: Sequence[str]) -> dict[str, Any]:
    confirmation = message.confirmation
    return {
        "text": message.text,
        "peer": message.peer,
        "locale": message.locale,
        "confirmation": None
        if confirmation is None
        else {"id": confirmation.id, "answer": confirmation.answer},
        "attachments": [dict(attachment) for attachment in message.attachments],
        # What kinds of secrets were taken out of the text; only told when there were some.
        **({"withheld": list(withheld)} if withheld else {}),
    }
