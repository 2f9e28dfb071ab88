"""Brings the promotions of the sample along with its catalog, and ends them when it goes."""

from pathlib import Path

from knowledge.catalog.changes import CatalogChanges
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.ports import Clock
from knowledge.pricing.promotion_file import read_promotions
from knowledge.pricing.promotion_store import Promotions


def bring_promotions(file: Path, units: UnitsOfWork, clock: Clock) -> None:
    """Take in the promotions of a file, unless the shop ever had one."""
    records = read_promotions(file)
    with units.write() as session:
        CatalogChanges(session, clock).lock()  # two processes may start at once
        promotions = Promotions(session, clock)
        if not promotions.any():
            promotions.load(records)


def end_promotions(file: Path, units: UnitsOfWork, clock: Clock) -> None:
    """End those of a file that are still as the file has them: a shop's own prices are its own."""
    with units.read() as session:
        kept = {one.id: one for one in Promotions(session, clock).list()}
    if not kept:
        return
    named = [one.id for one in read_promotions(file) if kept.get(one.id) == one]
    if not named:
        return
    with units.write() as session:
        promotions = Promotions(session, clock)
        for promotion_id in named:
            promotions.end(promotion_id)
