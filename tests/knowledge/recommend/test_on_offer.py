from decimal import Decimal

from knowledge.pricing.promotions import PercentOff, Promotion
from knowledge.recommend.asking import Asked
from knowledge.shop import Shop


def test_promotions_and_departments_are_mixed(shop: Shop) -> None:
    offers = tuple(
        Promotion(
            name, name, PercentOff(kind="percent_off", percent=Decimal(percent), category=category)
        )
        for name, category, percent in (
            ("pasta", "Pantry > Pasta", 40),
            ("pantry", "Pantry", 20),
            ("dairy", "Dairy & eggs", 10),
        )
    )
    with shop.read() as work:
        asked = Asked(kind="deals", session=work.session, catalog=work.catalog, offers=offers)
        found = shop.recommender.suggest(asked).items

    reasons = [one.reason for one in found]
    assert len(found) == asked.limit
    assert {reason.split(" ")[0] for reason in reasons} == {"40%", "20%", "10%"}
    assert reasons == sorted(reasons, key=lambda reason: -int(reason.split("%")[0]))
