import pytest

from tests.calls import Talk, block_of
from tools.blocks import BudgetBlock


def test_sets_says_and_clears(talk: Talk) -> None:
    outcome = talk.done("set_budget", amount="40", period="week")
    budget = block_of(outcome, BudgetBlock).budget
    assert budget is not None
    assert (budget.amount, budget.period, budget.rule, budget.left) == (
        "40.00", "week", "tell", "40.00",
    )  # fmt: skip
    assert "The budget is $40.00 for this week." in outcome.text

    outcome = talk.done("set_budget", amount=None, period="week")
    assert block_of(outcome, BudgetBlock).budget is None


@pytest.mark.parametrize(
    ("said", "amount"),
    [("$40", "40.00"), ("1,250.50", "1250.50"), (12.5, "12.50"), (40, "40.00"), ("9 USD", "9.00")],
)
def test_reads_amounts_as_they_are_written(talk: Talk, said: object, amount: str) -> None:
    budget = block_of(talk.done("set_budget", amount=said), BudgetBlock).budget

    assert budget is not None
    assert (budget.amount, budget.period) == (amount, "trip")


def test_without_a_period_the_one_there_is_changes(talk: Talk) -> None:
    talk.done("set_budget", amount="40", period="month", rule="ask")
    budget = block_of(talk.done("set_budget", amount="50"), BudgetBlock).budget

    assert budget is not None
    assert (budget.amount, budget.period, budget.rule) == ("50.00", "month", "ask")


def test_a_rule_alone_keeps_the_amount(talk: Talk) -> None:
    assert not talk.call("set_budget", rule="refuse").ok
    talk.done("set_budget", amount="40", period="week")
    budget = block_of(talk.done("set_budget", rule="refuse"), BudgetBlock).budget

    assert budget is not None
    assert (budget.amount, budget.period, budget.rule) == ("40.00", "week", "refuse")


@pytest.mark.parametrize(
    "arguments",
    [{"amount": "-4"}, {"amount": "much"}, {"amount": "40", "period": "year"}, {}, {"amount": ""}],
)
def test_refuses_what_makes_no_sense(talk: Talk, arguments: dict[str, str]) -> None:
    assert not talk.call("set_budget", **arguments).ok


def test_check_budget_without_one(talk: Talk) -> None:
    outcome = talk.done("check_budget")

    assert outcome.text == "No budget is set. The cart comes to $0.00."
    assert block_of(outcome, BudgetBlock).budget is None


def test_check_budget_says_what_to_drop(talk: Talk) -> None:
    items = [{"product": one, "quantity": "1"} for one in ("wine", "tea", "milk")]
    talk.done("add_to_cart", items=items)
    talk.done("set_budget", amount="11", period="week")

    outcome = talk.done("check_budget")

    block = block_of(outcome, BudgetBlock)
    assert block.budget is not None
    assert (block.budget.state, block.budget.left) == ("over", "-2.20")
    assert [line.product for line in block.drop] == ["tea"]
    assert "OVER the budget of $11.00 for this week by $2.20" in outcome.text
    assert "saving $3.00:\nc2 [tea] 1 x Green Tea 20 bags" in outcome.plain
