"""The numbered list a shopper sees, and what ``#n`` means in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import process

from knowledge.errors import NotFound

_ALIKE = 60


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """One numbered product. ``replaces`` is the cart line or product a swap would take out."""

    number: int
    product_id: str
    title: str
    kind: str
    replaces: str | None = None


@dataclass(slots=True)
class ShownList:
    """Numbering runs through all lists of a turn and holds until the next list.

    Starts with what earlier turns showed; the first list of this turn replaces it.
    """

    entries: list[ShownProduct] = field(default_factory=list)
    fresh: bool = False
    """True once this turn has shown something of its own."""

    def show(
        self,
        products: Sequence[tuple[str, str]],
        *,
        kind: str,
        replaces: Sequence[str | None] | None = None,
    ) -> list[int]:
        """Number (product id, title) pairs and return their numbers.

        A product this turn already shows keeps its number, unless it replaces something.
        """
        if not self.fresh:
            self.entries = []
            self.fresh = True
        numbers = []
        for index, (product_id, title) in enumerate(products):
            replaced = replaces[index] if replaces else None
            number = self._known(product_id, replaced)
            if number is None:
                number = len(self.entries) + 1
                self.entries.append(ShownProduct(number, product_id, title, kind, replaced))
            numbers.append(number)
        return numbers

    def _known(self, product_id: str, replaced: str | None) -> int | None:
        for entry in self.entries:
            if entry.product_id == product_id and entry.replaces == replaced:
                return entry.number
        return None

    def titled(self, title: str) -> set[str]:
        """The products shown under just this title."""
        bare = " ".join(title.casefold().split())
        return {
            entry.product_id
            for entry in self.entries
            if " ".join(entry.title.casefold().split()) == bare
        }

    def nearest(self, reference: str) -> ShownProduct | None:
        """What a wrong reference may have been meant for: a bare number, a mistyped id or name."""
        bare = reference.strip().lstrip("#")
        if bare.isdecimal():
            return next((one for one in self.entries if one.number == int(bare)), None)
        ids = {place: entry.product_id.casefold() for place, entry in enumerate(self.entries)}
        titles = {place: entry.title.casefold() for place, entry in enumerate(self.entries)}
        for choices in (ids, titles):
            found = process.extractOne(bare.casefold(), choices, score_cutoff=_ALIKE)
            if found is not None:
                return self.entries[found[2]]
        return None

    def find(self, number: int) -> ShownProduct:
        """Raises ``NotFound`` when the list has no such number."""
        for entry in self.entries:
            if entry.number == number:
                return entry
        if not self.entries:
            raise NotFound(f"Nothing has been shown yet, so there is no #{number}.")
        last = self.entries[-1].number
        raise NotFound(f"There is no #{number}; the list goes up to #{last}.")
