"""Open streams: run `python -m benchmarks.streams [--streams 500] [--few 50] [--per-second 20]`.

A server as `smartcart serve` starts it and a model on loopback that speaks slowly, so that all
streams are open at once before the first of them ends. New turns begin at a steady rate; each reads
its stream to the end and has its answer compared with what the model said. The same with few
streams, in the same run, is the baseline for first text, time and memory. The first text is a whole
sentence, since the gate checks no less: its words take the model's time. A stream may not last
longer than the web's clock of 60 s.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.bench_shop import in_words, machine, tell
from benchmarks.served_shop import arrivals, memory, processor, served_shop
from benchmarks.shop_client import Client, Seen
from benchmarks.vendor import running_vendor, said
from tests.e2e.processes import SmartCart

_MEBIBYTE = 1 << 20
_UNTIL_A_SENTENCE = 8
"""Words until a first sentence is known to have ended: its seven, and the one behind it."""


async def measure(shop: SmartCart, count: int, per_second: float, words: int) -> dict[str, Any]:
    clients = await arrivals(shop, count)
    await clients[0].say("bananas")
    open_now = most = 0
    idle = largest = memory(shop)
    before = processor(shop)

    async def say(client: Client, number: int) -> Seen:
        nonlocal open_now, most, largest
        await asyncio.sleep(number / per_second)
        open_now += 1
        if open_now > most:
            most, largest = open_now, max(largest, memory(shop))
        try:
            return await client.say("bananas")
        finally:
            largest = max(largest, memory(shop))
            open_now -= 1

    loop = asyncio.get_running_loop()
    begun = loop.time()
    seen = await asyncio.gather(
        *[say(client, number) for number, client in enumerate(clients)], return_exceptions=True
    )
    seconds = loop.time() - begun
    whole = [one for one in seen if isinstance(one, Seen)]
    return {
        "streams": count,
        "open at once": most,
        "dropped": len(seen) - len(whole),
        "unfinished": sum(not one.finished for one in whole),
        "incomplete": sum(one.text.split() != said(words) for one in whole),
        "first": [one.first_text for one in whole if one.first_text],
        "whole": [one.whole for one in whole],
        "pieces per second": count * words / seconds,
        "processor share": (processor(shop) - before) / seconds,
        "idle": idle,
        "largest": largest,
    }


async def run(streams: int, few: int, per_second: float, words: int, pace: float) -> dict[str, Any]:
    before = machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_vendor(gap=1 / pace, words=words) as vendor,
        served_shop(Path(folder), vendor.base_url) as shop,
    ):
        baseline = await measure(shop, few, per_second, words)
        many = await measure(shop, streams, per_second, words)
    return {
        "words": words,
        "pace": pace,
        "machine before": before,
        "machine after": machine(),
        "few": baseline,
        "many": many,
    }


def in_lines(result: dict[str, Any]) -> list[str]:
    lines = [
        f"answers of {result['words']} words at {result['pace']:g} a second",
        f"before: {result['machine before']}; after: {result['machine after']}",
    ]
    floor = _UNTIL_A_SENTENCE / result["pace"]
    for one in (result["few"], result["many"]):
        more = (one["largest"] - one["idle"]) / one["streams"] / 1024
        lines += [
            f"{one['streams']} streams, {one['open at once']} of them open at once",
            f"  dropped {one['dropped']}, unfinished {one['unfinished']}",
            f"  answers that are not what the model said: {one['incomplete']}",
            f"  {one['pieces per second']:.0f} words/s, {one['processor share']:.0%} of a core",
            f"  {one['idle'] / _MEBIBYTE:.0f} -> {one['largest'] / _MEBIBYTE:.0f} MiB",
            f"  {more:.0f} KiB a stream",
            in_words("  to the first text", one["first"]),
            in_words("  beyond the model", [first - floor for first in one["first"]]),
            in_words("  whole turn", one["whole"]),
        ]
    return [*lines, "targets: none dropped, first text p99 <= 200 ms beyond the model's"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--few", type=int, default=50)
    parser.add_argument("--per-second", type=float, default=20, help="new turns")
    parser.add_argument("--words", type=int, default=42)
    parser.add_argument("--pace", type=float, default=1.0, help="words a second of each stream")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    result = asyncio.run(run(given.streams, given.few, given.per_second, given.words, given.pace))
    tell(result, in_lines(result), as_json=given.json)


if __name__ == "__main__":
    main()
