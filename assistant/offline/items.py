"""Reads the things named in a clause: how many of what, within which limits."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.offline.acts import Item, Limits, Reference
from assistant.offline.language import Language
from assistant.offline.lexicon import ShopWords
from assistant.offline.limits import diet_at
from assistant.offline.pieces import Amount, Count, Piece
from knowledge.search.text import stem

_SEPARATORS = frozenset({",", "and", "plus", ";", "also", "then"})
_LIMITS = frozenset({"LIMIT", "RATING", "DIET", "EXCL", "BRAND"})
_REFERENCES = frozenset({"REF", "PRON", "THEM", "BOTH", "OTHER", "EVERY"})
_SORT_OF_GOAL = {"cheaper": "price", "greener": "sustainability", "healthier": "health"}


class ItemReader:
    """Reads items in one language for one catalog."""

    def __init__(self, language: Language, shop_words: ShopWords) -> None:
        self.language = language
        self.shop_words = shop_words
        self._trim = language.set_of("query_trim")
        self._containers = language.set_of("containers")
        self._holders = self._containers | language.set_of("servings")
        self._times = language.set_of("times_words")
        self._multipliers = language.numbers("multipliers")

    def several(self, pieces: Sequence[Piece]) -> tuple[Item, ...]:
        """The items of a list, "oat milk, gluten free pasta and bananas"."""
        items: list[Item] = []
        waiting = Limits()
        for segment in self._segments(pieces):
            item = self.one(segment)
            if item.words or item.reference:
                items.append(replace(item, limits=waiting.joined(item.limits)))
                waiting = Limits()
            elif item.limits:
                waiting = waiting.joined(item.limits)
            elif (item.quantity or item.amount) and items and items[-1].quantity is None:
                items[-1] = replace(items[-1], quantity=item.quantity, amount=item.amount)
        if waiting and items:
            items[-1] = replace(items[-1], limits=items[-1].limits.joined(waiting))
        elif waiting:
            items.append(Item(limits=waiting))
        return tuple(items)

    def one(self, pieces: Sequence[Piece]) -> Item:  # noqa: C901, PLR0912 - a kind of piece each
        """One thing; joining words inside are part of its name."""
        quantity: Decimal | None = None
        amount: tuple[Decimal, str] | None = None
        dozen = False
        reference: Reference | None = None
        limits = Limits()
        named: list[str] = []
        for place, piece in enumerate(pieces):
            value = piece.value
            if isinstance(value, Count) and self._counts(pieces, place, named):
                quantity, dozen = Decimal(value.value), value.dozen
            elif isinstance(value, Amount) and not self._trimmed(named) and amount is None:
                amount = (Decimal(value.value), value.unit)
            elif piece.tag in _REFERENCES and reference is None:
                reference = value
            elif piece.tag in _LIMITS and isinstance(value, Limits):
                limits = limits.joined(value)
                named.extend(self._also_named(piece))
            elif piece.tag in {"SORT", "ECO"}:
                limits = limits.joined(Limits(sort=value))
            elif piece.tag == "GOAL":
                limits = limits.joined(Limits(sort=_SORT_OF_GOAL[value]))
            elif piece.tag == "MONEY":
                limits = limits.joined(Limits(max_price=Decimal(value)))
            elif piece.tag in {"CART", "PERIOD"} or piece.is_punctuation:
                continue
            elif piece.tag is None and piece.words[0] in self._multipliers and quantity is None:
                quantity = self._multipliers[piece.words[0]]
            else:
                named.extend(piece.words)
        words = self._trimmed(named)
        words = self._without_container(words, counted=quantity is not None or amount is not None)
        if (quantity is not None or amount is not None) and set(words) <= self._containers:
            words = ()  # "2 packs" of what was named before
        if words and reference is not None and reference.kind == "pronoun":
            reference = None  # "oat milk if it is cheap"
        reference = self._with_diets(reference)
        if not words and limits.brands and reference is None:
            words = tuple(limits.brands[0].lower().split())
        return Item(words, reference, limits, quantity, amount, dozen)

    def _counts(self, pieces: Sequence[Piece], place: int, named: Sequence[str]) -> bool:
        """Whether a number says how many, and is not part of a name ("size 4")."""
        if not self._trimmed(named):
            return True
        last = all(
            one.tag is None and one.words[0] in self._containers for one in pieces[place + 1 :]
        )
        before = named[-1] if named else ""
        return last and before not in self.language.set_of("size_words")

    def _also_named(self, piece: Piece) -> tuple[str, ...]:
        said = " ".join(piece.words)
        return piece.words if said in self.language.set_of("title_diets") else ()

    def _with_diets(self, reference: Reference | None) -> Reference | None:
        """As in "The vegan one": the describing words as the diets they are."""
        if reference is None or reference.kind != "described":
            return reference
        words, diets, at = [], [], 0
        while at < len(reference.words):
            found = diet_at(reference.words, at, self.language)
            if found and found[0].value.diets:
                diets += found[0].value.diets
                at += found[1]
            else:
                words.append(reference.words[at])
                at += 1
        return replace(reference, words=tuple(words), diets=tuple(diets))

    def _trimmed(self, named: Sequence[str]) -> tuple[str, ...]:
        words = list(named)
        while words and (words[0] in self._trim or words[0] in self._times):
            words.pop(0)
        while words and (words[-1] in self._trim or words[-1] in self._times):
            words.pop()
        return tuple(words)

    def _without_container(self, words: tuple[str, ...], *, counted: bool) -> tuple[str, ...]:
        """As in "2 bottles of water" is 2 of water, "2 bags" stays bags."""
        for place, word in enumerate(words):
            if word == "of" and 0 < place <= 2:  # noqa: PLR2004 - "large bottles of"
                if words[place - 1] in self._holders:
                    return self._trimmed(words[place + 1 :])
            elif word not in self._holders and place >= 1:
                break
        last = words[-1] if counted and len(words) > 1 else ""
        if last in self._containers and not self.shop_words.is_phrase(words[-2:]):
            words = words[:-1]  # "4 bagels packs"
        if counted and len(words) > 1 and words[0] in self._containers:
            kept = self._trimmed(words[1:])
            pair = f"{words[0]} {words[1]}"
            return words if self.shop_words.is_phrase(pair.split()) else kept
        return words

    def _segments(self, pieces: Sequence[Piece]) -> list[list[Piece]]:
        segments: list[list[Piece]] = [[]]
        for place, piece in enumerate(pieces):
            joins = piece.tag is None and piece.words[0] in _SEPARATORS
            if joins and not self._is_name(pieces, place):
                segments.append([])
            else:
                segments[-1].append(piece)
        return [segment for one in segments for segment in self._runs(one) if segment]

    def _is_name(self, pieces: Sequence[Piece], place: int) -> bool:
        """Whether a joining word is inside a product's name: "salt and vinegar chips"."""
        if pieces[place].words[0] != "and" or not 0 < place < len(pieces) - 1:
            return False
        before, after = pieces[place - 1], pieces[place + 1]
        if before.tag or after.tag:
            return False
        return self.shop_words.is_phrase((before.words[-1], "and", after.words[0]))

    def _runs(self, segment: list[Piece]) -> list[list[Piece]]:
        """A new item begins where a count stands after a name: "2 milk 3 bread"."""
        runs: list[list[Piece]] = [[]]
        for place, piece in enumerate(segment):
            counts = isinstance(piece.value, Count) and not set(piece.words[-1:]) & self._times
            named = any(one.tag is None for one in runs[-1]) or any(
                one.tag in _REFERENCES for one in runs[-1]
            )
            following = place + 1 < len(segment) and segment[place + 1].tag is None
            leads = any(isinstance(one.value, Count) for one in runs[-1])
            if (counts and named and following and leads) or self._another(runs[-1], piece):
                runs.append([])
            runs[-1].append(piece)
        return runs

    def _another(self, run: Sequence[Piece], piece: Piece) -> bool:
        """Whether a word begins another thing: "bananas apples", for a plural describes nothing."""
        if piece.tag is not None or not run or run[-1].tag is not None:
            return False
        before, word = run[-1].words[-1], piece.words[0]
        plural = before.endswith("s") and stem(before) != before
        return (
            plural
            and not self.shop_words.is_phrase((before, word))
            and self.shop_words.names_product((before,))
            and self.shop_words.names_product((word,))
        )
