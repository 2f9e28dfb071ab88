"""The words of the catalog: what is known, what phrases products have, how to mend typos."""

from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from knowledge.catalog.models import Product
from knowledge.search.document import title_phrase
from knowledge.search.naming import Naming, naming
from knowledge.search.text import CLOSED_CLASS, fold, stem, words

_SHORTEST_MENDED = 4
_TWO_EDITS_FROM = 8
_SEEN = 2
_MANY_WORDS = 20_000
_LONGEST_PHRASE = 4


class Vocabulary:
    """Immutable words of one snapshot. Counts are of products, not occurrences.

    ``titles`` are title phrases. ``earlier`` is the vocabulary of the main segment, shared by those
    of later changes.
    """

    def __init__(
        self,
        known_words: Mapping[str, int],
        titles: Sequence[Sequence[str]],
        head_nouns: Mapping[str, int],
        brands: Iterable[str],
        categories: Iterable[tuple[str, ...]],
        *,
        earlier: "Vocabulary | None" = None,
    ) -> None:
        self._own_words = known_words
        self._earlier = earlier
        self._stems = frozenset(stem(word) for word in known_words)
        self.brands: tuple[str, ...] = tuple(brands)
        self.categories: tuple[tuple[str, ...], ...] = tuple(categories)
        self.known_words = known_words
        self._titles = titles
        self.head_nouns = head_nouns
        if earlier is not None:
            self.known_words = ChainMap(dict(known_words), earlier.known_words)  # type: ignore[arg-type]
            self.head_nouns = ChainMap(dict(head_nouns), earlier.head_nouns)  # type: ignore[arg-type]
            self.brands = tuple(dict.fromkeys((*earlier.brands, *self.brands)))
            self.categories = tuple(sorted({*earlier.categories, *self.categories}))

    @classmethod
    def of(cls, products: Iterable[Product]) -> "Vocabulary":
        builder = VocabularyBuilder()
        for product in products:
            builder.add(product, title_phrase(product), naming(product))
        return builder.build()

    def knows(self, word: str) -> bool:
        """Whether the word, or its singular or plural, is used in the catalog."""
        return (
            stem(fold(word)) in self._stems
            or fold(word) in CLOSED_CLASS
            or (self._earlier is not None and self._earlier.knows(word))
        )

    def knows_term(self, term: str) -> bool:
        """Whether a stemmed term occurs in the catalog."""
        return term in self._stems or (self._earlier is not None and self._earlier.knows_term(term))

    def names_a_kind(self, term: str) -> bool:
        """Whether products or shelves are called by this term."""
        return term in self.head_nouns or term in self._shelf_terms

    @cached_property
    def product_phrases(self) -> Mapping[str, int]:
        """Runs of words in titles. Made when first asked for; no search needs them."""
        own = Counter(
            phrase
            for title in self._titles
            for phrase in {
                " ".join(title[start : start + length])
                for length in range(1, _LONGEST_PHRASE + 1)
                for start in range(len(title) - length + 1)
            }
        )
        if self._earlier is None:
            return own
        return ChainMap(own, self._earlier.product_phrases)  # type: ignore[arg-type]

    @cached_property
    def _shelf_terms(self) -> frozenset[str]:
        return frozenset(
            stem(word) for path in self.categories for part in path for word in words(part)
        )

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Known words under each of their spellings with one letter left out."""
        found: dict[str, list[str]] = defaultdict(list)
        # In a small shop most words occur once, and they are all real.
        enough = _SEEN if len(self._own_words) > _MANY_WORDS else 1
        for word, count in self._own_words.items():
            if len(word) >= _SHORTEST_MENDED - 1 and word.isalpha() and count >= enough:
                found[word].append(word)
                for shorter in _deletions(word):
                    found[shorter].append(word)
        return found

    def correct(self, word: str) -> str | None:
        """The known word meant by an unknown one; None when unsure.

        Never mends words with digits (model numbers), short words, or a wrong first letter.
        """
        folded = fold(word)
        if len(folded) < _SHORTEST_MENDED or not folded.isalpha() or self.knows(folded):
            return None
        short = len(folded) == _SHORTEST_MENDED  # "pain" is a word, not a "plain" gone wrong
        allowed = 2 if len(folded) >= _TWO_EDITS_FROM else 1
        best: tuple[int, int, str] | None = None
        for candidate in self._candidates(folded, allowed):
            if candidate[0] != folded[0] or abs(len(candidate) - len(folded)) > allowed:
                continue
            if short and sorted(candidate) != sorted(folded):
                continue
            distance = edit_distance(folded, candidate, allowed)
            if distance > allowed:
                continue
            rank = (distance, -self.known_words[candidate], candidate)
            if best is None or rank < best:
                best = rank
        return None if best is None else best[2]

    def _candidates(self, word: str, allowed: int) -> set[str]:
        spellings = {word, *_deletions(word)}
        if allowed > 1:
            spellings |= {shorter for one in _deletions(word) for shorter in _deletions(one)}
        found = {known for one in spellings for known in self._shortened.get(one, ())}
        if self._earlier is not None:
            found |= self._earlier._candidates(word, allowed)  # noqa: SLF001 - its own class
        return found

    def split(self, word: str) -> tuple[str, str] | None:
        """Two known words written as one: "peanutbutter"."""
        shortest = 3
        best: tuple[int, tuple[str, str]] | None = None
        for cut in range(shortest, len(word) - shortest + 1):
            left, right = word[:cut], word[cut:]
            seen = min(self.known_words.get(left, 0), self.known_words.get(right, 0))
            if seen and (best is None or seen > best[0]):
                best = (seen, (left, right))
        return None if best is None else best[1]


class VocabularyBuilder:
    """Collects the words of products one by one."""

    def __init__(self) -> None:
        self._words: Counter[str] = Counter()
        self._titles: list[Sequence[str]] = []
        self._heads: Counter[str] = Counter()
        self._brands: Counter[str] = Counter()
        self._categories: Counter[tuple[str, ...]] = Counter()

    def add(self, product: Product, title: Sequence[str], named: Naming) -> None:
        """Take in a product, with its ``title_phrase`` and its ``naming``."""
        found = set(words(product.title))
        found.update(*map(words, filter(None, (product.brand, product.description))))
        found.update(*map(words, product.category), *map(words, product.labels))
        found.update(*named.also)
        self._words.update(found)
        self._titles.append(title)
        self._heads.update({head.rpartition(" ")[2] for head in named.heads})
        self._heads.update(name[-1] for name in named.also)
        if product.brand:
            self._brands[product.brand] += 1
        if product.category:
            self._categories[product.category] += 1

    def build(self, earlier: Vocabulary | None = None) -> Vocabulary:
        return Vocabulary(
            Counter({word: seen for word, seen in self._words.items() if not word[0].isdigit()}),
            self._titles,
            self._heads,
            [brand for brand, _ in self._brands.most_common()],
            sorted(self._categories),
            earlier=earlier,
        )


def _deletions(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def edit_distance(left: str, right: str, most: int) -> int:
    """Edits between two words, a swap of neighbours counting as one; above ``most``: most + 1."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (letter != other),
            )
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)
