import asyncio
import json
from pathlib import Path

import pytest

from assistant.messages import InboundMessage
from connectors.examples import examples_for
from connectors.opening import open_shop
from connectors.settings import Settings
from connectors.wiring import open_application
from knowledge.errors import Unavailable
from tests.databases import SqliteTemplate

pytestmark = pytest.mark.timeout(120)
TOOLS = [
    {"id": "H1", "title": "Claw hammer", "price": "12.50", "category": "Tools > Hammers"},
    {"id": "H2", "title": "Sledge hammer", "price": "32.50", "category": "Tools > Hammers"},
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data", model="offline")


@pytest.fixture
def stocked(settings: Settings, sample_template: SqliteTemplate) -> Settings:
    """A shop that has been opened before."""
    settings.data_dir.mkdir()
    Path(sample_template.copy_to(settings.data_dir).removeprefix("sqlite:///")).rename(
        settings.data_dir / "smartcart.db"
    )
    return settings


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    file = tmp_path / "tools.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in TOOLS), "utf-8")
    return file


def test_the_first_start_brings_the_sample_and_its_policies(settings: Settings) -> None:
    with open_shop(settings) as opened, opened.shop.read() as work:
        assert opened.report is not None
        assert opened.report.rejected == 0
        assert work.catalog.count() >= 200
        assert work.policies.all()

    with open_shop(settings) as again:
        assert again.report is None


def test_a_catalog_takes_the_place_of_the_sample_and_stays_without_its_setting(
    stocked: Settings, tools: Path
) -> None:
    settings = stocked
    with open_shop(settings.model_copy(update={"catalog": tools})) as opened:
        with opened.shop.read() as work:
            assert work.catalog.count() == 2
        assert examples_for(opened.shop)[1].startswith("Show me hammers under $")

    with open_shop(settings) as again, again.shop.read() as work:
        assert work.catalog.count() == 2


def test_policies_of_the_shop_take_the_place_of_the_samples(
    stocked: Settings, tmp_path: Path
) -> None:
    settings = stocked
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\n## Tools\n\nWithin 90 days.\n", "utf-8")

    with open_shop(settings) as first, first.shop.read() as work:
        assert work.policies.all()
    own = settings.model_copy(update={"policies": folder})
    with open_shop(own) as opened, opened.shop.read() as work:
        assert [(one.policy, one.text) for one in work.policies.all()] == [
            ("Returns", "Within 90 days.")
        ]
    with open_shop(settings) as later, later.shop.read() as work:
        assert [one.policy for one in work.policies.all()] == ["Returns"]


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(_env_file=None, data_dir=tmp_path / "file" / "data")

    with pytest.raises(Unavailable, match="data folder"), open_shop(settings):
        pass


def test_a_database_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "smartcart.db"
    file.write_bytes(b"this is no database" * 100)
    settings = Settings(_env_file=None, data_dir=tmp_path)

    with pytest.raises(Unavailable, match="database") as caught, open_shop(settings):
        pass
    assert "\n" not in str(caught.value)


def test_the_shop_goes_on_when_its_redis_is_not_there(
    settings: Settings, sample_template: SqliteTemplate, tmp_path: Path
) -> None:
    lost = settings.model_copy(
        update={
            "database_url": sample_template.copy_to(tmp_path),
            "redis_url": "redis://127.0.0.1:1/0",
        }
    )

    async def talk() -> tuple[int, dict[str, bool]]:
        async with open_application(lost, indexing="none") as application:
            with application.shop.write() as work:
                shopper = work.shoppers.create_anonymous("web")
            message = InboundMessage("web", shopper.id, "m", "add two bananas")
            answer = await application.assistant.answer(message, shopper.id)
            checks = await asyncio.to_thread(application.checks)
            return len(answer.cart.lines), {
                one.name: one.ok or not one.needed for one in checks
            } | {"redis answers": next(one.ok for one in checks if one.name == "redis")}

    lines, checks = asyncio.run(talk())

    assert lines == 1
    assert checks == {"database": True, "catalog": True, "redis": True, "redis answers": False}


@pytest.mark.long
def test_the_private_redis_is_started_again_when_it_ends(
    settings: Settings, sample_template: SqliteTemplate, tmp_path: Path
) -> None:
    own = settings.model_copy(update={"database_url": sample_template.copy_to(tmp_path)})

    async def lose_it() -> bool:
        async with open_application(own, indexing="none") as application:
            application.state.attempt(lambda redis: redis.shutdown(nosave=True), None)
            for _ in range(100):
                if await asyncio.to_thread(lambda: application.state.available):
                    return True
                await asyncio.sleep(0.1)
            return False

    assert asyncio.run(lose_it())
