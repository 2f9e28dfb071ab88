"""An amount in its place in a sentence, with what stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.grounding.amounts import Amount
from assistant.grounding.mentions import Mention
from assistant.grounding.product_facts import ProductFacts

_FOR_SO_MANY = re.compile(
    r"[\s*_]*(?:altogether |together |in all )?for (?:all |the )?(?:\w+)",
    re.IGNORECASE,
)

CUT = re.compile(r"[;]|[$€£]\s?\d[\d.,]*|\.\s")


@dataclass(frozen=True, slots=True)
class Said:
    """An amount in its place."""

    amount: Amount
    sentence: str
    before: str
    after: str
    meant: list[ProductFacts]
    all_meant: list[ProductFacts]
    mentions: Sequence[Mention]
    groups: Sequence[Mention]

    @property
    def near(self) -> str:
        """What stands between the amount before, or the clause, and the one after."""
        after = _FOR_SO_MANY.match(self.after)
        return CUT.split(self.before)[-1] + (after[0] if after else "")

    @property
    def size(self) -> Decimal:
        return abs(self.amount.value)


def masked(sentence: str, mentions: Sequence[Mention]) -> str:
    """Without the words of names: the basket of Basket Basics is nobody's cart."""
    for one in mentions:
        sentence = sentence[: one.start] + "_" * (one.end - one.start) + sentence[one.end :]
    return sentence


def is_near(mention: Mention, said: Said) -> bool:
    return mention.start >= near_start(said) - 1


def near_start(said: Said) -> int:
    """Where the clause of the amount begins, or what stands after the amount before it."""
    start = said.amount.start
    return start - len(CUT.split(said.sentence[:start])[-1])
