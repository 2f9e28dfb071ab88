"""Tells what an amount is said to be: a price, a total, what is left, what is saved."""

import re
from typing import Literal

from assistant.grounding.amount_said import Said
from assistant.grounding.facts import Facts

Role = Literal["budget", "over", "left", "share", "difference", "total", "fee", "price"]

"""What an amount is said to be: ``left`` of a budget, a ``share`` for each person."""

_GAP = (
    r"(?:[\s*_(:,~≈]|about|around|roughly|just|only|now|a|an|the|your|you|with|nearly|almost|some|also|dann|"
    r"noch|damit|nur|so|still|then|exactly|aún|todavía|unos|etwa|rund|genau|"
    r"diese woche|diesen monat|esta semana|este mes|this (?:week|month)|dir|te|le|euch|ihnen)*"
)

_BUDGET_BEFORE = re.compile(
    r"\b(?:budget|limit|presupuesto)(?: (?:of|is|at|to|now|set|for|this|the|week|month|trip|von|"
    r"de|es|son|sind|beträgt|liegt|bei))*"
    r"\W*$|^\W*(?:out )?of (?:your|the|those|that|these)"
    r"\W*$|\d[\s*]*(?:de|von|aus) (?:(?:los|las|tus?|el|la|deine[nrm]?|den|dem|der|ihre[nr]?) )?"
    r"\W*$|\bout of (?:your |the )?\W*$|\b(?:keeps? (?:it )?to|stay(?:s|ing)? (?:within|under|"
    r"below|inside)|fits?(?: in| into| within)?|"
    r"inside|within)(?: the| your)?\W*$|\d[\s*]*(?:left |remaining )?(?:out )?of (?:the |"
    r"your )?\W*$",
    re.IGNORECASE,
)

_BUDGET_AFTER = re.compile(
    r"[\s*_]*for (?:this|the) (?:trip|week|month)\b|[\s*_-]*(?:(?:weekly|monthly|trip|shopping|"
    r"total|dollar) )?(?:budget|limit|presupuesto)\b",
    re.IGNORECASE,
)

_YOURS = re.compile(r"\b(?:your|deine[nmr]?|ihre[nmr]?|tus?|sus?)\W*$", re.IGNORECASE)

_CART_AFTER = re.compile(r"[\s*_-]*(?:order|cart|basket|total|shop)\b", re.IGNORECASE)

_OVER_AFTER = re.compile(
    r"[\s*_]*(?:over|above|too much|über (?:dein|ihr|d)|por encima)\b"
    r"(?! (?:(?:the |a )?(?:week|month|year)))",
    re.IGNORECASE,
)

_OVER_BEFORE = re.compile(
    r"\b(?:over|above|exceeds?|past)\b[^.;:]{0,40}\bby\W*$|presupuesto por\W*$", re.IGNORECASE
)

_LEFT_AFTER = re.compile(
    r"[\s*_]*(?:(?:is|are|still|will be|would be|that|which|that['\u2019]s|you|you['\u2019]ve|"
    r"you['\u2019]d|you['\u2019]ll|have|got|there|there['\u2019]s|of it|of that|we|we['\u2019]ve|"
    r"to have|be) )*(?:left\b(?! out)|remain|to spare|"
    r"to spend|to go\b|"
    r"unspent|stays? (?:in your (?:pocket|wallet|purse)|with you|free)|goes unspent|"
    r"for other things|(?:still )?in (?:your|the) budget|de sobra|disponible|restante|por gastar|"
    r"in reserve|in hand|up your sleeve|"
    r"(?:under|below|within) (?:(?:your|the) )?(?:limit|budget)|übrig|to play with|available\b|"
    r"of headroom)",
    re.IGNORECASE,
)

_LEFT_BEFORE = re.compile(
    rf"\b(?:leav(?:es?|ing)|remaining|you'd keep|keep|still have|"
    rf"(?:you|you['\u2019]ve|have)(?: still)? got|"
    rf"you['\u2019]d still have|bleiben"
    rf"|bleibt|quedan?|quedarían?|quedaría|sobran?|sobraría|restan|übrig|you have|left)\b{_GAP}$",
    re.IGNORECASE,
)

# What needs no budget that is set: the shopper said how much it may be.
_SURELY_LEFT = re.compile(
    rf"\b(?:quedan?|quedarían?|sobran?|sobrarían?|restan|bleiben|bleibt|übrig|remaining){_GAP}$",
    re.IGNORECASE,
)

_FROM_THERE = re.compile(
    r"[\s*_]*(?:more\s)?(?:(?:worth of items )?(?:over|above|below|under|short of|beyond|past|"
    r"away from|shy of|clear of)\s(?:that|it|the|this|what|free|your)|to go\b|(?:is |are )?missing|"
    r"until (?:delivery|shipping|you)|for (?:free|the minimum)|to (?:reach|get to|qualify))\b",
    re.IGNORECASE,
)

_REST_BEFORE = re.compile(
    r"\b(?:remaining|unspent|left[- ]?over|rest of (?:your|the)|left (?:of|in|from) (?:your|the)|"
    r"restliche[sn]?|restante)"
    r"(?: (?:budget|money|weekly|monthly))+(?: (?:is|at|of|now|for|this|the|week|month|trip))*\W*$",
    re.IGNORECASE,
)

_WHICH_LEAVES = re.compile(rf"\b(?:leav(?:es?|ing)(?: you)?|left with){_GAP}$", re.IGNORECASE)

_SHARE = re.compile(
    r"[\s*_]*(?:a|per|each|pro|por)\s?(?:head|person|serving|portion|guest|plate|kopf|persona)\b",
    re.IGNORECASE,
)

_SHARE_BEFORE = re.compile(
    r"\b(?:per|pro|por|each)\s(?:head|person|serving|portion|guest|plate|kopf|persona)\b"
    r"[^.;$€£\d]{0,20}$",
    re.IGNORECASE,
)

_EACH = re.compile(r"[\s*_]*(?:each|apiece)\b", re.IGNORECASE)

_FOR_SOME = re.compile(
    r"\b(?:servings?|persons?|people|portions?|heads?|guests?|plates?|(?:of|for) (?:you|us)|"
    r"for (?:two|three|four|five|six|eight|ten|\d+))\b",
    re.IGNORECASE,
)

_PORTIONS = re.compile(
    r"\b(?:servings?|persons?|people|portions?|heads?|guests?|plates?|(?:of|for) (?:you|us))\b",
    re.IGNORECASE,
)

_LESS_OR_MORE = re.compile(
    r"[\s*_)]*(?:(?:is|are|a|per|each|every|in all|in total|altogether|bag|pack|kilo|litre|liter|"
    r"kg|"
    r"bottle|piece|by|on)\s)*"
    r"(?:cheaper|more\b(?! than enough)|less\b|dearer|pricier|extra\b|off\b|savings?|saved|"
    r"between\b|difference|gap|apart|unterschied|de diferencia|"
    r"discount|on top|under budget|below|higher|lower|teurer|billiger|günstiger|mehr|weniger|más|"
    r"menos|"
    r"reduction|rebate)",
    re.IGNORECASE,
)

_SAVES = re.compile(
    r"\b(?:sav(?:e|es|ed|ing)|difference|gap of|differ\w* (?:by|of)|apart by|discount(?: of| is|:)|"
    r"extra|costs? an|cheaper by|"
    r"takes? off|took off|"
    r"knocks? off|spart|sparst|sparen|ahorras?|reduced by|minus|off by|rebate|another|"
    r"(?:up|down|rises?|rose|falls?|fell|drop(?:s|ped)?|goes|went|grew|cheaper|dearer) by)\b"
    r"[^.;,:$€£\d]{0,32}$|[+\u2212]\s?$|[(\s]-\s?$",
    re.IGNORECASE,
)

_TOTAL_BEFORE = re.compile(
    r"\b(?:total|subtotal|cart|basket|order|sum|together|altogether|comes? (?:out )?to|amounts? to|"
    r"grand total|worth|you pay|you'd pay|adds up to|zusammen|gesamt|summe|warenkorb|bestellung|"
    r"carrito|pedido|brings? (?:you|it|that) (?:down |up )?to|now at|you're at|makes it|spent|"
    r"used)\b"
    r"(?:(?!\bfor\b|\bwith\b|\bincluding\b|\bplus\b|\band\b|\bof which\b)[^.;$€£\d]){0,48}$",
    re.IGNORECASE,
)

_TOTAL_FROM = re.compile(
    r"\b(?:total|cart|basket|order|sum|bill|summe|warenkorb|carrito)\b[^.;]{0,40}"
    r"\b(?:from|von|de)\W*[\d.,]+\W*(?:to|auf|a)\W*$",
    re.IGNORECASE,
)

_TOTAL_AFTER = re.compile(
    r"[\s*_]*(?:in total|in all|altogether|together|total\b|all in|zusammen|insgesamt|en total|"
    r"so far|after|before delivery|in (?:your|the) (?:cart|basket)|in the cart|including)",
    re.IGNORECASE,
)

FEE = re.compile(
    r"\b(?:delivery|deliver(?:ed|s)?|shipping|fee|minimum|deposit|free (?:from|over|above)|"
    r"lieferung|"
    r"entrega|tax|orders? (?:of|over|under|from)|one order|spend|refund|pickup|code|coupon|"
    r"[A-Z]+\d+)\b",
    re.IGNORECASE,
)

A_PIECE = re.compile(
    r"[\s*_]*(?:each\b|apiece|(?:a|an|per|pro|por)\s(?:bag|pack(?:et|age)?|can|tin|jar|bottle|box|tub|"
    r"pot|bar|piece|loaf|carton|lit(?:re|er)|kilo|unit|bunch|roll|cup|pouch|wedge|stück|unidad)\b)",
    re.IGNORECASE,
)

_FEE_BEFORE = re.compile(
    r"\b(?:minimum|fee|deposit|tax|delivery|shipping|lieferung|entrega)\b"
    r"(?: (?:is|of|costs?|order|comes to|for (?:delivery|orders)))*\W*$",
    re.IGNORECASE,
)

_FROM_SUM = re.compile(
    r"\b(?:orders?|purchases?|spend|baskets?) (?:from|of|over|above|under|below|at least|"
    r"worth)?\W*$",
    re.IGNORECASE,
)


def role_of(said: Said, facts: Facts) -> Role:
    if facts.budget.amounts or facts.limits:
        role = _of_budget(said, facts)
        if role is not None:
            return role
    before, after = said.before, said.after
    if _is_left(said, facts):
        return "left"
    if facts.thresholds and not said.meant and _FROM_THERE.match(after):
        return "over"
    if _is_share(said):
        return "share"
    if _LESS_OR_MORE.match(after) or _SAVES.search(before):
        return "difference"
    return _of_sum(said)


def _is_left(said: Said, facts: Facts) -> bool:
    if _LEFT_AFTER.match(said.after):
        return True
    if facts.budget.amounts and _LEFT_BEFORE.search(said.before):
        return True
    return bool(facts.limits and _SURELY_LEFT.search(said.before))


def _of_budget(said: Said, facts: Facts) -> Role | None:
    before, after = said.before, said.after
    if _REST_BEFORE.search(before) or _WHICH_LEAVES.search(before):
        return "left"
    if _BUDGET_BEFORE.search(before) or _BUDGET_AFTER.match(after):
        return "budget"
    if _YOURS.search(before) and not _CART_AFTER.match(after):
        return "budget"
    if facts.budget.amounts and (_OVER_AFTER.match(after) or _OVER_BEFORE.search(before)):
        return "over"
    return None


def _is_share(said: Said) -> bool:
    if _SHARE.match(said.after) or _SHARE_BEFORE.search(said.before):
        return True
    eaters = _PORTIONS if said.meant else _FOR_SOME
    return bool(_EACH.match(said.after) and eaters.search(said.sentence))


def _of_sum(said: Said) -> Role:
    before, after = said.before, said.after
    if not said.meant and (_FROM_SUM.search(before) or _FEE_BEFORE.search(before)):
        return "fee"
    if said.meant and A_PIECE.match(after):
        return "price"
    if _TOTAL_BEFORE.search(before) or _TOTAL_FROM.search(before) or _TOTAL_AFTER.match(after):
        return "total"
    return "fee" if not said.meant and FEE.search(said.sentence) else "price"
