"""The curated list of tools, in the order a model reads them."""

from knowledge.errors import NotFound
from tools import (
    add_to_cart,
    answer_from_policies,
    call_a_human,
    check_budget,
    check_diet,
    compare_products,
    empty_cart,
    find_swaps,
    fit_budget,
    get_cart,
    get_orders,
    get_product,
    my_data,
    plan_basket,
    plan_recipe,
    recommend_products,
    score_sustainability,
    search_catalog,
    set_budget,
    set_preferences,
    start_checkout,
    undo,
    update_cart,
    use_list,
)
from tools.definition import Tool
from tools.mending import no_such_tool

TOOLS: tuple[Tool, ...] = (
    search_catalog.TOOL,
    get_product.TOOL,
    compare_products.TOOL,
    recommend_products.TOOL,
    find_swaps.TOOL,
    add_to_cart.TOOL,
    update_cart.TOOL,
    get_cart.TOOL,
    empty_cart.TOOL,
    undo.TOOL,
    set_budget.TOOL,
    check_budget.TOOL,
    fit_budget.TOOL,
    score_sustainability.TOOL,
    check_diet.TOOL,
    set_preferences.TOOL,
    my_data.TOOL,
    plan_basket.TOOL,
    plan_recipe.TOOL,
    start_checkout.TOOL,
    get_orders.TOOL,
    use_list.TOOL,
    answer_from_policies.TOOL,
    call_a_human.TOOL,
)

_BY_NAME = {tool.name: tool for tool in TOOLS}


def find_tool(name: str) -> Tool:
    """Raises ``NotFound`` and names the nearest tools."""
    tool = _BY_NAME.get(name)
    if tool is None:
        raise NotFound(no_such_tool(name, list(_BY_NAME)))
    return tool
