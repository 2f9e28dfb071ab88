"""Builds the state a turn starts with from SQL."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assistant.confirmations import choose
from assistant.messages import InboundMessage
from assistant.safety.attack_signs import CAUTION, attack_signs
from assistant.state import (
    CheckoutInState,
    MemberInState,
    PreferencesInState,
    ShownInState,
    TurnState,
)
from assistant.window import last_blocks
from knowledge.catalog.models import Product
from knowledge.catalog.units import unit_price
from knowledge.conversations.models import Conversation
from knowledge.errors import SmartCartError
from knowledge.fulfilment.checkout import look_at
from knowledge.fulfilment.when import slot_label
from knowledge.work import Work
from tools.blocks import BudgetView, CartView
from tools.commerce_views import budget_state_view, confirmation_view, quoted_cart_view
from tools.marking import harmless
from tools.shown import ShownList, ShownProduct


def build_start(work: Work, message: InboundMessage, conversation: Conversation) -> dict[str, Any]:
    """What a turn starts from, as JSON to be kept with its message."""
    if conversation.last_seq == 0:
        work.preferences.begin_talk(conversation.shopper_id)
    chosen = None
    latest = work.confirmations.latest(conversation.id)
    if message.confirmation is not None or latest is not None:
        last = work.conversations.window(conversation.id, turns=1)
        chosen = choose(work, message, conversation, last_blocks(last[0].parts) if last else [])
    locale = message.locale or conversation.locale or work.profile.locale
    state = build_state(
        work, conversation, channel=message.channel, locale=locale, asked=latest is not None
    )
    if attack_signs(message.text):
        state = state.model_copy(update={"caution": CAUTION})
    return {
        "state": state.model_dump(mode="json"),
        "shown": list(conversation.shown),
        **_remembered(work, conversation),
        "chosen": None
        if chosen is None
        else {"confirmation_id": chosen.confirmation_id, "answer": chosen.answer},
    }


def _remembered(work: Work, conversation: Conversation) -> dict[str, Any]:
    """The notes of turns before the window, and which prompts an experiment gives."""
    told: dict[str, Any] = {}
    if conversation.summary is not None:
        told = {"summary": conversation.summary, "summary_until": conversation.summary_until}
    variant = work.experiments.variant_of(conversation.shopper_id, "prompts")
    return told if variant is None else {**told, "variant": variant}


def build_state(
    work: Work, conversation: Conversation, *, channel: str, locale: str, asked: bool = True
) -> TurnState:
    """``asked`` is false when it is known that no question was ever asked in the conversation."""
    pending = work.confirmations.pending(conversation.id) if asked else None
    preferences = work.preferences.of(conversation.shopper_id)
    cart, budget = cart_and_budget(work, conversation.shopper_id, conversation.cart_id)
    return TurnState(
        now=work.clock.now().astimezone(work.profile.timezone).isoformat(timespec="minutes"),
        shop=work.profile.name,
        channel=channel,
        locale=locale,
        currency=work.profile.currency,
        cart=cart,
        budget=budget,
        preferences=PreferencesInState(
            diets=list(preferences.diets),
            allergens=list(preferences.allergens),
            dislikes=list(preferences.dislikes),
            brands=list(preferences.brands),
            sustainability=preferences.sustainability,
        ),
        household=[
            MemberInState(
                name=harmless(one.name), diets=list(one.diets), allergens=list(one.allergens)
            )
            for one in work.household.members(conversation.shopper_id)
        ],
        human_called_at=_since(work, conversation),
        checkout=checkout_in_state(work, conversation.cart_id, conversation.shopper_id),
        shown=_shown(work, load_shown(conversation.shown).entries),
        pending=None if pending is None else confirmation_view(pending),
    )


def _since(work: Work, conversation: Conversation) -> str | None:
    moment = conversation.handed_over_at
    if moment is None:
        return None
    return moment.astimezone(work.profile.timezone).isoformat(timespec="minutes")


def checkout_in_state(work: Work, cart_id: str, shopper_id: str) -> CheckoutInState | None:
    """The checkout under way, in short forms: no house number, no number to call."""
    if work.checkouts.get(cart_id, shopper_id=shopper_id) is None:
        return None
    try:
        step = look_at(work, cart_id=cart_id, shopper_id=shopper_id)
    except SmartCartError:
        return None  # it cannot be delivered here any more; the next step says so
    return CheckoutInState(
        fulfilment=step.fulfilment,
        address=None if step.address is None else harmless(step.address.short),
        slot=None if step.slot is None else slot_label(step.slot, work.profile),
        contact=step.contact.masked or None,
        missing=None if step.question is None else step.question.missing,
    )


def cart_and_budget(
    work: Work, shopper_id: str, cart_id: str
) -> tuple[CartView, BudgetView | None]:
    """Both from one quote."""
    cart = work.carts.get(cart_id)
    quote = work.pricing.quote(cart)
    state = work.budgets.state(shopper_id, quote)
    return quoted_cart_view(cart, quote), None if state is None else budget_state_view(state)


def load_shown(entries: Sequence[dict[str, object]]) -> ShownList:
    """The numbered list of earlier turns."""
    return ShownList([ShownProduct(**entry) for entry in entries])  # type: ignore[arg-type]


def dump_shown(shown: ShownList) -> list[dict[str, object]]:
    return [
        {
            "number": entry.number,
            "product_id": entry.product_id,
            "title": entry.title,
            "kind": entry.kind,
            "replaces": entry.replaces,
        }
        for entry in shown.entries
    ]


def _shown(work: Work, entries: Sequence[ShownProduct]) -> list[ShownInState]:
    products = work.catalog.get_many([entry.product_id for entry in entries])
    return [
        _in_state(entry, products[entry.product_id])
        for entry in entries
        if entry.product_id in products
    ]


def _in_state(entry: ShownProduct, product: Product) -> ShownInState:
    per_unit = unit_price(product)
    return ShownInState(
        n=entry.number,
        id=product.id,
        title=product.title,
        price=str(product.price),
        brand=product.brand,
        size=product.size,
        category=" > ".join(product.category) or None,
        unit_price=None if per_unit is None else f"{per_unit.price}/{per_unit.unit}",
        rating=None if product.rating is None else _plain(product.rating),
        in_stock=product.in_stock,
        kind=entry.kind,
        replaces=entry.replaces,
    )


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
