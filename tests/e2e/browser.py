"""A Chromium that looks at the page, for tests and for the pictures in the documentation."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


def chromium_path() -> str:
    """Find the browser of the system; the tests do not bring one of their own."""
    found = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    return found or CHROMIUM


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


class ShopPage:
    """The page as a shopper uses it; complains of anything the browser complains of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        self.wait_until_ready()

    def _console(self, message: object) -> None:
        kind = getattr(message, "type", "")
        if kind in {"error", "warning"}:
            self.complaints.append(str(getattr(message, "text", message)))

    def wait_until_ready(self) -> None:
        expect(self.page.locator("body[data-ready]")).to_have_count(1)

    def say(self, text: str) -> Locator:
        """Type a message and return the answer to it."""
        box = self.page.get_by_label("Your message")
        box.fill(text)
        box.press("Enter")
        return self.answered()

    def answered(self) -> Locator:
        """Wait for the answer that is on its way."""
        expect(self.page.locator(".typing")).to_have_count(0, timeout=20_000)
        expect(self.page.locator("#send.busy")).to_have_count(0, timeout=20_000)
        return self.page.locator(".theirs").last

    @property
    def lines(self) -> Locator:
        return self.page.locator("#cart .line")

    @property
    def cart(self) -> Locator:
        return self.page.locator("#cart")
