"""Checks a summary that a model wrote against the record: what nobody said or showed is dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.grounding.words import word_set
from assistant.memory.ageing import products_in
from assistant.memory.masking import mask_text
from assistant.memory.noting import noted
from assistant.memory.summary import (
    LONGEST,
    MOST,
    MOST_PRODUCTS,
    Constraints,
    NotedProduct,
    Said,
    Summary,
)
from assistant.window import Part

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SELF = frozenset({"me", "i", "shopper", "the shopper", "self", "myself", "user", "customer"})
_IDLE = word_set("a an the of to no not free for and or is am are diet allergy allergic allergen")


@dataclass(frozen=True, slots=True)
class Record:
    """What turns and the summary before them hold for certain."""

    products: dict[str, NotedProduct]
    numbers: frozenset[str]
    """Figures in the shopper's own words, in titles and sizes."""
    words: frozenset[str]
    noted: Summary
    """The same turns, noted by code."""


def record_of(before: Summary, turns: Sequence[Sequence[Part]]) -> Record:
    products = {one.id: one for one in before.products}
    said: list[str] = [_texts(before)]
    for parts in turns:
        said += [part["text"] for part in parts if part["type"] == "user"]
        said += [_arguments(part) for part in parts if part["type"] == "calls"]
        for key, one in products_in(parts).items():
            products[key] = NotedProduct(id=key, title=one["title"], size=one.get("size"))
    names = " ".join(f"{one.id} {one.title} {one.size or ''}" for one in products.values())
    spoken = " ".join(said)
    return Record(
        products=products,
        numbers=frozenset(_NUMBER.findall(f"{spoken} {names}")),
        words=word_set(spoken.replace("_", " ")),
        noted=noted(before, turns),
    )


def checked(summary: Summary, record: Record) -> Summary:
    """Only what the record bears out; what code noted of limits and products is never lost."""
    own = record.noted.constraints
    budget = summary.constraints.budget
    return Summary(
        wishes=_fine(summary.wishes, record),
        decided=_fine(summary.decided, record),
        products=_products(summary, record),
        constraints=Constraints(
            budget=own.budget or (_first([budget or ""], record)),
            diets=_said(summary.constraints.diets, own.diets, record),
            allergens=_said(summary.constraints.allergens, own.allergens, record),
        ),
        open_questions=_fine(summary.open_questions, record),
        tone=_first([summary.tone or ""], record),
        language=_first([summary.language or ""], record),
    )


def _products(summary: Summary, record: Record) -> list[NotedProduct]:
    chosen = {
        one.id: record.products[one.id].model_copy(
            update={"why": (_first([one.why], record) or record.products[one.id].why)}
        )
        for one in summary.products
        if one.id in record.products
    }
    for one in record.noted.products:
        if one.why:  # something was done with it
            chosen.setdefault(one.id, one)
    return list(chosen.values())[-MOST_PRODUCTS:]


def _said(told: Sequence[Said], own: Sequence[Said], record: Record) -> list[Said]:
    """A need that nobody named is none; what was set for somebody stays."""
    found = {(one.what.lower(), one.who): one for one in own}
    for one in told:
        what, who = one.what.strip()[:LONGEST], one.who.strip()
        self_said = who.lower() in _SELF
        named = self_said or word_set(who) <= record.words
        needed = word_set(what.replace("_", " ")) - _IDLE
        if needed and needed <= record.words and named and not _foreign(what, record):
            kept = Said(what=what, who="me" if self_said else who)
            found.setdefault((what.lower(), kept.who), kept)
    return list(found.values())[:MOST]


def _fine(items: Sequence[str], record: Record) -> list[str]:
    return [text for text in (_first([one], record) for one in items) if text][-MOST:]


def _first(items: Sequence[str], record: Record) -> str | None:
    text = mask_text(" ".join(items[0].split()))[:LONGEST]
    return text if text and not _foreign(text, record) else None


def _foreign(text: str, record: Record) -> bool:
    """Whether it holds a figure that nobody said."""
    return any(number not in record.numbers for number in _NUMBER.findall(text))


def _texts(summary: Summary) -> str:
    needs = [*summary.constraints.diets, *summary.constraints.allergens]
    said = [*summary.wishes, *summary.decided, *summary.open_questions]
    said += [summary.constraints.budget or "", *(f"{one.what} {one.who}" for one in needs)]
    return " ".join([*said, *(one.why for one in summary.products)])


def _arguments(part: Part) -> str:
    """Names and values that were set on the shopper's word."""
    calls: list[dict[str, Any]] = part["calls"]
    return " ".join(
        str(value)
        for call in calls
        if call["name"] in ("set_preferences", "set_budget")
        for value in call["arguments"].values()
    )
