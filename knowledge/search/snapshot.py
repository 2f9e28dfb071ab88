"""The catalog in memory, as one immutable value: a main segment and a small one of changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.models import Product
from knowledge.ports import Vectors
from knowledge.search.segment import Segment, SegmentBuilder
from knowledge.search.vocabulary import Vocabulary, VocabularyBuilder


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What searches read. ``late`` holds the products changed since ``main`` was built.

    Rows are numbered through both segments. A new snapshot is made for every change and put in
    place by one assignment, so a search sees one state from beginning to end.
    """

    revision: int
    main: Segment
    late: Segment | None
    late_products: Mapping[str, Product]
    main_vocabulary: Vocabulary
    vocabulary: Vocabulary
    embedders: tuple[str, ...] = ()
    """Those whose vectors it has, best first."""
    embedder: str | None = None
    """The one whose vectors are used."""

    @classmethod
    def build(cls, products: Iterable[Product], revision: int) -> "Snapshot":
        words = VocabularyBuilder()
        main = SegmentBuilder(words).build(products)
        vocabulary = words.build()
        return cls(revision, main, None, {}, vocabulary, vocabulary)

    @property
    def segments(self) -> Sequence[Segment]:
        return (self.main,) if self.late is None else (self.main, self.late)

    @property
    def currency(self) -> str:
        """The one currency of the shop; empty while it sells nothing."""
        return self.main.currency or (self.late.currency if self.late else "")

    @property
    def size(self) -> int:
        """Rows, dead ones included."""
        return sum(segment.size for segment in self.segments)

    def live(self) -> int:
        return sum(int(segment.alive.sum()) for segment in self.segments)

    def frequency(self, term: str) -> int:
        """In how many products a term occurs; about right while changes wait in ``late``."""
        return sum(segment.lexical.frequency(term) for segment in self.segments)

    def ids(self, rows: NDArray[np.int64]) -> list[str]:
        border = self.main.size
        names: list[str] = []
        for row in rows:
            if row < border:
                names.append(self.main.columns.ids[row])
            elif self.late is not None:
                names.append(self.late.columns.ids[row - border])
        return names

    def row(self, product_id: str) -> int | None:
        """The row of a product that is for sale."""
        offset = 0
        for segment in self.segments:
            row = segment.row_of.get(product_id)
            if row is not None and segment.alive[row]:
                return offset + row
            offset += segment.size
        return None

    def title(self, row: int) -> str:
        """The title words of a row, without brand and size."""
        if row < self.main.size or self.late is None:
            return self.main.titles[row]
        return self.late.titles[row - self.main.size]

    def column(self, name: str) -> NDArray[np.float64]:
        """One numeric column through both segments, as doubles."""
        parts = [getattr(segment.columns, name) for segment in self.segments]
        whole = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return whole.astype(np.float64, copy=False)

    def shelves(self, depth: int | None) -> NDArray[np.int64]:
        """A number per row that is equal for the same category, or its first ``depth`` parts."""
        numbers: dict[tuple[str, ...], int] = {}
        parts = []
        for segment in self.segments:
            paths = segment.columns.categories
            codes = [numbers.setdefault(path[:depth], len(numbers)) for path in paths]
            parts.append(np.array(codes, dtype=np.int64)[segment.columns.category])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def vectors_of(self, rows: NDArray[np.int64]) -> Vectors | None:
        """The vectors of some rows, zeros where there is none."""
        main = self.main.vectors.get(self.embedder or "")
        if main is None:
            return None
        if self.late is None:
            return main[rows]
        found = np.zeros((len(rows), main.shape[1]), dtype=np.float32)
        old = rows < self.main.size
        found[old] = main[rows[old]]
        late = self.late.vectors.get(self.embedder or "")
        if late is not None:
            found[~old] = late[rows[~old] - self.main.size]
        return found

    def using(self, embedder: str) -> "Snapshot":
        """See the same products with the vectors of another embedder it has."""
        return self if embedder == self.embedder else replace(self, embedder=embedder)

    def with_stock(self, revision: int, levels: Mapping[str, float]) -> "Snapshot":
        late = None if self.late is None else self.late.with_stock(levels)
        return replace(self, revision=revision, main=self.main.with_stock(levels), late=late)

    def with_products(self, revision: int, changed: Mapping[str, Product | None]) -> "Snapshot":
        """Take over changed products; None and delisted ones disappear."""
        for_sale = {
            name: product
            for name, product in {**self.late_products, **changed}.items()
            if product is not None and product.listed
        }
        words = VocabularyBuilder()
        late = SegmentBuilder(words).build(for_sale.values()) if for_sale else None
        if late is not None and self.late is not None:
            for embedder, vectors in self.late.vectors.items():
                kept = {
                    name: vectors[row]
                    for name, row in self.late.row_of.items()
                    if name not in changed
                }
                late = late.with_vectors(embedder, kept, vectors.shape[1])
        return replace(
            self,
            revision=revision,
            main=self.main.without(changed),
            late=late,
            late_products=for_sale,
            vocabulary=words.build(self.main_vocabulary) if for_sale else self.main_vocabulary,
        )

    def with_vectors(
        self, embedder: str, vectors: Mapping[str, Vectors], dimension: int
    ) -> "Snapshot":
        """A copy that has these vectors, too, and uses them."""
        late = None if self.late is None else self.late.with_vectors(embedder, vectors, dimension)
        main = self.main.with_vectors(embedder, vectors, dimension)
        names = self.embedders if embedder in self.embedders else (*self.embedders, embedder)
        return replace(self, main=main, late=late, embedders=names, embedder=embedder)

    def with_embedders(self, names: Sequence[str]) -> "Snapshot":
        """Keep the vectors of these, best first, and use the first; forget all others."""
        late = None if self.late is None else self.late.keeping_vectors(names)
        known = tuple(name for name in names if name in self.main.vectors)
        return replace(
            self,
            main=self.main.keeping_vectors(names),
            late=late,
            embedders=known,
            embedder=known[0] if known else None,
        )

    def alive(self) -> NDArray[np.bool_]:
        parts = [segment.alive for segment in self.segments]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def offsets(self) -> Iterator[tuple[int, Segment]]:
        offset = 0
        for segment in self.segments:
            yield offset, segment
            offset += segment.size
