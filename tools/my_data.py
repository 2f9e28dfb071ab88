"""my_data: tells what is kept of the shopper, forgets it, or says where all of it is to be had."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from knowledge.privacy.forgetting import Kind, ask_to_forget, forget_at_once
from knowledge.privacy.kept import Kept, KeptConsent, KeptPreference, kept_of
from knowledge.shoppers.preferences import STATED
from tools.blocks import ConfirmationBlock, NoticeBlock
from tools.cart_changes import actor_of
from tools.commerce_views import confirmation_view
from tools.context import ToolContext
from tools.definition import Arguments, Tool, ToolResult
from tools.marking import harmless, marked
from tools.set_preferences import describe_member

EXPORT_PATH = "/api/v1/me/data"
_LONGEST = 4000
_CONSENTS = {"remember_preferences": "remembering preferences"}
_KINDS = {"diet": "diets", "allergen": "avoids", "dislike": "dislikes", "brand": "likes the brands",
          "sustainability": "sustainability matters"}  # fmt: skip


class MyData(Arguments):
    action: Literal["tell", "forget", "export"] = "tell"
    what: Annotated[Kind | None, Field(description="To forget; left out: preferences")] = None
    remember: Annotated[
        bool | None,
        Field(description='Only for "do not remember me": false; allowed again: true'),
    ] = None


def my_data(context: ToolContext, arguments: MyData) -> ToolResult:
    """Tell what the shop keeps of the shopper ("what do you know of me"), forget or export it.

    Talks, lists, addresses and everything go only after their yes to its question. One single
    allergy or taste: set_preferences with forget.
    """
    if arguments.remember is not None:
        return _remember(context, allowed=arguments.remember)
    if arguments.action == "tell":
        return _notice(tell(context, kept_of(context.work, context.shopper_id)))
    if arguments.action == "export":
        return _notice(_where(context))
    kind: Kind = arguments.what or "preferences"
    if kind in ("preferences", "household"):
        forget_at_once(context.work, kind, actor_of(context))
        what = "All that you told me of" if kind == "household" else "What I knew of"
        whom = "your household" if kind == "household" else "your diets, allergens and tastes"
        return _notice(f"{what} {whom} is forgotten. Undo brings it back.")
    asked = ask_to_forget(
        context.work,
        kind,
        cart_id=context.cart_id,
        actor=actor_of(context),
        conversation_id=context.conversation_id,
    )
    view = confirmation_view(asked)
    return ToolResult(
        f"Nothing is deleted yet; the shopper has to say yes. {marked(view.text, _LONGEST)}",
        (ConfirmationBlock(confirmation=view),),
    )


def _remember(context: ToolContext, *, allowed: bool) -> ToolResult:
    preferences = context.work.preferences
    if allowed:
        preferences.allow(context.shopper_id, channel=context.channel)
        return _notice("From now on I remember what you tell me of your diets and tastes.")
    preferences.forbid(context.shopper_id, channel=context.channel)
    return _notice(
        "I will not remember things about you. What you told me of your diets and tastes is kept "
        "for this conversation only and is then forgotten."
    )


def tell(context: ToolContext, kept: Kept) -> str:
    """What is kept, why and since when, in plain sentences."""
    said = []
    if kept.preferences:
        known = "; ".join(_preference(context, one) for one in kept.preferences)
        said.append(f"To find what suits you I remember {known}.")
    said += [describe_member(one) for one in kept.household]
    if kept.lists:
        named = ", ".join(f"{harmless(name)} ({count} products)" for name, count in kept.lists)
        said.append(f"Saved lists: {named}.")
    if kept.addresses:
        said.append(f"For delivery: {'; '.join(map(harmless, kept.addresses))}.")
    if kept.contact:
        said.append(f"To reach you about an order: {kept.contact}.")
    if kept.budgets:
        said.append(f"Budget: {', '.join(kept.budgets)}.")
    if not said:
        said.append("Nothing lasting is remembered about you.")
    said.append(
        f"There are {_count(kept.orders, 'order')} and {_count(kept.talks, 'conversation')}."
    )
    said += [_consent(context, one) for one in kept.consents]
    days = kept.retention_days
    after = f"after {days} days without a message" if days else "only when you ask for it"
    said.append(f"Conversations are deleted {after}; orders stay for the books.")
    said.append('Say "forget my preferences" or "delete everything", or ask for all your data.')
    return " ".join(said)


def _preference(context: ToolContext, one: KeptPreference) -> str:
    lasting = "" if one.source == STATED else ", kept for this talk only"
    value = harmless(one.value.replace("_", " "))
    return (
        f"{_KINDS.get(one.kind, one.kind)}: {value} (said on {_day(context, one.since)}{lasting})"
    )


def _consent(context: ToolContext, one: KeptConsent) -> str:
    what = _CONSENTS.get(one.kind, one.kind.replace("_", " "))
    did = "agreed to" if one.granted else "asked me to stop"
    return f"You {did} {what} on {_day(context, one.at)}."


def _where(context: ToolContext) -> str:
    if context.channel in ("web", "api"):
        return f"All your data as one JSON document: {EXPORT_PATH}"
    shop = context.work.profile.name
    return (
        f"All your data is to be had as one document on the page of {harmless(shop)}: open the "
        "same conversation there, and ask for your data."
    )


def _day(context: ToolContext, moment: datetime) -> str:
    return f"{moment.astimezone(context.work.profile.timezone):%Y-%m-%d}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _notice(text: str) -> ToolResult:
    return ToolResult(marked(text, _LONGEST), (NoticeBlock(text=text),))


TOOL = Tool("my_data", MyData, my_data, changes=True, example={"action": "tell"})
