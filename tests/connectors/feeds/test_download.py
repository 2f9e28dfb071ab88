import gzip
from pathlib import Path

import pytest

from connectors.feeds.download import DownloadLimits, HttpDownload
from connectors.feeds.guarded_network import is_public
from knowledge.errors import Unavailable
from tests.stand_ins.feed_server import FeedServer


def fetch(download: HttpDownload, url: str, folder: Path) -> bytes:
    target = folder / "f.feed"
    assert download.fetch(url, target, etag=None, last_modified=None) is not None
    return target.read_bytes()


def test_a_feed_is_fetched_once_and_then_only_when_it_is_new(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = gzip.compress(b"rows" * 1000)
    target = tmp_path / "f.feed"

    first = download.fetch(f"{server.url}/f", target, etag=None, last_modified=None)

    assert first is not None
    assert target.read_bytes() == server.content
    again = download.fetch(
        f"{server.url}/f", target, etag=first.etag, last_modified=first.last_modified
    )
    assert again is None
    asked = server.asked[1][1]
    assert asked["if-none-match"] == server.etag
    assert asked["if-modified-since"] == "Mon, 23 Nov 2026 08:00:00 GMT"


def test_a_download_that_breaks_off_goes_on_where_it_was(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = bytes(range(256)) * 100
    server.break_after = [10_000, 5_000]

    assert fetch(download, f"{server.url}/f", tmp_path) == server.content
    assert [asked.get("range") for _, asked in server.asked] == [
        None, "bytes=10000-", "bytes=15000-",
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == [tmp_path / "f.feed"]


def test_also_the_next_fetch_goes_on_unless_the_content_has_changed(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = b"old" * 5000
    server.break_after = [100, 100, 100]
    with pytest.raises(Unavailable, match="broke off"):
        fetch(download, f"{server.url}/f", tmp_path)

    server.content = b"new" * 5000
    assert fetch(download, f"{server.url}/f", tmp_path) == server.content
    assert server.asked[-1][1]["range"] == "bytes=300-"


def test_without_a_strong_etag_it_begins_anew(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content, server.weak, server.break_after = b"rows" * 5000, True, [100]

    assert fetch(download, f"{server.url}/f", tmp_path) == server.content


def test_too_large_a_feed_is_not_kept(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = b"x" * 100_001

    with pytest.raises(Unavailable, match="larger than 100,000 bytes"):
        fetch(download, f"{server.url}/f", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_redirects_are_followed_a_few_times_and_only_to_the_web(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = b"rows"
    server.redirects = {
        "/moved": "/f", "/loop": "/loop", "/file": "file:///etc/passwd", "/odd": "ftp://x/y",
    }  # fmt: skip

    assert fetch(download, f"{server.url}/moved", tmp_path) == b"rows"
    with pytest.raises(Unavailable, match="more than 5 times"):
        fetch(download, f"{server.url}/loop", tmp_path)
    for path in ("/file", "/odd"):
        with pytest.raises(Unavailable, match="no http or https"):
            fetch(download, f"{server.url}{path}", tmp_path)


def test_a_name_and_password_are_sent_to_their_own_server_only(
    server: FeedServer, download: HttpDownload, tmp_path: Path
) -> None:
    server.content = b"rows"
    server.redirects = {"/moved": server.url.replace("127.0.0.1", "localhost") + "/f"}
    address = server.url.replace("http://", "http://me:pass%20word@")

    fetch(download, f"{address}/moved", tmp_path)

    assert server.asked[0][1]["authorization"] == "Basic bWU6cGFzcyB3b3Jk"
    assert "authorization" not in server.asked[1][1]


def test_addresses_within_the_network_are_refused_unless_allowed(
    server: FeedServer, tmp_path: Path
) -> None:
    guarded = HttpDownload(limits=DownloadLimits())

    with pytest.raises(Unavailable, match="within this network"):
        fetch(guarded, f"{server.url}/f", tmp_path)
    assert server.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - to be refused
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("nonsense", False),
    ],
)
def test_an_address_is_public_or_not(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(("status", "said"), [(500, "answered 500"), (403, "answered 403")])
def test_a_refusal_is_said(
    server: FeedServer, download: HttpDownload, tmp_path: Path, status: int, said: str
) -> None:
    server.status = status

    with pytest.raises(Unavailable, match=said):
        fetch(download, f"{server.url}/f", tmp_path)


def test_a_server_that_is_not_there_is_said(download: HttpDownload, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        fetch(download, "http://127.0.0.1:9/f", tmp_path)
