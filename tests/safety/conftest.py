"""One shop for all attacks of a module: they must not touch it, so it stays as it is."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.databases import SqliteTemplate
from tests.fixed_clock import FixedClock
from tests.safety.attack import Range
from tests.safety.town import found_town
from tests.sample_shop import open_sample_shop


@pytest.fixture(scope="module")
def attack_range(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> Iterator[Range]:
    folder = tmp_path_factory.mktemp("range")
    url = sqlite_template.copy_to(folder)
    with ExitStack() as opened:
        clock = FixedClock()
        shop = opened.enter_context(open_sample_shop(url, folder, clock))
        made = Range(found_town(shop), folder / "shop.db", redis_url, clock)
        opened.callback(made.close)
        yield made
