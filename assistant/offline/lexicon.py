"""What the model must know of the shop's catalog: its words, kinds and brands."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from knowledge.catalog.models import Product
from knowledge.money import Money
from knowledge.search.text import CLOSED_CLASS, stem, words
from knowledge.search.vocabulary import Vocabulary

Phrase = tuple[str, ...]


class Lexicon(Protocol):
    """The vocabulary of a product search fulfils it."""

    @property
    def brands(self) -> tuple[str, ...]: ...

    @property
    def categories(self) -> tuple[tuple[str, ...], ...]: ...

    @property
    def product_phrases(self) -> Mapping[str, int]: ...

    def knows(self, word: str) -> bool:
        """Whether the word, or its singular or plural, is used in the catalog."""
        ...

    def names_a_kind(self, term: str) -> bool:
        """Whether products or shelves are called by this stemmed word."""
        ...

    def correct(self, word: str) -> str | None:
        """The known word meant by an unknown one."""
        ...

    def split(self, word: str) -> tuple[str, str] | None:
        """Two known words written as one."""
        ...


LexiconSource = Callable[[], Lexicon]


def lexicon_of(products: Iterable[tuple[str, str | None, str | None]]) -> Lexicon:
    """A lexicon of (title, brand, category) alone, the category written "A > B"."""
    return Vocabulary.of(
        Product(
            id=str(number),
            title=title,
            price=Money(Decimal(1), "USD"),
            brand=brand,
            category=tuple(part.strip() for part in category.split(">")) if category else (),
        )
        for number, (title, brand, category) in enumerate(products, 1)
    )


class ShopWords:
    """A lexicon with its brands and kinds ready to be found in sentences."""

    def __init__(self, lexicon: Lexicon, ordinary: frozenset[str]) -> None:
        self.lexicon = lexicon
        self._brands: dict[Phrase, str] = {}
        for brand in lexicon.brands:
            phrase = tuple(words(brand))
            # A brand that is one everyday word ("Basics") is said for other reasons too.
            if phrase and not (len(phrase) == 1 and phrase[0] in ordinary):
                self._brands.setdefault(phrase, brand)
                # What we read has "and" for "&".
                self._brands.setdefault(tuple(words(brand.replace("&", " and "))), brand)
        self._initials = _initials(self._brands, ordinary, lexicon)
        self._shelves = [frozenset(_terms(path[-1])) for path in lexicon.categories if path]
        self._departments: dict[frozenset[str], set[str]] = {}
        for path in lexicon.categories:
            if len(path) > 1:
                self._departments.setdefault(frozenset(_terms(path[0])), set()).add(path[-1])
        self.longest_brand = max((len(phrase) for phrase in self._brands), default=0)

    def brand(self, phrase: Phrase) -> str | None:
        return self._brands.get(phrase)

    def brand_by_initials(self, word: str) -> str | None:
        """As in "BB" for a brand of two words that no other brand shares."""
        return self._initials.get(word)

    def brand_of(self, title: str) -> str | None:
        """The brand a title begins with."""
        said = words(title)
        for length in range(min(self.longest_brand, len(said)), 0, -1):
            brand = self._brands.get(tuple(said[:length]))
            if brand is not None:
                return brand
        return None

    def is_phrase(self, phrase: Iterable[str]) -> bool:
        """Whether a title holds these words side by side."""
        return " ".join(phrase) in self.lexicon.product_phrases

    def names_product(self, phrase: Phrase) -> bool:
        """Whether the words may name something this shop sells: their last noun is a kind."""
        content = [word for word in phrase if word not in CLOSED_CLASS and word.isalpha()]
        return bool(content) and self.lexicon.names_a_kind(stem(content[-1]))

    def is_department(self, phrase: Iterable[str]) -> bool:
        """Whether the words name a department of several shelves, and no shelf."""
        said = frozenset(_terms(" ".join(phrase)))
        if not said or said in self._shelves:
            return False
        return any(
            said <= department and len(shelves) > 1
            for department, shelves in self._departments.items()
        )

    def share_known(self, phrase: Phrase) -> float:
        """The share of words with meaning that the catalog uses."""
        content = [word for word in phrase if word not in CLOSED_CLASS and word.isalpha()]
        return sum(self.lexicon.knows(word) for word in content) / len(content) if content else 0.0


def _terms(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in CLOSED_CLASS]


def _initials(
    brands: Mapping[Phrase, str], ordinary: frozenset[str], lexicon: Lexicon
) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for phrase, brand in brands.items():
        letters = "".join(word[0] for word in phrase)
        if len(phrase) > 1 and letters.isalpha() and letters not in ordinary:
            found.setdefault(letters, []).append(brand)
    return {
        letters: several[0]
        for letters, several in found.items()
        if len(several) == 1 and not lexicon.knows(letters)
    }
