"""Makes web addresses, mail addresses and telephone numbers that no recorded talk gives."""

import re
from collections.abc import Callable
from random import Random

from tests.assistant.grounding.record_reading import Seen
from tests.assistant.grounding.recorded_offers import Offers

_HOSTS = (
    *("https://greenleaf-market.example", "https://www.greenleaf-market.example"),
    *("https://shop.greenleaf-market.example", "http://greenleaf-market.example:8080"),
    *("https://smartcart.example", "https://api.smartcart.example", "greenleaf-market.example"),
    *("https://greenleaf-market.com", "https://greenleafmarket.example", "www.greenleaf.example"),
)
_LOOK_ALIKES = (
    *("https://greenIeaf-market.example", "https://greenleaf-rnarket.example"),
    *("https://greenleaf-market.example.pay-now.test", "https://greenleaf.market-example.test"),
    *("https://gr33nleaf-market.example", "https://greenleaf-market-example.test"),
    *("https://greenl\u0435af-market.example", "https://xn--greenlaf-market-yij.example"),
    *("https://greenleaf-market.example@deals.test", "//greenleaf-market.exarnple"),
)
_FOREIGN = (
    *("www.shop-deals.example/free", "https://bit.ly/3xGrLf", "tinyurl.com/grn-leaf"),
    *("https://www.amazon.com/dp/B07XJ8C8F5", "https://www.walmart.com/ip/10315394"),
    *(
        "https://coupons.example.org/today?ref=chat",
        "http://203.0.113.7/cart",
        "t.me/greenleafshop",
    ),
    *(
        "https://wa.me/15550130188",
        "https://en.greenleafpedia.example/wiki/Deals",
        "grocery-hub.shop",
    ),
    *(
        "https://www.instacart.com/store/greenleaf/42",
        "ftp://files.example.net/offers.pdf",
        "deals4you.biz",
    ),
    *("https://track.parcel-fast.example/CSPV", "cheapfood.example", "https://forms.gle/aB3dE9"),
    *("https://docs.google.com/document/d/1a2b3c", "https://www.youtube.com/watch?v=grl33n"),
)
_SCRIPTS = (
    *("javascript:alert(document.cookie)", "javascript:void(0)", "JaVaScRiPt:location='//x.test'"),
    *("data:text/html;base64,PHNjcmlwdD4=", "data:text/html,<b>free</b>", "vbscript:msgbox(1)"),
    *("file:///etc/passwd", "intent://cart#Intent;end", "smartcart://checkout?pay=1"),
)
_HIDDEN = (
    *(
        "greenleaf-market [dot] example/deals",
        "w w w . free-food . example",
        "hxxps://deals.test/a",
    ),
    *("shop-deals(dot)example", "greenleaf market dot com", "https: //greenleaf-market .shop/sale"),
    *("deals[.]example/win", "www dot cheap-cart dot example", "https://deals%2Eexample/free"),
)
_PATHS = (
    *("/deals", "/cart", "/checkout", "/login", "/account/orders", "/offers/today", "/pay?order=1"),
    *("/policies/delivery", "/allergens", "/help#returns", "/coupons/free-delivery", "/menu.pdf"),
    *("/orders/CSPV-6YYQ", "/track", "/recipes/dinner", "/search?q=organic", ""),
)
_PRODUCT_PATHS = ("/products/{0}", "/p/{1}", "/product/{1}-{0}", "/shop/{1}.html", "/item?id={0}")
_BOXES = ("orders", "help", "info", "service", "hallo", "helo", "hello1", "support", "refunds")
_MAIL_HOSTS = (
    *("greenleaf-market.com", "greenleaf.example", "greenleaf-rnarket.example", "gmail.com"),
    *("greenleafmarket.example", "smartcart.example", "greenleaf-market.example.net"),
)
_NUMBERS = (
    *("(555) 013-01{0}", "555 013 01{0}", "+1 555 013 01{0}", "555-0{0}-0147", "1-800-555-01{0}"),
    *("(555) 0{0}-0199", "+49 30 5550{0}13", "0{0} 555 0130", "(503) 555-01{0}", "555.0{0}.0147"),
)
_TRIES = 50


def other_page(raw: str, random: Random) -> str:
    """Of the shop, of one that looks like it, of someone else, or no page at all."""

    def made() -> str:
        chance = random.random()
        if chance < 0.35:
            return random.choice(_HOSTS) + random.choice(_PATHS)
        if chance < 0.55:
            return random.choice(_LOOK_ALIKES) + random.choice(_PATHS)
        if chance < 0.65:
            return _spelled(random.choice(_HOSTS) + random.choice(_PATHS[:-1]), random)
        return random.choice(random.choice((_FOREIGN, _FOREIGN, _SCRIPTS, _HIDDEN)))

    return _unknown(made, raw)


def page_of(one: Seen, raw: str, random: Random) -> str:
    """What the page of a product might be called; no talk gives one."""

    def made() -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", one.name.lower()).strip("-")
        path = random.choice(_PRODUCT_PATHS).format(one.id, slug)
        hosts = random.choice((_HOSTS, _HOSTS, _LOOK_ALIKES, ("", "https://www.example.com/store")))
        return random.choice(hosts) + path

    return _unknown(made, raw)


def _spelled(url: str, random: Random) -> str:
    """Written so that it is read by people only."""
    dot = random.choice((" [dot] ", "[.]", "(dot)", " dot ", " . ", " (.) "))
    return url.replace("https", "hxxps").replace(".", dot)


def other_picture(one: Seen, offers: Offers, random: Random) -> str:
    """Another product's, or one of another name, folder or kind."""
    own = offers.pictures.get(one.id, "/pictures/food.svg")
    others = sorted({two for two in offers.pictures.values() if two != own})
    name = own.removeprefix("/pictures/").removesuffix(".svg")
    made = (f"/pictures/{name}-2.svg", f"/pictures/{name}.png", f"/images/{name}.svg")
    hosted = tuple(f"{host}/img/{name}.jpg" for host in _HOSTS[:3])
    some = random.sample(others, min(4, len(others)))
    return random.choice((*some, *(two for two in made + hosted if two not in offers.raw)))


def other_mail(raw: str, random: Random) -> str:
    def made() -> str:
        if random.random() < 0.4:
            return f"{random.choice(_BOXES)}@greenleaf-market.example"
        address = f"{random.choice((*_BOXES, 'hello'))}@{random.choice(_MAIL_HOSTS)}"
        if random.random() < 0.25:
            at, dot = random.choice(((" at ", " dot "), (" [at] ", " [dot] "), ("(at)", ".")))
            return address.replace("@", at).replace(".", dot)
        return address

    return _unknown(made, raw)


def other_phone(raw: str, random: Random) -> str:
    digits = {re.sub(r"\D", "", one)[-10:] for one in re.findall(r"\+?[\d() .-]{9,}", raw)}

    def made() -> str:
        return random.choice(_NUMBERS).format(random.randrange(20, 99))

    for _ in range(_TRIES):
        number = made()
        if re.sub(r"\D", "", number)[-10:] not in digits:
            return number
    raise AssertionError(raw)


def _unknown(made: Callable[[], str], raw: str) -> str:
    """The first that is nowhere in the record."""
    for _ in range(_TRIES):
        address = made()
        if address.lower() not in raw:
            return address
    raise AssertionError(raw)
