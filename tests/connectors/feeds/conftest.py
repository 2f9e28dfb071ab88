"""A server of feeds and a downloader that may reach it."""

from collections.abc import Iterator

import pytest

from connectors.feeds.download import DownloadLimits, HttpDownload
from tests.stand_ins.feed_server import FeedServer, serving


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with serving() as feeds:
        yield feeds


@pytest.fixture
def download() -> HttpDownload:
    return HttpDownload(
        limits=DownloadLimits(most_bytes=100_000, wait_seconds=5), private_allowed=True
    )
