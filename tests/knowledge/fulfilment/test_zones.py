import pytest

from knowledge.fulfilment.zones import NoDelivery, OutsideZones
from knowledge.shop import Shop
from tests.delivering import TOWN, VALLEY, delivering


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database will do: no statement here is peculiar to one."""
    return sqlite_url


def test_the_first_zone_that_has_a_code_counts(market: Shop) -> None:
    shop = delivering(market)

    with shop.read() as work:
        assert work.zones.all == (TOWN, VALLEY)
        assert work.zones.zone_for("98266-0001") == TOWN
        assert work.zones.zone_for("98271") == VALLEY
        with pytest.raises(OutsideZones, match=r"do not deliver to 10115, only in"):
            work.zones.zone_for("10115")
        with pytest.raises(OutsideZones):
            work.zones.zone_for("98266", "DE")


def test_without_zones_a_shop_delivers_everywhere_or_nowhere(market: Shop) -> None:
    with market.read() as work:
        assert work.zones.zone_for("10115") is None
    nowhere = delivering(market, delivery=None)
    with nowhere.write() as work:
        work.zones.load([])
        with pytest.raises(NoDelivery):
            work.zones.zone_for("10115")
