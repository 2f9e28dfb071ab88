"""Reads limits out of words: prices, ratings, diets, what must not be in it."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from assistant.offline.acts import Limits
from assistant.offline.language import Language, Phrase
from assistant.offline.pieces import PUNCTUATION, Piece
from assistant.offline.quantities import count_at, money_at, read_decimal

_LONGEST = 6
_AROUND_LOW, _AROUND_HIGH = Decimal("0.8"), Decimal("1.2")
_MOST_STARS = 5
Found = tuple[Piece, int]


def limit_at(words: Sequence[str], at: int, language: Language, currency: str) -> Found | None:
    """Any limit starting here, and how many words it takes."""
    reader = _Prices(words, language, currency)
    for read in (reader.between, reader.below, reader.above, reader.around, reader.after):
        found = read(at)
        if found is not None:
            limits, length = found
            return Piece(tuple(words[at : at + length]), "LIMIT", limits), length
    return None


class _Prices:
    """Readers of price limits over one row of words."""

    def __init__(self, words: Sequence[str], language: Language, currency: str) -> None:
        self.words = words
        self.language = language
        self.currency = currency
        self.each = language.phrases("price_words.each")

    def between(self, at: int) -> tuple[Limits, int] | None:
        start = longest(self.words, at, self.language.phrases("price_words.between"))
        first = self._money(at + start, bare=True)
        if first is None:
            return None
        place = at + start + first[1]
        joined = longest(self.words, place, self.language.phrases("price_words.to"))
        second = self._money(place + joined, bare=True) if joined else None
        if second is None:
            return None
        end = place + joined + second[1]
        is_money = self._is_money(at + start) or self._is_money(place + joined)
        if not is_money and not (start and self.words[at] != "from"):
            return None
        low, high = sorted((first[0], second[0]))
        return Limits(min_price=low, max_price=high), self._with_each(end) - at

    def below(self, at: int) -> tuple[Limits, int] | None:
        lead = longest(self.words, at, self.language.phrases("price_words.below"))
        found = self._led(at, lead)
        return (Limits(max_price=found[0]), found[1]) if found else None

    def above(self, at: int) -> tuple[Limits, int] | None:
        lead = longest(self.words, at, self.language.phrases("price_words.above"))
        found = self._led(at, lead)
        return (Limits(min_price=found[0]), found[1]) if found else None

    def around(self, at: int) -> tuple[Limits, int] | None:
        lead = longest(self.words, at, self.language.phrases("price_words.around"))
        if not lead or not self._is_money(at + lead):
            return None
        found = self._led(at, lead)
        if found is None:
            return None
        low = (found[0] * _AROUND_LOW).quantize(Decimal("0.01"))
        high = (found[0] * _AROUND_HIGH).quantize(Decimal("0.01"))
        return Limits(min_price=low, max_price=high), found[1]

    def after(self, at: int) -> tuple[Limits, int] | None:
        """As in "$3 or less", "3 dollars maximum"."""
        found = self._money(at, bare=False)
        if found is None:
            return None
        place = at + found[1]
        below = longest(self.words, place, self.language.phrases("price_words.after_below"))
        if below:
            return Limits(max_price=found[0]), self._with_each(place + below) - at
        above = longest(self.words, place, self.language.phrases("price_words.after_above"))
        if above:
            return Limits(min_price=found[0]), self._with_each(place + above) - at
        return None

    def _led(self, at: int, lead: int) -> tuple[Decimal, int] | None:
        if not lead:
            return None
        place = at + lead
        if place < len(self.words) and self.words[place] in self.language.set_of("articles"):
            place += 1
        if place < len(self.words) and self.words[place] in {":", "="}:
            place += 1
        found = self._money(place, bare=True)
        if found is None:
            return None
        end = place + found[1]
        if not self._is_money(place) and not self._may_end(end):
            return None
        return found[0], self._with_each(end) - at

    def _money(self, at: int, *, bare: bool) -> tuple[Decimal, int] | None:
        """Money here; with ``bare`` a number alone will do."""
        if at >= len(self.words):
            return None
        found = money_at(self.words, at, self.language, self.currency)
        if found is None and bare and read_decimal(self.words[at].strip("%")) is not None:
            value = read_decimal(self.words[at])
            return (value, 1) if value is not None else None
        if found is None and bare:
            count = count_at(self.words, at, self.language)
            if count and not self._may_end(at + count[1]):
                return None
            return (count[0].value, count[1]) if count else None
        return found

    def _is_money(self, at: int) -> bool:
        return (
            at < len(self.words)
            and money_at(self.words, at, self.language, self.currency) is not None
        )

    def _may_end(self, at: int) -> bool:
        """Whether a bare number is a price: nothing countable follows it."""
        if at >= len(self.words) or self.words[at] in PUNCTUATION:
            return True
        closing = self.language.set_of("after_pronoun")
        periods = self.language.table("periods")
        return (
            longest(self.words, at, self.each) > 0
            or longest(self.words, at, periods) > 0
            or self.words[at] in closing
        )

    def _with_each(self, end: int) -> int:
        return end + longest(self.words, end, self.each)


def rating_at(words: Sequence[str], at: int, language: Language) -> Found | None:
    """As in "rated at least 4", "4 stars or more", "4.5+ stars"."""
    least = language.phrases("rating_words.least")
    stars = language.phrases("rating_words.stars")
    rated = longest(words, at, language.phrases("rating_words.rated"))
    place = at + rated
    led = longest(words, place, least)
    place += led
    number = count_at(words, place, language) if place < len(words) else None
    if number is None or not 0 < number[0].value <= _MOST_STARS:
        return None
    place += number[1]
    place += longest(words, place, least)
    starred = longest(words, place, stars)
    place += starred
    place += longest(words, place, least) if starred else 0
    ends = place >= len(words) or words[place] in PUNCTUATION
    if not starred and not (rated and (led or ends)):
        return None
    limits = Limits(min_rating=Decimal(number[0].value))
    return Piece(tuple(words[at:place]), "RATING", limits), place - at


def diet_at(words: Sequence[str], at: int, language: Language) -> Found | None:
    """As in "vegan", "gluten free", "dairy free", "nut and soy free"."""
    diets, free_of = language.table("diets"), language.table("free_of")
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        phrase = tuple(words[at : at + length])
        if phrase in diets:
            return Piece(phrase, "DIET", Limits(diets=(diets[phrase],))), length
        if free_of.get(phrase):
            return Piece(phrase, "DIET", Limits(exclude=tuple(free_of[phrase]))), length
    return _several_free(words, at, language)


def _several_free(words: Sequence[str], at: int, language: Language) -> Found | None:
    """As in "gluten and dairy free": each of them."""
    free = language.shopping["free_word"]
    read = _substances(words, at, language)
    if read is None:
        return None
    phrases, length = read
    if len(phrases) < 2 or at + length >= len(words) or words[at + length] != free:  # noqa: PLR2004
        return None
    # "Milk and gluten free pasta" is milk, and pasta.
    if any(" ".join(phrase) not in language.set_of("substances") for phrase in phrases[:-1]):
        return None
    limits = Limits()
    for phrase in phrases:
        limits = limits.joined(_without(phrase, language))
    return Piece(tuple(words[at : at + length + 1]), "DIET", limits), length + 1


def exclusion_at(words: Sequence[str], at: int, language: Language) -> Found | None:
    """As in "without nuts or dairy", "no soy", "that does not contain milk"."""
    lead = longest(words, at, language.phrases("without_words"))
    if not lead:
        return None
    place = at + lead
    while place < len(words) and words[place] in {"any", "added", "the"}:
        place += 1
    read = _substances(words, place, language)
    if read is None:
        return _excluded_words(words, at, lead, language)
    limits = Limits()
    for phrase in read[0]:
        limits = limits.joined(_without(phrase, language))
    length = place + read[1] - at
    return Piece(tuple(words[at : at + length]), "EXCL", limits), length


def _excluded_words(words: Sequence[str], at: int, lead: int, language: Language) -> Found | None:
    """As in "without palm oil": only after words that leave no doubt."""
    if words[at] not in {"without", "excluding"}:
        return None
    named: list[str] = []
    for word in words[at + lead :]:
        if word in PUNCTUATION or word in language.set_of("stop_words") or len(named) == 2:  # noqa: PLR2004
            break
        named.append(word)
    if not named or named[0] in language.set_of("bound_words"):
        return None
    length = lead + len(named)
    limits = Limits(exclude=(" ".join(named),))
    return Piece(tuple(words[at : at + length]), "EXCL", limits), length


def _substances(
    words: Sequence[str], at: int, language: Language
) -> tuple[list[Phrase], int] | None:
    """A list of allergens: "nuts, soy or dairy"."""
    known = language.table("allergens")
    joins = language.set_of("list_words")
    found: list[Phrase] = []
    place = at
    while place < len(words):
        length = longest(words, place, known)
        if not length:
            break
        found.append(tuple(words[place : place + length]))
        place += length
        skip = place
        while skip < len(words) and (
            words[skip] in joins or words[skip] in {"no", "any", "without"}
        ):
            skip += 1
        if skip == place or not longest(words, skip, known):
            break
        place = skip
    return (found, place - at) if found else None


def _without(phrase: Phrase, language: Language) -> Limits:
    """What a search must keep to when this must not be in it."""
    diet = language.shopping["diet_of_allergen"].get(" ".join(phrase))
    if diet:
        return Limits(diets=(diet,))
    return Limits(exclude=tuple(language.table("allergens")[phrase]))


def longest(words: Sequence[str], at: int, phrases: Collection[Phrase]) -> int:
    """How many words the longest of these phrases takes here; 0 when there is none."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in phrases:
            return length
    return 0
