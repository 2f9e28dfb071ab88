import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.browser import DESKTOP, PHONE, ShopPage, open_browser
from tests.e2e.processes import SmartCart
from tests.e2e.talk import GROCERY

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmartCart]:
    process = SmartCart(tmp_path_factory.mktemp("page"))
    yield process.wait()
    process.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, market: SmartCart) -> Iterator[Any]:
    """Open the page as a new visitor; afterwards the browser must have had no complaint."""
    visits: list[ShopPage] = []

    def open_page(viewport: ViewportSize = DESKTOP, **options: Any) -> ShopPage:
        context = browser.new_context(viewport=viewport, **options)
        visits.append(ShopPage(context.new_page(), market.url))
        return visits[-1]

    yield open_page
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visited in visits:
        visited.page.context.close()
    assert complaints == []


def test_the_talk_goes_from_hello_to_order(visit: Any) -> None:
    shop: ShopPage = visit()
    talk = GROCERY
    expect(shop.page.get_by_role("heading", name="What can I get you today?")).to_be_visible()

    shop.say(talk.budget)
    expect(shop.cart.get_by_role("meter")).to_have_attribute(
        "aria-valuetext", re.compile(r"\$40\.00 left")
    )
    found = shop.say(talk.find)
    expect(found.locator(".card")).not_to_have_count(0)
    shop.say(talk.add_second)
    expect(shop.lines).to_have_count(1)
    expect(shop.lines.locator("output")).to_have_text("2")
    shop.say(talk.add_more)
    expect(shop.lines).to_have_count(4)
    expect(shop.say(talk.check)).to_contain_text("$40.00")
    expect(shop.say(talk.swaps).locator(".swap")).not_to_have_count(0)
    shop.say(talk.accept)
    expect(shop.lines).to_have_count(4)
    expect(shop.say(talk.question)).to_contain_text(re.compile("gluten", re.IGNORECASE))
    expect(shop.say(talk.recommend).locator(".card")).not_to_have_count(0)
    asked = shop.say(talk.checkout)
    expect(asked.get_by_role("alertdialog")).to_contain_text(re.compile(r"total \$\d"))
    expect(shop.say(talk.confirm).locator(".order")).to_contain_text("Placed")
    expect(shop.lines).to_have_count(0)


def test_a_card_adds_and_steps_what_is_in_the_cart(visit: Any) -> None:
    shop: ShopPage = visit()
    card = shop.say("show me bananas").locator(".card").first

    card.get_by_role("button", name=re.compile("^Add ")).click()

    expect(shop.lines).to_have_count(1)
    expect(card.locator("output")).to_have_text("1")
    card.get_by_role("button", name=re.compile("^More ")).click()
    expect(shop.lines.locator("output")).to_have_text("2")
    expect(shop.page.locator("#cart-summary")).to_contain_text("1 item")
    shop.lines.get_by_role("button", name=re.compile("^Less ")).click()
    expect(card.locator("output")).to_have_text("1")


def test_what_was_removed_comes_back_by_undo(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.say("add two bananas")
    shop.say("add oat milk")
    expect(shop.lines).to_have_count(2)

    shop.lines.last.get_by_role("button", name=re.compile("^Remove ")).click()
    expect(shop.lines).to_have_count(1)
    shop.page.get_by_role("button", name="Undo").click()

    expect(shop.lines).to_have_count(2)


def test_the_order_is_confirmed_by_its_button_alone(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.say("add two bananas")
    shop.cart.get_by_role("button", name=re.compile("^Check out")).click()
    question = shop.answered().get_by_role("alertdialog")
    expect(question).to_be_focused()

    question.get_by_role("button", name="No").click()
    shop.answered()
    expect(shop.lines).to_have_count(1)

    shop.cart.get_by_role("button", name=re.compile("^Check out")).click()
    shop.answered().get_by_role("alertdialog").get_by_role("button", name="Yes").click()
    expect(shop.answered().locator(".order")).to_have_count(1)
    expect(shop.lines).to_have_count(0)


def test_a_recipe_becomes_a_cart_and_then_a_delivery(visit: Any) -> None:
    shop: ShopPage = visit()
    planned = shop.say("chili for four under 40 dollars, no onions")
    expect(planned.locator(".recipe")).to_contain_text("Serves 4")
    count = planned.locator(".plan-line").count()
    expect(planned.locator(".plan-line .drawn img")).to_have_count(count)
    expect(planned.locator(".plan")).not_to_contain_text("onion")
    planned.get_by_role("alertdialog").get_by_role("button", name="Yes").click()
    shop.answered()
    expect(shop.lines).to_have_count(count)

    shop.say("add 3 espresso beans 1 kg")
    asked = shop.say("deliver it to 12 Alder Street, Maple Falls 98266")
    when = asked.locator(".choices button").last.inner_text()
    shop.page.get_by_role("button", name=when).click()
    expect(shop.answered()).to_contain_text("phone")
    expect(shop.page.get_by_role("button", name=when)).to_be_disabled()
    question = shop.say("my phone is 415 555 0189").get_by_role("alertdialog")
    expect(question).to_contain_text("Alder Street")
    order = shop.say("yes").locator(".order")

    expect(order).to_contain_text(when)
    expect(shop.page.get_by_role("alertdialog")).to_have_count(0)
    expect(shop.page.locator(".confirmation:not(.closed)")).to_have_count(0)
    expect(order.get_by_role("button", name="Cancel the order")).to_be_visible()


def test_a_reload_brings_back_talk_cart_and_question(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.say("show me bananas")
    shop.say("add two of the first one")
    shop.say("check out")

    shop.page.reload()
    shop.wait_until_ready()

    expect(shop.page.locator(".mine")).to_have_count(3)
    expect(shop.page.locator(".theirs .card").first).to_be_visible()
    expect(shop.lines).to_have_count(1)
    expect(shop.page.get_by_role("alertdialog")).to_have_count(1)
    expect(shop.say("yes").locator(".order")).to_have_count(1)


def test_an_example_and_a_suggestion_are_said_by_a_click(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.page.locator(".example").nth(1).click()
    shop.answered()
    expect(shop.page.locator("#welcome")).to_be_hidden()

    chip = shop.page.locator("#suggestions .chip").first
    text = chip.inner_text()
    chip.click()
    shop.answered()
    expect(shop.page.locator(".mine").last).to_have_text(text)


def test_a_phone_keeps_the_cart_in_a_sheet(visit: Any) -> None:
    shop: ShopPage = visit(PHONE, has_touch=True)
    shop.say("add two bananas")
    expect(shop.cart).not_to_be_in_viewport()

    shop.page.get_by_role("button", name=re.compile("^Cart, 1 item")).click()
    expect(shop.page.get_by_role("dialog", name="Your cart")).to_be_in_viewport()
    shop.lines.get_by_role("button", name=re.compile("^More ")).click()
    expect(shop.lines.locator("output")).to_have_text("3")
    shop.page.keyboard.press("Escape")

    expect(shop.cart).not_to_be_in_viewport()
    expect(shop.page.get_by_role("button", name=re.compile("^Cart,"))).to_be_focused()
    width = shop.page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]


def test_a_message_written_offline_is_sent_when_the_connection_is_back(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.page.context.set_offline(True)
    expect(shop.page.locator("#offline")).to_be_visible()
    shop.page.get_by_label("Your message").fill("add two bananas")
    shop.page.get_by_label("Your message").press("Enter")

    shop.page.context.set_offline(False)

    shop.answered()
    expect(shop.lines).to_have_count(1)
    expect(shop.page.locator("#offline")).to_be_hidden()


def test_a_failed_message_can_be_tried_again(visit: Any) -> None:
    shop: ShopPage = visit()
    refuse = {"status": 503, "content_type": "application/problem+json", "body": "{}"}
    shop.page.route("**/api/v1/chat", lambda route: route.fulfill(**refuse))
    failed = shop.say("add two bananas")
    expect(failed.get_by_role("alert")).to_be_visible()

    shop.page.unroute("**/api/v1/chat")
    failed.get_by_role("button", name="Try again").click()

    shop.answered()
    expect(shop.lines).to_have_count(1)
    shop.complaints[:] = [one for one in shop.complaints if "503" not in one]


def test_a_budget_that_asks_puts_its_question_to_a_button_too(visit: Any) -> None:
    shop: ShopPage = visit()
    shop.say("show me bananas")
    shop.page.evaluate(
        """() => fetch("/api/v1/budget", {
            method: "PUT",
            headers: {
                "Content-Type": "application/json",
                Authorization: `Bearer ${localStorage.getItem("smartcart.token")}`,
            },
            body: JSON.stringify({ amount: "0.10", period: "trip", rule: "ask" }),
        }).then((response) => response.status)"""
    )

    shop.page.locator(".card .add").first.click()
    question = shop.page.get_by_role("alertdialog")
    expect(question).to_contain_text("budget")
    question.get_by_role("button", name="Yes").click()

    shop.answered()
    expect(shop.lines).to_have_count(1)
    shop.complaints[:] = [one for one in shop.complaints if "409" not in one]


def test_everything_can_be_done_by_keyboard(visit: Any) -> None:
    shop: ShopPage = visit()
    expect(shop.page.get_by_label("Your message")).to_be_focused()
    shop.page.keyboard.type("show me bananas")
    shop.page.keyboard.press("Enter")
    card = shop.answered().locator(".card").first
    card.get_by_role("button", name=re.compile("^Add ")).focus()
    shop.page.keyboard.press("Enter")
    expect(card.locator("output")).to_have_text("1")

    shop.page.keyboard.press("Enter")

    expect(card.locator("output")).to_have_text("2")


def test_product_text_is_never_taken_for_markup(visit: Any) -> None:
    shop: ShopPage = visit()
    answer = shop.say("<img src=x onerror=alert(1)>**bold**")

    expect(shop.page.locator(".mine").last).to_have_text("<img src=x onerror=alert(1)>**bold**")
    expect(answer.locator('img[src="x"]')).to_have_count(0)


def test_the_reference_of_the_api_is_drawn(browser: Browser, market: SmartCart) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.goto(f"{market.url}/docs")
    expect(page.locator("body[data-ready]")).to_have_count(1)

    expect(page.get_by_text("/api/v1/cart/items", exact=True)).to_be_visible()
    assert errors == []
    page.close()
