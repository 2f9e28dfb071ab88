"""What an argument is beyond its JSON type: money, a quantity, a reference; and its other names."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

Kind = Literal["money", "quantity", "reference", "whole"]
"""``whole``: a text or list whose commas are part of it, such as names of brands."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Stands in the annotation of an argument; ``tools.schema`` and ``tools.reading`` go by it.

    ``also`` are names that models give the argument, where it means nothing else. ``values`` are
    shown to models as all there are, though more words are understood. ``alone``: the empty text
    means something, but only when nothing else is given. ``rare`` ones are not told to models with
    little room, but understood of them. ``told`` is the simpler type that models are told of.
    """

    kind: Kind | None = None
    also: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    alone: bool = False
    rare: bool = False
    told: Literal["string"] | None = None

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        hints = {
            "x-kind": self.kind,
            "x-also": self.also,
            "x-values": self.values,
            "x-alone": self.alone,
            "x-rare": self.rare,
            "x-told": self.told,
        }
        return {**handler(core_schema), **{name: one for name, one in hints.items() if one}}
