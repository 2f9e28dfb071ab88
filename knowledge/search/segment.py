"""A run of products prepared for searching: columns, postings and vectors, all immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.catalog.models import Product
from knowledge.ports import Vectors
from knowledge.search.columns import Columns, ProductFacts, columns_of, facts_of
from knowledge.search.document import postings, title_phrase
from knowledge.search.lexical import LexicalIndex
from knowledge.search.naming import naming
from knowledge.search.text import terms
from knowledge.search.vocabulary import VocabularyBuilder


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of products. ``alive`` is False where a newer segment or a delisting took over."""

    columns: Columns
    lexical: LexicalIndex
    ingredients: LexicalIndex
    row_of: Mapping[str, int]
    alive: NDArray[np.bool_]
    titles: tuple[str, ...]
    currency: str
    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    """By embedder, a row for each product."""

    @property
    def size(self) -> int:
        return len(self.alive)

    def without(self, product_ids: Iterable[str]) -> "Segment":
        """A copy in which these products are gone."""
        rows = [self.row_of[one] for one in product_ids if one in self.row_of]
        if not rows:
            return self
        alive = self.alive.copy()
        alive[rows] = False
        return replace(self, alive=alive)

    def with_stock(self, levels: Mapping[str, float]) -> "Segment":
        by_row = {self.row_of[one]: level for one, level in levels.items() if one in self.row_of}
        if not by_row:
            return self
        return replace(self, columns=self.columns.with_stock(by_row))

    def with_vectors(
        self, embedder: str, vectors: Mapping[str, Vectors], dimension: int
    ) -> "Segment":
        """A copy with these vectors set; products without one keep zeros, which match nothing."""
        old = self.vectors.get(embedder)
        known = [
            (self.row_of[one], vector) for one, vector in vectors.items() if one in self.row_of
        ]
        if not known and old is not None:
            return self
        matrix = np.zeros((self.size, dimension), dtype=np.float32) if old is None else old.copy()
        for row, vector in known:
            matrix[row] = vector
        return replace(self, vectors={**self.vectors, embedder: matrix})

    def keeping_vectors(self, embedders: Iterable[str]) -> "Segment":
        kept = {name: self.vectors[name] for name in embedders if name in self.vectors}
        return replace(self, vectors=kept)


class SegmentBuilder:
    """Makes a segment of products that stream by, so that not all are held at once."""

    def __init__(self, vocabulary: VocabularyBuilder | None = None) -> None:
        self._ids: list[str] = []
        self._facts: list[ProductFacts] = []
        self._titles: list[str] = []
        self._currency = ""
        self._vocabulary = vocabulary

    def build(self, products: Iterable[Product]) -> Segment:
        ingredients: list[dict[str, tuple[float, int]]] = []
        lexical = LexicalIndex(self._take(product, ingredients) for product in products)
        return Segment(
            columns=columns_of(self._ids, self._facts),
            lexical=lexical,
            ingredients=LexicalIndex(ingredients),
            row_of={product_id: row for row, product_id in enumerate(self._ids)},
            alive=np.ones(len(self._ids), dtype=np.bool_),
            titles=tuple(self._titles),
            currency=self._currency,
        )

    def _take(
        self, product: Product, ingredients: list[dict[str, tuple[float, int]]]
    ) -> dict[str, tuple[float, int]]:
        self._ids.append(product.id)
        self._currency = product.price.currency
        self._facts.append(facts_of(product))
        phrase, named = title_phrase(product), naming(product)
        self._titles.append(" ".join(phrase))
        if self._vocabulary is not None:
            self._vocabulary.add(product, phrase, named)
        ingredients.append(dict.fromkeys(terms(product.ingredients or ""), (1.0, 0)))
        return postings(product, named)
