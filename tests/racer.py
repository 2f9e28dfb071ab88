"""One of several processes that race: ``python -m tests.racer URL FOLDER ACTION ...``.

Says "ready", waits for a line, acts, and prints what came of it as JSON.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

from knowledge.carts.models import Actor
from knowledge.orders.decisions import carry_out
from knowledge.shop import Shop
from tests.fixed_clock import FixedClock
from tests.sample_shop import open_sample_shop


def add(shop: Shop, shopper_id: str, cart_id: str, product_id: str, times: str) -> list[str]:
    for _ in range(int(times)):
        shop.change(
            lambda work: work.carts.add(
                cart_id, product_id, Decimal(1), actor=Actor(shopper_id, "web")
            )
        )
    return ["done"]


def say_yes(shop: Shop, confirmation_id: str) -> list[str]:
    decision = shop.change(
        lambda work: carry_out(work, work.confirmations.get(confirmation_id), "yes", "web")
    )
    return [decision.outcome]


def main() -> None:
    url, folder, action, *arguments = sys.argv[1:]
    with open_sample_shop(url, Path(folder), FixedClock()) as shop:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        outcome = add(shop, *arguments) if action == "add" else say_yes(shop, *arguments)
        sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main()
