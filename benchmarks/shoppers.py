"""Many shoppers at once: run `python -m benchmarks.shoppers [--shoppers 16] [--model-ms 300]`.

A server as `smartcart serve` starts it, SQLite, its private Redis, and a model on loopback that
takes its time for each of the two calls of a turn (a search, an answer). Each shopper reads the
stream of a turn to its end and says the next thing at once. Ideal is the rate at which nothing but
the model took time: shoppers / (2 x the model's seconds). One shopper alone, in the same run, is
the baseline: what is lost there is a turn's overhead, what is lost beyond it waiting for others.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bench_shop import in_words, machine, tell
from benchmarks.served_shop import arrivals, processor, served_shop
from benchmarks.shop_client import Client, Seen
from benchmarks.vendor import running_vendor
from tests.e2e.processes import SmartCart

_CALLS = 2
_TALK = 10


async def shop_on(client: Client, turns: int, seen: list[Seen]) -> None:
    for number in range(turns):
        if number % _TALK == 0:
            client.begin_anew()
        seen.append(await client.say("oat milk"))


async def measure(shop: SmartCart, shoppers: int, turns: int, model: float) -> dict[str, Any]:
    clients = await arrivals(shop, shoppers)
    await asyncio.gather(*[shop_on(client, 2, []) for client in clients])
    seen: list[Seen] = []
    before = processor(shop)
    begun = time.perf_counter()
    await asyncio.gather(*[shop_on(client, turns, seen) for client in clients])
    taken = time.perf_counter() - begun
    rate, ideal = len(seen) / taken, shoppers / (_CALLS * model)
    return {
        "shoppers": shoppers,
        "rate": rate,
        "ideal": ideal,
        "share": rate / ideal,
        "failed": sum(not one.finished for one in seen),
        "processor": (processor(shop) - before) / len(seen),
        "whole": [one.whole for one in seen],
        "first": [one.first_text for one in seen],
    }


async def run(shoppers: int, turns: int, model: float) -> dict[str, Any]:
    before = machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_vendor(first=model) as vendor,
        served_shop(Path(folder), vendor.base_url) as shop,
    ):
        alone = await measure(shop, 1, turns, model)
        many = await measure(shop, shoppers, turns, model)
    return {"machine before": before, "machine after": machine(), "alone": alone, "many": many}


def in_lines(result: dict[str, Any]) -> list[str]:
    lines = [f"before: {result['machine before']}; after: {result['machine after']}"]
    for one in (result["alone"], result["many"]):
        lines += [
            f"{one['shoppers']} at once: {one['rate']:.2f} of {one['ideal']:.2f} turns/s ideal",
            f"  {one['share']:.1%}; {one['failed']} failed",
            f"  {1000 * one['processor']:.1f} ms of the server's processor time a turn",
            in_words("  to the first text", one["first"]),
            in_words("  whole turn", one["whole"]),
        ]
    share = result["many"]["share"] / result["alone"]["share"]
    return [*lines, f"many / alone: {share:.1%} of its share; target: >= 95 % of the ideal"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shoppers", type=int, default=16)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--model-ms", type=float, default=300)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    result = asyncio.run(run(given.shoppers, given.turns, given.model_ms / 1000))
    tell(result, in_lines(result), as_json=given.json)


if __name__ == "__main__":
    main()
