"""Records the talks of this folder anew: `python -m tests.assistant.grounding.record`.

Every tool runs on the sample shop, with its promotions and delivery slots, for a fresh shopper.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.confirmations import Chosen, decide
from connectors.settings import Settings
from connectors.wiring import Application, open_application
from tests.assistant.grounding.recorded import TALKS, Part
from tests.fixed_clock import FixedClock
from tools.blocks import ConfirmationBlock
from tools.runner import Caller, Outcome, dump_blocks

HERE = Path(__file__).parent
SCRIPTS = HERE / "talk_scripts.yaml"
RECORDED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Step = dict[str, Any]
"""``user`` says something, ``confirm`` says yes to the open question, else a tool's arguments."""


class Unguarded:
    """No turn stands behind a recording."""

    def check(self, session: object) -> None: ...


def main() -> None:
    logging.disable(logging.WARNING)
    scripts: dict[str, list[Step]] = yaml.safe_load(SCRIPTS.read_text("utf-8"))
    for name, parts in asyncio.run(_record(scripts)).items():
        text = json.dumps(parts, ensure_ascii=False, indent=1)
        (TALKS / f"{name}.json").write_text(f"{text}\n", "utf-8")


async def _record(scripts: dict[str, list[Step]]) -> dict[str, list[Part]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), model="offline")
        clock = FixedClock(RECORDED_AT)
        async with open_application(settings, clock=clock, indexing="first") as application:
            return {
                name: await asyncio.to_thread(_talk, application, name, steps)
                for name, steps in scripts.items()
            }


def _talk(application: Application, name: str, steps: Sequence[Step]) -> list[Part]:
    with application.shop.write() as work:
        shopper = work.shoppers.create_anonymous("web")
    caller = Caller(shopper.id, shopper.cart_id, "web", f"turn-{name}")
    parts: list[Part] = []
    asked: ConfirmationBlock | None = None
    for step in steps:
        ((key, value),) = step.items()
        if key == "user":
            parts.append({"type": "user", "text": value})
            continue
        if key == "confirm":
            assert asked is not None
            outcome = _decided(application, caller, asked)
        else:
            outcome = application.runner.run(caller, key, value)
        asked = next((one for one in outcome.blocks if isinstance(one, ConfirmationBlock)), asked)
        parts.append(
            {
                "type": "tool",
                "name": outcome.tool,
                "text": outcome.text,
                "ok": outcome.ok,
                "blocks": dump_blocks(outcome.blocks),
            }
        )
        print(f"[{name}] {outcome.tool}: {outcome.text}\n")  # noqa: T201 - to be read while writing
    return parts


def _decided(application: Application, caller: Caller, asked: ConfirmationBlock) -> Outcome:
    decided = decide(
        application.shop,
        Chosen(asked.confirmation.id, "yes"),
        shopper_id=caller.shopper_id,
        channel=caller.channel,
        guard=Unguarded(),
    )
    return Outcome("confirmation", decided.text, list(decided.blocks))


if __name__ == "__main__":
    main()
