"""The talk works over the public API with no key, in ten more wordings and in another trade."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e.processes import Shopper, SmartCart
from tests.e2e.talk import GROCERY, HARDWARE, PARAPHRASES, Talk, carry

HARDWARE_FILE = Path(__file__).parents[1] / "data" / "hardware.jsonl"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmartCart]:
    process = SmartCart(tmp_path_factory.mktemp("market"))
    yield process.wait()
    process.stop()


@pytest.fixture
def hardware_store(tmp_path: Path) -> Iterator[SmartCart]:
    process = SmartCart(tmp_path, SMARTCART_CATALOG=str(HARDWARE_FILE))
    yield process.wait()
    process.stop()


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(talk, id=talk.find, marks=[pytest.mark.long] if place > 3 else [])
        for place, talk in enumerate([GROCERY, *PARAPHRASES])
    ],
)
def test_a_shopper_gets_from_hello_to_order(market: SmartCart, talk: Talk) -> None:
    shopper = Shopper(market.url)
    answer = carry(shopper.say, talk)
    (order,) = shopper.get("orders")["items"]
    assert order["id"] == answer["order"]["id"]


def test_an_order_lowers_the_stock(market: SmartCart) -> None:
    shopper = Shopper(market.url)
    shopper.say("find oat milk")
    added = shopper.say("add two of the first one")
    (line,) = added["cart"]["lines"]
    before = shopper.get(f"products/{line['product']}")["stock"]
    shopper.say("check out")
    assert shopper.say("yes")["order"]["status"] == "placed"
    after = shopper.get(f"products/{line['product']}")["stock"]
    assert Decimal(before) - Decimal(after) == Decimal(line["quantity"])


def test_the_same_talk_works_in_a_hardware_store(hardware_store: SmartCart) -> None:
    carry(Shopper(hardware_store.url).say, HARDWARE)
