"""The model's side of the turn that is broken: it searches, adds two things, and says so."""

from tests.assistant.chaos.verdict import ADDED, AGREED, WISH
from tests.stand_ins.model_server import Asked, Reply

ITEMS = [
    ("add_to_cart", {"items": [{"product": product, "quantity": str(quantity)}]})
    for product, quantity in ADDED.items()
]
INVENTED = "Both are in your cart, for $4711.00 in all."
ENDING = "Both are in your cart now."


def shops(asked: Asked) -> Reply | None:
    """Goes by what was done since the wish, also where it is asked to go on from a cut."""
    texts = [(one["role"], one["text"]) for one in asked.messages]
    if ("user", WISH) not in texts or asked.said == "thanks":
        return Reply(AGREED)
    behind = texts[texts.index(("user", WISH)) :]
    results = sum(role == "tool" for role, _ in behind)
    match results:
        case 0:
            return Reply(
                "Let me see. ",
                [("search_catalog", {"query": "bananas"})],
                signature="thought",
                reasoning="Bananas.",
            )
        case 1:
            return Reply("", ITEMS, signature="thought", reasoning="Both, then.")
    return Reply(ENDING)


def invents(asked: Asked) -> Reply | None:
    """The same, but what it says needs mending, and is mended when that is asked for."""
    reply = shops(asked)
    if reply is not None and reply.text == ENDING:
        return Reply(ENDING if not asked.streamed else INVENTED)
    return reply
