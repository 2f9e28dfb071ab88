"""What a tool is: a name, typed arguments, a function, and whether it changes anything."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict

from tools.blocks import Block
from tools.context import ToolContext


class Arguments(BaseModel):
    """Base of all tool arguments; what a model makes up is an error it can mend."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """``text`` is for the model, compact; ``blocks`` are for people and for the grounding gate."""

    text: str
    blocks: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Tool:
    """``changes`` tools write: they run in a write transaction and are repeated safely.

    ``example`` is a call as it should be; errors show it. ``rest`` says how to get what a result
    that was too long has left out. A ``brief`` tool tells a model only the most needful.
    """

    name: str
    arguments: type[Arguments]
    run: Callable[[ToolContext, Any], ToolResult]
    changes: bool = False
    example: Mapping[str, Any] | None = field(default=None, compare=False)
    rest: str = "ask for less at once"
    brief: bool = False

    @property
    def description(self) -> str:
        """When to call it: the docstring of its function, or its first paragraph in brief."""
        paragraphs = (inspect.getdoc(self.run) or "").split("\n\n")
        said = paragraphs[:1] if self.brief else paragraphs
        return "\n".join(" ".join(one.split()) for one in said)
