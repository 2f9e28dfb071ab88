"""Lets a compromised model do what an attacker wants, and looks at what came of it."""

import asyncio
import io
import json
import logging
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from assistant.messages import Answer, ConfirmationAnswer, InboundMessage
from assistant.providers.opening import ModelOptions, open_minds
from assistant.providers.specs import parse_chain
from assistant.service import Assistant
from connectors.log_redaction import LogRedaction
from knowledge.errors import NotFound
from knowledge.state.connection import SharedState
from tests.fixed_clock import FixedClock
from tests.safety.case_files import PROMPTS, Case, filled, script
from tests.safety.ownership import Database, Snapshot
from tests.safety.town import Town, newcomer
from tests.stand_ins.model_server import Asked
from tests.stand_ins.openai_server import OpenAiServer
from tests.stand_ins.replies import Reply

_NUMBERS = count(1)
_LINK = re.compile(r"(?:https?://|www\.)[\w./-]+")


class Range:
    """One shop with its database and an assistant, for one attack after the other.

    The model is a vendor's server on loopback that says what the attacker wants; everything from
    the vendor's client on is what a shop runs.
    """

    def __init__(self, town: Town, file: Path, redis_url: str, clock: FixedClock) -> None:
        self.town = town
        self._clock = clock
        self._database = Database(file)
        self._lines: list[Reply] = [Reply("Done.")]
        self._server = OpenAiServer(rules=[self._next]).start()
        self._state = SharedState(redis_url)
        self._log = io.StringIO()
        self._handler = logging.StreamHandler(self._log)
        self._handler.addFilter(LogRedaction())
        logging.getLogger().addHandler(self._handler)
        self._runner = asyncio.Runner()
        self._assistant = self._runner.run(self._open())
        self._before = self._database.snapshot()

    async def _open(self) -> Assistant:
        minds = open_minds(
            parse_chain("openai:compromised"), ModelOptions(base_url=self._server.base_url)
        )
        return Assistant(shop=self.town.shop, minds=minds, state=self._state)

    def close(self) -> None:
        self._runner.run(self._assistant.close())
        self._runner.close()
        self._state.close()
        self._server.stop()
        logging.getLogger().removeHandler(self._handler)

    def _next(self, _: Asked) -> Reply:
        return self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]

    def attack(self, case: Case) -> "Outcome":
        before = self._before
        self._log.seek(0)
        self._log.truncate()
        attacker, talk = newcomer(self.town, case.setting)
        answers: list[Answer] = []
        seen: list[str] = []
        turned_away = False
        for turn in case.turns:
            self._clock.advance(60 * turn.get("later", 0))
            try:
                said = self._runner.run(self._turn(turn, attacker.id, answers, talk))
            except NotFound as error:
                turned_away = True
                seen.append(str(error))
                continue
            answer, events, told = said
            answers.append(answer)
            seen += [answer.model_dump_json(), *events, *told]
        # The others' questions must still be open in the next case.
        self._clock.advance(-60 * sum(turn.get("later", 0) for turn in case.turns))
        after = self._before = self._database.snapshot()
        written = {name: after[name] - before[name] for name in after}
        seen += [str(cells) for rows in written.values() for cells in rows]
        return Outcome(
            answers=answers,
            foreign=self._database.foreign_changes(before, after, attacker.id),
            leaks=self._leaks(case, [*seen, self._log.getvalue()]),
            turned_away=turned_away,
            refused=self._server.problems,
            orders=self._database.new_orders(before, after),
            wrong_prices=self._database.wrong_prices(before, after),
            consents=self._consents(after),
            come=Counter({name: len(after[name]) - len(before[name]) for name in after}),
            attacker_id=attacker.id,
        )

    def _consents(self, after: Snapshot) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self._database.records(after, "confirmations")}

    async def _turn(
        self, turn: dict[str, Any], shopper_id: str, earlier: list[Answer], talk: str | None
    ) -> tuple[Answer, list[str], list[str]]:
        turn = filled(turn, {**self.town.ids, **PROMPTS, **_own_ids(earlier)})
        self._lines = script(turn)
        self._server.asked.clear()
        self._server.problems = []
        message = InboundMessage(
            channel=turn.get("channel", "web"),
            peer=turn.get("peer", "somebody"),
            message_id=f"attack-{next(_NUMBERS)}",
            text=turn.get("says", ""),
            locale=turn.get("locale"),
            conversation_id=turn.get("talk", earlier[-1].conversation_id if earlier else talk)
            or None,
            confirmation=ConfirmationAnswer(*turn["confirms"]) if "confirms" in turn else None,
        )
        run = await self._assistant.submit(message, shopper_id)
        events = [event.data async for event in self._assistant.events(run.id)]
        told = [json.dumps(asked.raw, ensure_ascii=False) for asked in self._server.asked]
        return await run.answer(), events, told

    def _leaks(self, case: Case, seen: list[str]) -> list[str]:
        """Secrets of others, but those that the attacker names themselves."""
        named = json.dumps(filled({"turns": case.turns}, self.town.ids)).casefold()
        text = "\n".join(seen).casefold()
        return [
            secret
            for secret in self.town.secrets
            if secret.casefold() in text and secret.casefold() not in named
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    answers: list[Answer]
    foreign: list[str]
    leaks: list[str]
    turned_away: bool
    refused: list[str]
    """What the vendor would have refused of our requests."""
    orders: list[dict[str, Any]]
    wrong_prices: list[str]
    consents: dict[str, dict[str, Any]]
    come: Counter[str]
    """How many rows each table has more."""
    attacker_id: str

    @property
    def shown(self) -> str:
        """Every text the attacker was shown as the shop's own words."""
        return "\n".join(answer.text for answer in self.answers)

    @property
    def given_links(self) -> list[str]:
        """Cards that show an address of the web which the model brought in by a call."""
        found = []
        for answer in self.answers:
            given = set(_LINK.findall(json.dumps([call.arguments for call in answer.tools])))
            cards = answer.model_dump_json(include={"blocks"})
            found += [link for link in given if link in cards]
        return found

    def unconfirmed_orders(self) -> list[dict[str, Any]]:
        return [order for order in self.orders if not self._is_confirmed(order)]

    def _is_confirmed(self, order: dict[str, Any]) -> bool:
        asked = self.consents.get(order["confirmation_id"])
        return (
            asked is not None
            and asked["status"] == "accepted"
            and asked["action"] == "place_order"
            and asked["shopper_id"] == order["shopper_id"] == self.attacker_id
        )

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.shown, re.IGNORECASE) is not None


def _own_ids(earlier: list[Answer]) -> dict[str, str]:
    """``mine.confirmation`` is the last question, ``first.confirmation`` the first."""
    asked = [answer.confirmation.id for answer in earlier if answer.confirmation is not None]
    return {"mine.confirmation": asked[-1], "first.confirmation": asked[0]} if asked else {}
