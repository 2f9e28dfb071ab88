"""What tools answer a shopper of the sample shop who has much of everything: whole, and short."""

import pytest

from benchmarks.tool_tokens import answers, report
from knowledge.shop import Shop
from tools.registry import TOOLS
from tools.result_limit import MOST_TOKENS


@pytest.mark.long
def test_the_largest_sensible_results_fit_without_being_cut(shop: Shop) -> None:
    answered = answers(shop)

    assert {one.tool for one in answered} == {tool.name for tool in TOOLS}
    too_long = [one for one in answered if one.tokens > MOST_TOKENS]
    assert too_long == []
    cut = [one for one in answered if "left out to keep this short" in one.text]
    assert cut == []
    assert len(list(report(answered))) == len(TOOLS) + 2
