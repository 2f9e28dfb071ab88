"""The database fails at each statement of a turn: locked, broken, gone, or its word is lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from redis import Redis
from sqlalchemy.exc import DBAPIError

from assistant.limits import Limits
from assistant.messages import InboundMessage
from assistant.service import Assistant
from knowledge.errors import Unavailable
from knowledge.shop import Shop
from prompts import load_wording
from tests.assistant.chaos.conftest import LEASE, bounded
from tests.assistant.chaos.database_lines import FailingDriver, Line, through_relay
from tests.assistant.chaos.exchange import Exchange
from tests.assistant.chaos.request_relay import Loss, Lost
from tests.assistant.chaos.shopping import ENDING, ITEMS
from tests.assistant.chaos.verdict import (
    AGREED,
    CHANNEL,
    THANKS,
    WISH,
    NotWrittenDown,
    Told,
    faults_after,
    faults_of,
    tell,
)
from tests.databases import PostgresTemplate
from tests.fixed_clock import FixedClock
from tests.market import goods, stock_shelves
from tests.stand_ins.scripted import ScriptedChatModel, call, calls, says

MakeAssistant = Callable[..., Assistant]
Message = Callable[..., InboundMessage]
MakeShop = Callable[[str], Shop]
SECONDS = 30.0
WRITING = 8.0
"""Beyond the clock, where nothing can be written: how long trying may take, and some patience."""
LOCKED, BROKEN = "database is locked", "disk I/O error"


def mind(messages: list[BaseMessage]) -> AIMessage:
    """Searches, adds two things at once, and says so; in any attempt at the turn."""
    texts = [one.text if isinstance(one, HumanMessage) else "" for one in messages]
    if WISH not in texts or THANKS in texts:
        return says(AGREED)
    behind = messages[len(texts) - texts[::-1].index(WISH) :]
    match sum(isinstance(one, ToolMessage) for one in behind):
        case 0:
            return call("search_catalog", query="bananas")
        case 1:
            return calls(*ITEMS)
    return says(ENDING)


@dataclass
class Trials:
    """Turns whose database fails somewhere, and then is well again."""

    assistant: Assistant
    line: Line
    says_on: Message
    clock: FixedClock
    redis: Redis
    asked: int = 0

    async def requests(self) -> int:
        """How many there are in a turn in which nothing fails."""
        assert await self.wrong_with(None) == []
        assert self.asked > 20, "a turn asks the database"
        return self.asked

    async def wrong_with(self, lost: Lost | None, seconds: float = SECONDS) -> list[str]:
        shop = self.assistant.shop
        with shop.write() as work:
            shopper = work.shoppers.create_anonymous(CHANNEL)
        message = self.says_on(WISH, channel=CHANNEL)
        wrong: list[str] = []
        told: Told | None = None
        self.line.expect(lost)
        try:
            told = await tell(self.assistant, message, shopper)
        except NotWrittenDown as apology:
            if apology.last.get("message") != load_wording("apologies")["failed"]:
                wrong.append(f"instead of an apology came {apology.last}")
            if apology.seconds > seconds + WRITING:
                wrong.append(f"the apology took {apology.seconds:.1f} s")
        except (Unavailable, DBAPIError):
            pass  # the message was not taken in, and its sender knows that
        self.asked = self.line.requests
        self.line.expect(None)
        if told is None:
            # It comes once more, as channels send what was not acknowledged, or it is swept up.
            self.clock.advance(LEASE.total_seconds() + 1)
            await self.assistant.sweep()
            told = replace(await tell(self.assistant, message, shopper), seconds=0.0)
        wrong += faults_of(shop, shopper, told, seconds)
        wrong += await faults_after(
            self.assistant, self.says_on, shopper, self.redis, locked=lost is not None
        )
        return [f"{lost}: {one}" for one in wrong]


@pytest.fixture
def make_trials(
    make_assistant: MakeAssistant, says_on: Message, clock: FixedClock, redis: Redis
) -> Callable[..., Trials]:
    def make(shop: Shop, line: Line, limits: Limits | None = None) -> Trials:
        stock_shelves(shop, goods("P001", title="Bananas"), goods("P002", title="Oat Drink"))
        model = ScriptedChatModel(script=[mind] * 5000)
        assistant = make_assistant(model, shop=shop, limits=limits or bounded(SECONDS))
        return Trials(assistant, line, says_on, clock, redis)

    return make


@pytest.fixture(params=[LOCKED])
def sqlite_trials(
    request: pytest.FixtureRequest,
    make_trials: Callable[..., Trials],
    make_shop: MakeShop,
    sqlite_url: str,
) -> Iterator[Trials]:
    driver = FailingDriver(request.param)
    shop = make_shop(sqlite_url)
    with driver.on(shop.units.engine):
        yield make_trials(shop, driver)


@pytest.fixture
def postgres_trials(
    make_trials: Callable[..., Trials],
    make_shop: MakeShop,
    exchange: Exchange,
    postgres_template: PostgresTemplate,
) -> Iterator[Trials]:
    with postgres_template.clone() as url:
        relay, through = through_relay(exchange, url)
        yield make_trials(make_shop(through), relay)


async def test_a_database_that_fails_for_good_in_the_middle_of_a_turn(
    sqlite_trials: Trials,
) -> None:
    half = await sqlite_trials.requests() // 2

    assert await sqlite_trials.wrong_with(Lost(half, "request lost", for_good=True)) == []


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_database_that_is_locked_at_each_statement_of_a_turn(
    sqlite_trials: Trials,
) -> None:
    wrong = [
        one
        for request in range(await sqlite_trials.requests())
        for one in await sqlite_trials.wrong_with(Lost(request, "request lost"))
    ]

    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("sqlite_trials", [BROKEN], indirect=True)
async def test_a_database_that_is_broken_from_some_statement_on(sqlite_trials: Trials) -> None:
    wrong = [
        one
        for request in range(0, await sqlite_trials.requests(), 4)
        for one in await sqlite_trials.wrong_with(Lost(request, "request lost", for_good=True))
    ]

    assert wrong == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("how", "every"), [("answer lost", 1), ("request lost", 3)])
async def test_a_line_to_the_database_that_is_cut_at_each_request_of_a_turn(
    how: Loss, every: int, postgres_trials: Trials
) -> None:
    wrong = [
        one
        for request in range(0, await postgres_trials.requests(), every)
        for one in await postgres_trials.wrong_with(Lost(request, how))
    ]

    assert wrong == []


@pytest.mark.long
async def test_a_database_that_never_answers_again(
    postgres_trials: Trials, make_assistant: MakeAssistant
) -> None:
    half = await postgres_trials.requests() // 2
    postgres_trials.assistant = make_assistant(
        ScriptedChatModel(script=[mind] * 50),
        shop=postgres_trials.assistant.shop,
        limits=bounded(2.0),
    )
    lost = Lost(half, "stall", for_good=True, seconds=12.0)

    assert await postgres_trials.wrong_with(lost, seconds=2.0) == []
