"""The curated list of tools, in the order a model reads them."""

from knowledge.errors import NotFound
from tools.definition import Tool

TOOLS: tuple[Tool, ...] = ()

_BY_NAME = {tool.name: tool for tool in TOOLS}


def find_tool(name: str) -> Tool:
    """Raises ``NotFound`` and names the tools there are."""
    tool = _BY_NAME.get(name)
    if tool is None:
        raise NotFound(f"There is no tool {name!r}. There are: {', '.join(_BY_NAME)}.")
    return tool
