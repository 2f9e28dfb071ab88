"""What comes in and what goes out of the assistant, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tools.blocks import Block, BudgetView, CartView, ConfirmationView
from tools.order_shapes import OrderView

Channel = Literal["web", "api", "cli", "telegram", "sms", "whatsapp", "voice"]


@dataclass(frozen=True, slots=True)
class ConfirmationAnswer:
    """A button pressed under a confirmation."""

    id: str
    answer: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A verified message. ``peer`` is the sender in the channel's terms; on the web the shopper."""

    channel: str
    peer: str
    message_id: str
    text: str
    locale: str | None = None
    conversation_id: str | None = None
    confirmation: ConfirmationAnswer | None = None
    attachments: tuple[Mapping[str, str], ...] = field(default_factory=tuple)


class ToolCallView(BaseModel):
    """A tool call of the turn, as clients and evaluations see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    arguments: dict[str, Any]
    ok: bool


class Answer(BaseModel):
    """The whole answer to one message; the wire format of ``POST /api/v1/messages``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    conversation_id: str
    turn_id: str
    text: str
    blocks: list[Block] = []
    tools: list[ToolCallView] = []
    cart: CartView
    budget: BudgetView | None = None
    suggestions: list[str] = []
    confirmation: ConfirmationView | None = None
    order: OrderView | None = None
