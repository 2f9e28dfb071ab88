from knowledge.errors import ErrorKind
from knowledge.orders.decisions import carry_out
from tests.calls import Talk, block_of
from tests.market import goods, stock_shelves
from tools.blocks import BudgetBlock, CartBlock, ConfirmationBlock, NoticeBlock, ScoreBlock


def add(talk: Talk, **quantities: object) -> None:
    items = [{"product": name, "quantity": many} for name, many in quantities.items()]
    talk.done("add_to_cart", items=items)


def test_get_cart_lists_lines_totals_and_budget(talk: Talk) -> None:
    add(talk, oats=2, apples="0.5 kg")
    talk.done("set_budget", amount=7, period="trip")

    outcome = talk.done("get_cart")

    assert outcome.plain.splitlines()[-2:] == [
        "c1 [oats] 2 x Rolled Oats 500 g at $2.50 = $5.00",
        "c2 [apples] 0.5 kg Apples by Weight at $3.00 = $1.50",
    ]
    assert "Close to the limit: $0.50 left of $7.00 for this trip." in outcome.text
    block = block_of(outcome, CartBlock)
    assert block.cart.totals.model_dump() == {"items": "6.50", "total": "6.50"}


def test_get_cart_warns_of_what_ran_out_since(talk: Talk) -> None:
    add(talk, oats=2, milk=5, tea=1)
    stock_shelves(talk.shop, goods("oats", stock=0, title="Oats"), goods("milk", stock=3))
    with talk.shop.write() as work:
        work.catalog.delist(["tea"])

    block = block_of(talk.done("get_cart"), CartBlock)

    assert block.warnings == [
        "Oats is sold out.",
        "Only 3 of Milk left, the cart has more.",
        "Green Tea 20 bags is no longer sold.",
    ]
    assert [line.in_stock for line in block.cart.lines] == [False, False, False]


def test_empty_cart_asks_and_takes_nothing_out(talk: Talk) -> None:
    assert talk.call("empty_cart").kind == ErrorKind.INVALID
    add(talk, oats=2)

    question = block_of(talk.done("empty_cart"), ConfirmationBlock).confirmation

    assert question.action == "empty_cart"
    assert len(block_of(talk.done("get_cart"), CartBlock).cart.lines) == 1


def test_undo_takes_back_a_whole_call_and_then_more(talk: Talk) -> None:
    add(talk, oats=2)
    talk.done("set_budget", amount="40", period="week")
    add(talk, milk=1, tea=1)

    outcome = talk.done("undo")
    assert [one.kind for one in block_of(outcome, CartBlock).changes] == ["removed", "removed"]
    assert block_of(talk.done("undo"), BudgetBlock).budget is None
    assert talk.done("undo").text.startswith("The cart is empty.")
    assert talk.call("undo").kind == ErrorKind.NOT_FOUND


def test_undo_of_preferences_is_told(talk: Talk) -> None:
    talk.done("set_preferences", diets=["vegan"])

    outcome = talk.done("undo")

    assert block_of(outcome, NoticeBlock).text == "Taken back: remembered vegan."
    assert talk.done("set_preferences").plain == "Nothing is remembered."


def test_undo_that_goes_over_the_budget_asks_first(talk: Talk) -> None:
    add(talk, tea=3)
    talk.done("update_cart", changes=[{"product": "tea", "quantity": 1}])
    with talk.shop.write() as work:
        work.budgets.set(talk.caller.shopper_id, "5", "week", "ask")
        work.journal.take_back(work.journal.last(talk.caller.shopper_id, "none").id)  # type: ignore[union-attr]

    question = block_of(talk.done("undo"), ConfirmationBlock).confirmation
    assert question.action == "over_budget"
    with talk.shop.write() as work:
        carry_out(work, work.confirmations.get(question.id), "yes", "web")

    assert block_of(talk.done("get_cart"), CartBlock).cart.lines[0].quantity == "3"


def test_a_repeated_change_is_answered_and_not_done_again(talk: Talk) -> None:
    add(talk, tea=2)
    talk.caller.ordinal = 0

    add(talk, tea=2)

    assert block_of(talk.done("get_cart"), CartBlock).cart.lines[0].quantity == "2"


def test_get_cart_says_the_footprint_of_what_is_known(talk: Talk) -> None:
    add(talk, milk=2, honey=1)

    outcome = talk.done("get_cart")

    block = block_of(outcome, ScoreBlock)
    assert block.total_kg_co2e is not None
    assert f"About {block.total_kg_co2e} kg CO2e" in outcome.text
