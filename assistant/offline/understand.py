"""From a message to acts: rules first, then what the talk before makes of a fragment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.offline.acts import Act, Item
from assistant.offline.annotate import Annotator
from assistant.offline.clauses import Clause, cut
from assistant.offline.dishes import DishReader
from assistant.offline.fitting import FitReader
from assistant.offline.guarding import guarded
from assistant.offline.items import ItemReader
from assistant.offline.language import Language
from assistant.offline.lexicon import Lexicon, ShopWords
from assistant.offline.memory import Memory
from assistant.offline.normalise import normalise
from assistant.offline.pasted_lists import ListReader, planned
from assistant.offline.people import without_members
from assistant.offline.phrasebook import read_yes_no
from assistant.offline.pieces import Amount, Piece, is_code
from assistant.offline.quantities import count_of
from assistant.offline.requests import Request, RequestReader
from assistant.offline.settling import carried, counted, put_act, settled, with_members
from assistant.offline.situation import Situation
from assistant.offline.slots import SlotReader
from assistant.offline.whole_message import WholeReader

ADDING = frozenset({"add", "more", "reorder", "set_quantity", "replace"})
_TALK = frozenset(
    {"greet", "thanks", "bye", "how_are_you", "who_are_you", "never_mind", "undo", "help", "done",
     "rules", "abuse", "refuse", "orders", "policy", "human", "off_topic", "checkout", "take_swaps",
     "budget_set", "diet_check", "details"}
)  # fmt: skip
_OWN_RIGHT = frozenset({"checkout", "empty", "undo", "never_mind"})
_MILD = frozenset({"undo", "never_mind"})
_FIRST = frozenset({"emergency", "medical", "rules", "abuse"})
"""What is heard before anything else a message may mean."""
_FEW = 6
_SHORT = 3
_KNOWN_ENOUGH = 0.5


@dataclass(frozen=True)
class Reading:
    """What was understood of a message, step by step."""

    words: tuple[str, ...]
    pieces: tuple[Piece, ...]
    clauses: tuple[Clause, ...]
    acts: tuple[Act, ...]
    notes: tuple[str, ...]


class Understanding:
    """Reads messages in one language for one catalog and currency. Safe to share."""

    def __init__(self, language: Language, lexicon: Lexicon, currency: str) -> None:
        self.language = language
        self.lexicon = lexicon
        self.shop_words = ShopWords(lexicon, language.vocabulary)
        self.annotator = Annotator(language, self.shop_words, currency)
        self.items = ItemReader(language, self.shop_words)
        self.slots = SlotReader(language, self.items)
        self.requests = RequestReader(language, self._may_be_name)
        self.whole = WholeReader(
            language,
            self.requests,
            ListReader(language, self.pieces, self.items.one),
            FitReader(language, self.items.several, self.requests.bare),
            DishReader(language, self.shop_words.names_product),
        )

    def pieces(self, text: str) -> list[Piece]:
        return self.annotator.read(normalise(text, self.language, self.lexicon))

    def read(self, text: str, memory: Memory, situation: Situation | None = None) -> Reading:
        situation = situation or Situation()
        spoken, members = without_members(text, situation.members, self.language)
        words = normalise(spoken, self.language, self.lexicon)
        pieces = self.annotator.read(words)
        clauses = cut(pieces, self.language)
        notes: list[str] = []
        acts: list[Act] = []
        answer = read_yes_no(text, self.language)
        told = self.whole.of_what_was_told(text, memory)
        if told is None and answer is not None:
            told = self.whole.of_own_data(text, situation)  # "please don't remember me"
        if told is not None:
            acts = [told]
        elif answer is not None:
            acts = self._plain_answer(answer, clauses, memory, notes)
        elif (whole := self._whole(spoken, clauses, memory, situation, notes)) is not None:
            acts = [whole]
        else:
            for clause in clauses:
                act = self._act(clause, acts, memory, notes, situation)
                if act is not None:
                    put_act(acts, act)
            acts = [planned(act) for act in acts]
        acts = carried(settled(acts), self.language.shopping["synonyms"])
        if not acts:
            acts = [Act("unknown", text=" ".join(words))]
        acts = with_members(acts, members)
        return Reading(tuple(words), tuple(pieces), tuple(clauses), tuple(acts), tuple(notes))

    def _whole(
        self,
        text: str,
        clauses: Sequence[Clause],
        memory: Memory,
        situation: Situation,
        notes: list[str],
    ) -> Act | None:
        """What the message means as a whole; somebody's health and the rules come before it."""
        for clause in clauses:
            for rule in self.language.rules:
                if rule.act in _FIRST and any(one.search(clause.shape) for one in rule.patterns):
                    return None
        about = self.requests.read(text, situation)
        act = None if about is None else self._requested(about)
        act = act or self.whole.read(text, self.pieces(text), memory, situation)
        if act is not None:
            notes.append(f"the whole message: {act.kind}")
        return act

    def _requested(self, request: Request) -> Act | None:
        """The act of a request; what somebody needs is read as if the shopper had said it."""
        if request.act != "member":
            return self.whole.act_of(request)
        clauses = cut(self.pieces(f"i {request.named['need']}"), self.language)
        act = self._by_rule(clauses[0], []) if len(clauses) == 1 else None
        if act is None or act.kind != "prefs" or not (act.terms or act.allergens):
            return None
        return replace(act, members=(request.named["who"],), text=request.named["need"])

    def _may_be_name(self, word: str) -> bool:
        """Whether a word means nothing else, neither in the language nor in this shop."""
        low = word.lower()
        return low not in self.language.vocabulary and not self.lexicon.knows(low)

    def _plain_answer(
        self, answer: str, clauses: Sequence[Clause], memory: Memory, notes: list[str]
    ) -> list[Act]:
        """A message that is a yes or no; without a question some are requests of their own."""
        notes.append(f"the phrasebook reads {answer}")
        # "Place the order" is more than a yes to another question.
        if not memory.asks("checkout", "quantity", "set_quantity"):
            for clause in clauses:
                found = self._by_rule(clause, notes)
                plain = memory.question is not None and found is not None and found.kind in _MILD
                if found is not None and found.kind in _OWN_RIGHT and not plain:
                    return [found]
        return [Act(answer)]

    def _act(
        self,
        clause: Clause,
        before: Sequence[Act],
        memory: Memory,
        notes: list[str],
        situation: Situation,
    ) -> Act | None:
        answer = read_yes_no(clause.full, self.language)
        if answer is not None and len(clause.full.split()) <= 2:  # noqa: PLR2004 - "yes please"
            return Act(answer)
        asks = "?" if "question" in clause.marks else ""
        request = self.requests.read(clause.text + asks, situation)
        asked = None if request is None else self._requested(request)
        if asked is not None:
            notes.append(f"{clause.text!r}: {asked.kind}")
            return replace(asked, marks=clause.marks)
        says_swap = bool(set(clause.text.split()) & self.language.set_of("swap_words"))
        offered = memory.asks("swaps") or (situation.swaps_shown and says_swap)
        act = self._by_rule(clause, notes, offered=offered)
        if act is not None and act.kind == "undo" and "cancel" in clause.text.split():
            # "Cancel that" takes back the question that waits before anything that was done.
            waits = memory.question is not None or situation.checkout
            act = replace(act, kind="never_mind") if waits else act
        act = act or self._fragment(clause, before, memory, notes)
        if act is None:
            return None
        return guarded(self._grounded(act, clause, notes), clause, self.language, notes)

    def _grounded(self, act: Act, clause: Clause, notes: list[str]) -> Act:
        """As in "I want the invoice", "get help" name nothing of the shop: they add nothing."""
        if act.kind != "add" or act.choice != "soft":
            return act
        if any(item.reference or self._is_known(item) for item in act.items):
            return replace(act, choice=None)
        notes.append(f"{clause.shape!r}: names nothing of this shop")
        topics = set(clause.text.split()) & self.language.set_of("policy_topics")
        short = all(len(item.words) <= _SHORT for item in act.items)
        return replace(
            act, kind="policy" if topics else "search" if short else "unknown", choice=None
        )

    def _by_rule(self, clause: Clause, notes: list[str], *, offered: bool = False) -> Act | None:
        shape, full = clause.shape, clause.full
        untrimmed = Clause(clause.pieces, full, clause.marks)
        for rule in self.language.rules:
            for number, pattern in enumerate(rule.patterns, 1):
                match = pattern.search(shape)
                if match is None and rule.act in _TALK and full != shape:
                    if pattern.groups == 0 and pattern.search(full):
                        notes.append(f"{full!r}: {rule.act} {number}")
                        return Act(rule.act, text=clause.text, marks=untrimmed.marks)
                    continue
                if match is None or (rule.act == "take_swaps" and not offered):
                    continue
                act = self.slots.build(rule.act, clause, match)
                if not self._fits(act):
                    continue
                notes.append(f"{shape!r}: {rule.act} {number}")
                return act
        return None

    def _fits(self, act: Act) -> bool:
        """Whether a rule that needs something named got it."""
        if act.kind in {"add", "replace", "compare"}:
            return bool(act.items)
        if act.kind in {"search", "refine"}:
            return any(item.words or item.limits for item in act.items)
        if act.kind == "prefs":
            return bool(
                act.terms or act.allergens or act.limits.brands or act.choice in {"high", "dislike"}
            )
        if act.kind == "budget_set":
            return act.money is not None
        if act.kind == "remove":
            return any(item.words or item.reference or item.limits for item in act.items)
        return True

    def _fragment(  # noqa: PLR0911 - a reading each
        self, clause: Clause, before: Sequence[Act], memory: Memory, notes: list[str]
    ) -> Act | None:
        """A clause without a verb: a list goes on, limits are refined, a choice is made."""
        items = self.items.several(clause.pieces)
        previous = before[-1].kind if before else memory.last_act
        if not items:
            return self._number_alone(clause, previous, memory)
        act = Act("search", items=items, text=clause.text, marks=clause.marks | {"bare"})
        if memory.asks("replace") and not before:
            return replace(act, kind="replace_asked", items=items[:1])
        if all(item.reference for item in items) and not counted(items):
            again = "also" in clause.marks and previous in ADDING
            return replace(act, kind="add" if again else "chosen")
        only_limits = not any(item.words or item.reference for item in items)
        if only_limits:
            notes.append(f"{clause.shape!r}: limits alone")
            return replace(act, kind="refine")
        goes_on = previous in ADDING and ("also" in clause.marks or len(items) > 1)
        named = all(item.reference or self._is_known(item) for item in items)
        if goes_on and any(item.reference or self._is_known(item) for item in items):
            notes.append(f"{clause.shape!r}: goes on adding")
            return replace(act, kind="add")
        whole = self.items.one(clause.pieces)
        ordered = "please" in clause.marks and not whole.limits and self._is_known(whole)
        if ordered and not {"question"} & clause.marks:
            notes.append(f"{clause.shape!r}: asked for with a please")
            return replace(act, kind="add", items=items if named else (whole,))
        if before == [] and memory.last_act in ADDING and _is_each(items):
            notes.append(f"{clause.shape!r}: so many of each")
            each = Item(reference=items[0].reference)
            return replace(act, kind="set_quantity", items=(each,), count=items[0].quantity)
        if counted(items) and named:
            notes.append(f"{clause.shape!r}: counted")
            return replace(act, kind="add")
        if "lines" in clause.marks and len(items) > 1:
            notes.append(f"{clause.shape!r}: a pasted list")
            return replace(act, kind="add")
        return self._looked_for(act, clause, notes)

    def _looked_for(self, act: Act, clause: Clause, notes: list[str]) -> Act:
        """Something named without a verb is looked for, when the shop may have it."""
        whole = self.items.one(clause.pieces)
        question = self._question(clause, whole)
        if question is not None:
            return question
        several = [item for item in act.items if self._is_known(item)]
        if len(several) == len(act.items) and len(several) > 1:
            notes.append(f"{clause.shape!r}: names products")
            return act
        if self._is_known(whole) or (whole.limits and len(whole.words) < _FEW):
            notes.append(f"{clause.shape!r}: names a product")
            return act.with_items(whole)
        if 0 < len(whole.words) <= _SHORT and "question" not in clause.marks:
            notes.append(f"{clause.shape!r}: a few words, looked for")
            return act.with_items(whole)
        topics = set(clause.text.split()) & self.language.set_of("policy_topics")
        kind = "policy" if topics else "unknown"
        return Act(kind, items=(whole,), text=clause.text, marks=clause.marks)

    def _question(self, clause: Clause, whole: Item) -> Act | None:
        """A question that no rule knows: about a product, to the shop, or not understood."""
        words = clause.text.split()
        known = self._is_known(Item(whole.words[1:] if len(whole.words) > 1 else whole.words))
        act = Act("unknown", items=(whole,), text=clause.text, marks=clause.marks)
        if words[0] in self.language.set_of("question_starts") or "asked" in clause.marks:
            to_shop = set(words) & (
                self.language.set_of("shop_words") | self.language.set_of("policy_topics")
            )
            return replace(act, kind="policy") if to_shop else act
        if words[0] in self.language.set_of("thing_questions"):
            return replace(act, kind="details" if known else "unknown")
        return None

    def _is_known(self, item: Item) -> bool:
        if not item.words or len(item.words) > _FEW:
            return False
        if len(item.words) == 1 and is_code(item.words[0]):
            return True
        share = self.shop_words.share_known(item.words)
        if self.shop_words.names_product(item.words):
            return share >= _KNOWN_ENOUGH
        return share == 1.0

    def _number_alone(self, clause: Clause, previous: str | None, memory: Memory) -> Act | None:  # noqa: PLR0911 - a case each
        """As in "4" after an addition changes how many; after a question it answers it."""
        piece = clause.pieces[0]
        containers = self.language.set_of("containers")
        if any(one.tag or one.words[0] not in containers for one in clause.pieces[1:]):
            return None
        corrected = bool({"fix", "no"} & clause.marks) and previous in ADDING
        if isinstance(piece.value, Amount):
            if not corrected:
                return None
            value = Decimal(piece.value.value)
            return Act("set_quantity", count=value, choice=piece.value.unit, marks=clause.marks)
        count = count_of(piece)
        if count is None:
            return None
        if memory.asks("budget_amount"):
            return Act("budget_set", money=count)
        if memory.asks("choose") or clause.pieces[0].tag != "NUM":
            return Act("number", count=count)
        if corrected:
            return Act("set_quantity", count=count, marks=clause.marks)
        return Act("number", count=count)


def _is_each(items: Sequence[Item]) -> bool:
    """As in "Two of each"."""
    reference = items[0].reference if len(items) == 1 and items[0].quantity else None
    return reference is not None and reference.kind == "all"
