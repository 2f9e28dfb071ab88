from pathlib import Path

import pytest
import redis

from connectors.embedded import EmbeddedRedis
from tests.connectors.cli.conftest import Run


def test_a_backup_makes_the_same_shop_in_another_folder(
    run: Run, stocked: Path, folder: Path
) -> None:
    saved = run("backup", str(folder / "shop.zip"))
    restored = run("--data-dir", str(folder / "other"), "restore", str(folder / "shop.zip"))

    assert saved.exit_code == restored.exit_code == 0
    assert (folder / "shop.zip").stat().st_mode & 0o077 == 0
    assert "Restored Greenleaf Market" in restored.stdout
    found = run("--data-dir", str(folder / "other"), "search", "oat milk", "--json")
    assert found.stdout == run("search", "oat milk", "--json").stdout
    assert stocked.exists()


def test_backups_without_a_name_go_into_the_data_folder(run: Run, stocked: Path) -> None:
    result = run("backup")

    (file,) = (stocked / "backups").iterdir()
    assert file.name in result.stdout


def test_a_running_shop_is_not_restored(run: Run, stocked: Path, folder: Path) -> None:
    run("backup", str(folder / "shop.zip"))

    with EmbeddedRedis(stocked):
        result = run("restore", str(folder / "shop.zip"), "--replace")

    assert result.exit_code == 2
    assert "Stop it" in result.stderr


def test_what_redis_knew_of_the_old_shop_is_forgotten(
    run: Run, stocked: Path, folder: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(folder / "shop.zip"))
    client = redis.Redis.from_url(redis_url)
    client.set("smartcart:window:of-the-old-shop", "hello", ex=60)
    client.set("somebody-else", "stays", ex=60)

    monkeypatch.setenv("SMARTCART_REDIS_URL", redis_url)
    result = run("restore", str(folder / "shop.zip"), "--replace")

    assert result.exit_code == 0
    assert client.get("smartcart:window:of-the-old-shop") is None
    assert client.get("somebody-else") == b"stays"
    assert stocked.exists()


def test_a_missing_file_is_told(run: Run, folder: Path) -> None:
    result = run("restore", str(folder / "nothing.zip"))

    assert result.exit_code == 2
    assert "There is no file" in result.stderr
