import io
import logging
import sys
from collections.abc import Iterator

import pytest

from connectors.log_redaction import LogRedaction, redact_logs, without_secrets


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logging.getLogger().addHandler(handler)
    redact_logs()
    yield text
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /api/v1/runs/r1/events?token=abc123secret&after=4", "abc123secret"),
        ("headers {'Authorization': 'Bearer abc.def.ghi123'}", "abc.def.ghi123"),
        ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("Set-Cookie: session=verysecret; Path=/", "verysecret"),
        ("posting to https://hooks.slack.com/services/T0/B0/XyZ123", "XyZ123"),
        ("POST https://api.telegram.org/bot123456:AAsecret/sendMessage", "AAsecret"),
        ("POST https://shop.example/hooks/4f5e6d7c8b", "4f5e6d7c8b"),
        ("connecting to postgresql://smart:geheim@db/shop", "geheim"),
        ("connecting to rediss://:geheim2@redis:6379/0", "geheim2"),
        ("x-goog-api-key: AIzaSyA1234567890123456789012345678901", "AIzaSyA1234567890"),
        ("mail to anna.quill@example.com failed", "anna.quill"),
        ("no answer from +1 415 555 0189", "555 0189"),
        ("no answer from (415) 555-0189", "555-0189"),
        ("got 'card 4111 1111 1111 1111'", "4111 1111"),
        ("key=sk-proj-abcdefghij1234567890", "abcdefghij"),
    ],
)
def test_a_secret_is_not_written(text: str, secret: str, written: io.StringIO) -> None:
    logging.getLogger("somebody").warning("%s", text)

    assert "removed]" in written.getvalue()
    assert secret not in written.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "turn t_0123abc: 3 calls in 41 ms, 2026-11-23 09:12:44",
        "imported 2,163 rows from https://shop.example/feed.csv",
        "GET /api/v1/products?query=oat%20milk&limit=20 200",
        "4006381333931 is not a product",
        "order SC-100123 placed, total $41.10",
    ],
)
def test_what_an_engineer_needs_is_written(text: str) -> None:
    assert without_secrets(text) == text


def test_a_traceback_is_cleaned_too(written: io.StringIO) -> None:
    try:
        message = "cannot reach postgresql://smart:geheim@db/shop"
        raise RuntimeError(message)  # noqa: TRY301
    except RuntimeError:
        logging.getLogger("somebody").exception("it failed")

    assert "RuntimeError" in written.getvalue()
    assert "geheim" not in written.getvalue()


def test_the_access_log_keeps_its_parts() -> None:
    record = logging.LogRecord(
        "uvicorn.access", logging.INFO, __file__, 1, '%s - "%s %s HTTP/%s" %d',
        ("10.0.0.1:1", "GET", "/api/v1/runs/r1?token=abc123secret", "1.1", 200), None,
    )  # fmt: skip

    LogRedaction().filter(record)

    assert isinstance(record.args, tuple)
    assert len(record.args) == 5
    assert "abc123secret" not in record.getMessage()
    assert record.getMessage().endswith("200")


@pytest.mark.usefixtures("written")
def test_each_handler_is_given_one_filter() -> None:
    redact_logs()
    redact_logs()

    for handler in logging.getLogger().handlers:
        assert sum(isinstance(one, LogRedaction) for one in handler.filters) <= 1


def test_a_message_that_does_not_fit_its_arguments_does_not_stop_the_shop() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%d", ("no number",), None)

    assert LogRedaction().filter(record)
    assert sys.exc_info()[0] is None
