"""Which handler carries out which act."""

from assistant.offline import (
    advising,
    carting,
    changing,
    checking,
    filling,
    finding,
    money,
    talking,
)
from assistant.offline.talking import Handler, says

HANDLERS: dict[str, Handler] = {
    "search": finding.search,
    "refine": finding.refine,
    "details": finding.details,
    "compare": finding.compare,
    "which": finding.which,
    "add": filling.add,
    "more": filling.more,
    "remove": changing.remove,
    "set_quantity": changing.set_quantity,
    "replace": changing.replace_line,
    "change_what": changing.change_what,
    "replace_asked": changing.replace_asked,
    "take_swaps": changing.take_swaps,
    "empty": carting.empty,
    "undo": carting.undo,
    "view": carting.view,
    "checkout": carting.checkout,
    "done": carting.done,
    "budget_set": money.budget_set,
    "budget_rule": money.budget_rule,
    "budget_clear": money.budget_clear,
    "budget_check": money.budget_check,
    "orders": money.orders,
    "reorder": money.reorder,
    "swaps": advising.swaps,
    "recommend": advising.recommend,
    "diet_check": checking.diet_check,
    "sustainability": checking.sustainability,
    "policy": advising.policy,
    "human": advising.human,
    "prefs": advising.prefs,
    "prefs_forget": advising.prefs,
    "prefs_show": advising.prefs,
    "yes": talking.yes,
    "no": talking.no,
    "show_more": talking.show_more,
    "number": talking.number,
    "chosen": talking.chosen,
    "greet": talking.greet,
    "unknown": talking.unknown,
    **{
        kind: says(kind)
        for kind in (
            "emergency", "medical",
            "thanks", "bye", "how_are_you", "who_are_you", "help", "never_mind", "abuse", "rules",
            "off_topic", "refuse", "unclear_negation", "unclear_exception",
        )
    },
}  # fmt: skip
