"""Takes the pictures of the documentation: `python -m tests.e2e.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from tests.e2e.browser import DESKTOP, PHONE, ShopPage, open_browser
from tests.e2e.processes import SmartCart

IMAGES = Path(__file__).parents[2] / "docs" / "images"
TALK = (
    "I have 40 dollars for this week",
    "add oat milk, gluten free pasta and six bananas",
    "find vegan protein bars under $3",
)


def take(browser: Browser, url: str, name: str, viewport: ViewportSize) -> None:
    phone = viewport == PHONE
    context = browser.new_context(
        viewport=viewport, has_touch=phone, device_scale_factor=2 if phone else 1
    )
    shop = ShopPage(context.new_page(), url)
    for message in TALK:
        shop.say(message)
    shop.page.locator(".theirs").last.locator(".add").nth(1).click()
    shop.page.locator(".theirs").last.locator(".stepper").wait_for()
    shop.page.locator("#toast").evaluate("toast => { toast.hidden = true; }")
    shop.page.mouse.move(0, 0)
    shop.page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        market = SmartCart(Path(folder))
        try:
            market.wait()
            with open_browser() as browser:
                take(browser, market.url, "desktop", DESKTOP)
                take(browser, market.url, "phone", PHONE)
        finally:
            market.stop()


if __name__ == "__main__":
    main()
