"""Which conversation an AG-UI thread is: clients name threads, the shop names conversations."""

from knowledge.errors import NotFound
from knowledge.shop import Shop
from knowledge.shoppers.shoppers import Shopper


def conversation_of(shop: Shop, shopper: Shopper, thread_id: str) -> str | None:
    """The shopper's conversation of that id, else None: a new one, named in RUN_STARTED.

    A client that makes up thread ids goes on with the id it is told, as the protocol asks. An id
    of another shopper's conversation is as unknown as any other.
    """
    with shop.read() as work:
        try:
            return work.conversations.get(thread_id, shopper_id=shopper.id).id
        except NotFound:
            return None
