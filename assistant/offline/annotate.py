"""Finds in a row of words what has a meaning of its own, and leaves the rest as words."""

from collections.abc import Callable, Sequence

from assistant.offline.acts import Limits
from assistant.offline.language import Language, Phrase, Table
from assistant.offline.lexicon import ShopWords
from assistant.offline.limits import Found, diet_at, exclusion_at, limit_at, longest, rating_at
from assistant.offline.pieces import PUNCTUATION, Piece
from assistant.offline.quantities import amount_at, count_at, money_at, read_decimal
from assistant.offline.references import reference_at

Reader = Callable[[Sequence[str], int], Found | None]
_LONGEST = 6


class Annotator:
    """Reads the words of one language for one catalog and currency."""

    def __init__(self, language: Language, shop_words: ShopWords, currency: str) -> None:
        self.language = language
        self.shop_words = shop_words
        self.currency = currency
        self._readers: tuple[Reader, ...] = (
            lambda words, at: limit_at(words, at, language, currency),
            lambda words, at: rating_at(words, at, language),
            self._brand,
            self._model,
            self._cart,
            lambda words, at: reference_at(words, at, language),
            lambda words, at: exclusion_at(words, at, language),
            lambda words, at: diet_at(words, at, language),
            self._named,
            self._money,
            self._amount,
            self._count,
        )
        self._tables: tuple[tuple[str, Table], ...] = (
            ("PERIOD", language.table("periods")),
            ("GOAL", language.table("goals")),
            ("SORT", language.table("sorts")),
        )

    def read(self, words: Sequence[str]) -> list[Piece]:
        pieces: list[Piece] = []
        at = 0
        while at < len(words):
            found = None if words[at] in PUNCTUATION else self._at(words, at)
            if found is None:
                found = Piece((words[at],)), 1
            pieces.append(found[0])
            at += found[1]
        return pieces

    def _at(self, words: Sequence[str], at: int) -> Found | None:
        for reader in self._readers:
            found = reader(words, at)
            if found is not None:
                return found
        return None

    def _cart(self, words: Sequence[str], at: int) -> Found | None:
        length = longest(words, at, self.language.phrases("cart_words"))
        if not length:
            return None
        after = words[at + length] if at + length < len(words) else ""
        counted = at > 0 and read_decimal(self._digits(words[at - 1])) is not None
        # "A bag of flour", "one bag", "the Basket Basics bread" are no carts.
        if after == "of" or counted or self._starts_brand(words, at, length):
            return None
        return Piece(tuple(words[at : at + length]), "CART"), length

    def _digits(self, word: str) -> str:
        return str(self.language.words["numbers"].get(word, word))

    def _starts_brand(self, words: Sequence[str], at: int, length: int) -> bool:
        return any(
            (found := self._brand(words, start)) is not None and start + found[1] > at + length
            for start in range(at + 1, at + length)
        )

    def _model(self, words: Sequence[str], at: int) -> Found | None:
        """As in "Spaghetti no. 5": a number that products have in their name."""
        if words[at] not in {"no", "number"} or at == 0:
            return None
        place = at + 1 + (words[at + 1 : at + 2] == ["."])
        if place >= len(words) or not words[place].isdigit():
            return None
        if not self.shop_words.is_phrase((words[at - 1], "no")):
            return None
        return Piece((words[place],)), place + 1 - at

    def _named(self, words: Sequence[str], at: int) -> Found | None:
        """Periods, goals and sort orders; the longest phrase wins."""
        best: Found | None = None
        for tag, table in self._tables:
            length = longest(words, at, table)
            if not length or (best and best[1] >= length):
                continue
            phrase: Phrase = tuple(words[at : at + length])
            if tag == "PERIOD" and not self._is_period(words, at, length):
                continue
            value = table[phrase]
            shown = "ECO" if tag == "SORT" and value == "sustainability" else tag
            best = Piece(phrase, shown, value), length
        return best

    def _is_period(self, words: Sequence[str], at: int, length: int) -> bool:
        # "a week old": a plain word unless it is followed by nothing that it could describe.
        return at + length >= len(words) or words[at + length] not in {"old", "ago"}

    def _money(self, words: Sequence[str], at: int) -> Found | None:
        found = money_at(words, at, self.language, self.currency)
        if found is None:
            return None
        return Piece(tuple(words[at : at + found[1]]), "MONEY", found[0]), found[1]

    def _amount(self, words: Sequence[str], at: int) -> Found | None:
        found = amount_at(words, at, self.language)
        if found is None:
            return None
        return Piece(tuple(words[at : at + found[1]]), "AMT", found[0]), found[1]

    def _count(self, words: Sequence[str], at: int) -> Found | None:
        found = count_at(words, at, self.language)
        if found is None:
            return None
        if words[at] == "one" and found[1] == 1 and not self._counts_one(words, at):
            return None
        return Piece(tuple(words[at : at + found[1]]), "NUM", found[0]), found[1]

    def _counts_one(self, words: Sequence[str], at: int) -> bool:
        """Whether "one" is a number here and not "which one"."""
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if before in self.language.set_of("number_leads"):
            return True
        if before in self.language.set_of("one_stands_after"):
            return False
        return (
            bool(after) and after not in PUNCTUATION and after not in {"is", "are", "has", "with"}
        )

    def _brand(self, words: Sequence[str], at: int) -> Found | None:
        for length in range(min(self.shop_words.longest_brand, len(words) - at), 0, -1):
            brand = self.shop_words.brand(tuple(words[at : at + length]))
            if brand is not None:
                limits = Limits(brands=(brand,))
                return Piece(tuple(words[at : at + length]), "BRAND", limits), length
        initials = self.shop_words.brand_by_initials(words[at])
        if initials is not None:
            return Piece((words[at],), "BRAND", Limits(brands=(initials,))), 1
        return None
