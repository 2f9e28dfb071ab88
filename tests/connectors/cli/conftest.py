"""Runs commands in process, in a folder without settings of the person who runs the tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from connectors.cli.main import app
from connectors.settings import Settings
from tests.databases import SqliteTemplate

Run = Callable[..., Result]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for names in Settings.names().values():
        for name in names:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def stocked(folder: Path, sample_template: SqliteTemplate) -> Path:
    """The data folder of a shop that has the sample catalog."""
    data = folder / ".smartcart"
    data.mkdir()
    sample_template.copy_to(data)
    (data / "shop.db").rename(data / "smartcart.db")
    return data


@pytest.fixture
def run(folder: Path) -> Run:
    del folder
    runner = CliRunner()

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        return runner.invoke(app, list(arguments), input=stdin)

    return invoke


def printed(result: Result) -> Any:
    """The JSON a command printed."""
    return json.loads(result.stdout.strip().splitlines()[-1])
