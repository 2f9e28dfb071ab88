from knowledge.errors import ErrorKind
from knowledge.orders.decisions import carry_out
from tests.calls import Talk, block_of
from tests.market import goods, stock_shelves
from tools.blocks import CartBlock, ConfirmationBlock, OrderBlock


def buy(talk: Talk, **quantities: object) -> str:
    items = [{"product": name, "quantity": many} for name, many in quantities.items()]
    talk.done("add_to_cart", items=items)
    question = block_of(talk.done("start_checkout"), ConfirmationBlock).confirmation
    with talk.shop.write() as work:
        decision = carry_out(work, work.confirmations.get(question.id), "yes", "web")
    assert decision.order_id is not None
    return decision.order_id


def test_checkout_asks_and_orders_nothing(talk: Talk) -> None:
    assert talk.call("start_checkout").kind == ErrorKind.INVALID
    talk.done("add_to_cart", items=[{"product": "oats", "quantity": 2}])

    outcome = talk.done("start_checkout")

    question = block_of(outcome, ConfirmationBlock).confirmation
    assert question.action == "place_order"
    assert question.text == (
        "Order 2 items, total $5.00, for pickup: 2 x Rolled Oats 500 g. "
        "Say yes to place the order, or no to keep shopping."
    )
    assert question.text in outcome.text
    assert block_of(talk.done("get_orders"), OrderBlock).orders == []


def test_checkout_leaves_out_what_is_gone_and_says_so(talk: Talk) -> None:
    talk.done("add_to_cart", items=[{"product": "oats"}, {"product": "tea"}])
    stock_shelves(talk.shop, goods("oats", stock=0, title="Rolled Oats"))

    question = block_of(talk.done("start_checkout"), ConfirmationBlock).confirmation

    assert question.text.startswith("Rolled Oats is sold out. Order 1 item, total $3.00")


def test_checkout_says_when_it_is_over_the_budget(talk: Talk) -> None:
    talk.done("set_budget", amount="2", period="week")
    talk.done("add_to_cart", items=[{"product": "tea"}])

    question = block_of(talk.done("start_checkout"), ConfirmationBlock).confirmation

    assert "This is $1.00 over your budget of $2.00 for this week." in question.text


def test_orders_are_shown_newest_first_and_by_number(talk: Talk) -> None:
    first, second = buy(talk, oats=2), buy(talk, tea=1)

    orders = block_of(talk.done("get_orders"), OrderBlock).orders

    assert {order.id for order in orders} == {first, second}
    one = block_of(talk.done("get_orders", order=orders[0].number.lower()), OrderBlock).orders
    assert [order.id for order in one] == [orders[0].id]
    assert talk.call("get_orders", order="ZZZZ-9999").kind == ErrorKind.NOT_FOUND
    assert len(block_of(talk.done("get_orders", order="last"), OrderBlock).orders) == 1


def test_reorder_puts_back_what_is_still_sold(talk: Talk) -> None:
    assert talk.call("get_orders", reorder=True).kind == ErrorKind.NOT_FOUND
    buy(talk, oats=2, milk=5, tea=1)
    stock_shelves(talk.shop, goods("milk", "1.20", stock=3, title="Milk"))
    with talk.shop.write() as work:
        work.catalog.delist(["tea"])

    outcome = talk.done("get_orders", reorder=True)

    block = block_of(outcome, CartBlock)
    assert [(one.product, one.quantity) for one in block.cart.lines] == [
        ("oats", "2"),
        ("milk", "3"),
    ]
    assert block.warnings[:2] == [
        "Only 3 of Milk can be had.",
        "Not added: Green Tea 20 bags is no longer sold here.",
    ]


def test_reorder_says_when_nothing_is_left(talk: Talk) -> None:
    buy(talk, honey=1)

    outcome = talk.call("get_orders", reorder=True)

    assert outcome.kind == ErrorKind.CONFLICT
    assert "Wildflower Honey 350 g is sold out" in outcome.text
