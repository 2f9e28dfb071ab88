"""A conversation with the offline model over the real tools, without the rest of the house."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from sqlalchemy.orm import Session

from assistant.confirmations import Chosen, decide
from assistant.offline.model import OfflineModel
from assistant.state import (
    MemberInState,
    PreferencesInState,
    ShownInState,
    TurnState,
    write_state,
)
from assistant.state_builder import checkout_in_state
from knowledge.catalog.units import unit_price
from knowledge.shop import Shop
from tools.blocks import CartView
from tools.commerce_views import budget_view, cart_view, confirmation_view
from tools.registry import TOOLS
from tools.runner import Caller, Outcome, ToolRunner, dump_blocks

MOST_MODEL_CALLS = 6
MOST_TOOL_CALLS = 12


@dataclass
class Turn:
    """What one message came to."""

    text: str
    calls: list[tuple[str, dict[str, Any]]]
    outcomes: list[Outcome]
    cart: CartView
    message: AIMessage

    @property
    def tools(self) -> list[str]:
        return [name for name, _ in self.calls]

    def blocks(self, kind: str) -> list[dict[str, Any]]:
        return [
            block
            for outcome in self.outcomes
            for block in dump_blocks(outcome.blocks)
            if block["type"] == kind
        ]


@dataclass
class Talker:
    """One shopper; keeps the window and the shown list as the turn does."""

    shop: Shop
    shopper_id: str
    cart_id: str
    window: list[BaseMessage] = field(default_factory=list)
    turns: int = 0

    def __post_init__(self) -> None:
        self.runner = ToolRunner(self.shop)
        self.model = OfflineModel(lexicon_source=lambda: self.shop.search.vocabulary)
        self.bound = self.model.bind(tools=[tool.name for tool in TOOLS])
        self.caller = self._caller()

    def say(self, text: str) -> Turn:
        self.turns += 1
        self.caller = self._caller()
        messages: list[BaseMessage] = [
            SystemMessage(f"You are an assistant.\n{write_state(self.state())}"),
            *self.window,
            HumanMessage(text),
        ]
        started = len(messages) - 1
        calls: list[tuple[str, dict[str, Any]]] = []
        outcomes: list[Outcome] = []
        for _ in range(MOST_MODEL_CALLS):
            answer = self.bound.invoke(messages)
            messages.append(answer)
            if not answer.tool_calls:
                break
            for call in answer.tool_calls:
                outcome = self.runner.run(
                    self.caller, call["name"], call["args"], call_id=call["id"]
                )
                calls.append((call["name"], call["args"]))
                outcomes.append(outcome)
                messages.append(_tool_message(call["id"] or "", outcome))
        assert not messages[-1].tool_calls, f"never finished: {calls}"  # type: ignore[attr-defined]
        assert len(calls) <= MOST_TOOL_CALLS
        self.window.extend(messages[started:])
        final = messages[-1]
        assert isinstance(final, AIMessage)
        return Turn(final.text, calls, outcomes, self.cart(), final)

    def cart(self) -> CartView:
        with self.shop.read() as work:
            return cart_view(work, self.cart_id)

    def fill(self, *lines: tuple[str, str]) -> None:
        """Put products into the cart without talking."""
        self.caller = self._caller()
        items = [{"product": product, "quantity": quantity} for product, quantity in lines]
        outcome = self.runner.run(self.caller, "add_to_cart", {"items": items})
        assert outcome.ok, outcome.text

    def confirm(self, answer: Literal["yes", "no"] = "yes") -> str:
        """Answer the open question, as code does before any model runs."""
        pending = self.state().pending
        assert pending is not None
        chosen = Chosen(pending.id, answer)
        decided = decide(
            self.shop,
            chosen,
            shopper_id=self.shopper_id,
            channel="web",
            guard=_Unguarded(),
        )
        self.window += [HumanMessage(answer), AIMessage(decided.text)]
        return decided.text

    def run(self, name: str, **arguments: Any) -> Outcome:
        return self.runner.run(self.caller, name, arguments)

    def state(self) -> TurnState:
        with self.shop.read() as work:
            preferences = work.preferences.of(self.shopper_id)
            entries = self.caller.shown.entries
            products = work.catalog.get_many([entry.product_id for entry in entries])
            pending = work.confirmations.pending(self.conversation_id)
            shown = []
            for entry in entries:
                product = products[entry.product_id]
                per_unit = unit_price(product)
                shown.append(
                    ShownInState(
                        n=entry.number,
                        id=product.id,
                        title=product.title,
                        price=str(product.price),
                        brand=product.brand,
                        size=product.size,
                        category=" > ".join(product.category) or None,
                        unit_price=per_unit and f"{per_unit.price}/{per_unit.unit}",
                        rating=None if product.rating is None else str(product.rating),
                        in_stock=product.in_stock,
                        kind=entry.kind,
                        replaces=entry.replaces,
                    )
                )
            return TurnState(
                now=work.clock.now().isoformat(),
                shop=work.profile.name,
                channel="web",
                locale="en-US",
                currency=work.profile.currency,
                cart=cart_view(work, self.cart_id),
                budget=budget_view(work, self.shopper_id, self.cart_id),
                preferences=PreferencesInState(
                    diets=list(preferences.diets), allergens=list(preferences.allergens)
                ),
                household=[
                    MemberInState(
                        name=one.name, diets=list(one.diets), allergens=list(one.allergens)
                    )
                    for one in work.household.members(self.shopper_id)
                ],
                checkout=checkout_in_state(work, self.cart_id, self.shopper_id),
                shown=shown,
                pending=None if pending is None else confirmation_view(pending),
            )

    @property
    def conversation_id(self) -> str:
        return f"conversation_{self.shopper_id}"

    def _caller(self) -> Caller:
        shown = self.caller.shown if self.turns > 1 else None
        caller = Caller(
            shopper_id=self.shopper_id,
            cart_id=self.cart_id,
            channel="web",
            turn_id=f"turn_{self.shopper_id}_{self.turns}",
            conversation_id=self.conversation_id,
        )
        if shown is not None:
            caller.shown.entries = list(shown.entries)
        return caller


class _Unguarded:
    """Nothing else wants the turn of a test."""

    def check(self, session: Session) -> None:
        del session


def _tool_message(call_id: str, outcome: Outcome) -> ToolMessage:
    return ToolMessage(
        outcome.text,
        tool_call_id=call_id,
        name=outcome.tool,
        status="success" if outcome.ok else "error",
        artifact={"ok": outcome.ok, "blocks": dump_blocks(outcome.blocks)},
    )


def titles(lines: Sequence[Any]) -> list[str]:
    return [line.title for line in lines]


SHORT = timedelta(seconds=1)
