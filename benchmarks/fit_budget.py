"""Fitting a cart under a limit: the optimum against three greedy ways, in one run.

python -m benchmarks.fit_budget [--carts 40] [--lines 12] [--catalog products.jsonl]
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.catalog import SAMPLE
from knowledge.carts.models import CartLine
from knowledge.catalog.importing import import_file
from knowledge.catalog.models import Product
from knowledge.catalog.repository import CatalogRepository
from knowledge.clock import SystemClock
from knowledge.db.engine import open_engine
from knowledge.db.migrate import upgrade
from knowledge.db.unit_of_work import UnitsOfWork
from knowledge.money import Money
from knowledge.optimise.fitting import fit
from knowledge.optimise.line_choices import LineChoice, choices_for
from knowledge.optimise.line_prices import LinePrices, minor
from knowledge.recommend.asking import Asked
from knowledge.recommend.recommender import Recommender, open_recommender
from knowledge.search.product_search import open_search

SHARES = (85, 70, 55, 40)
QUANTITIES = (1, 1, 1, 1, 2, 2, 3, 4)
CURRENCY = "USD"
PRICES = LinePrices((), CURRENCY)
Options = Sequence[Sequence[LineChoice]]
Way = Callable[[Options, int], float | None]


def say(line: str) -> None:
    print(line)  # noqa: T201 - people read it


def cost(choice: LineChoice) -> int:
    return minor((choice.product.price * choice.quantity).rounded())


def saved(group: Sequence[LineChoice], choice: LineChoice) -> int:
    return cost(group[0]) - cost(choice)


def greedy(options: Options, room: int, order: Sequence[tuple[int, LineChoice]]) -> float | None:
    """Take changes in order, each line's last one counting, until the cart fits."""
    picks = [group[0] for group in options]
    taken: set[str] = set()
    for number, choice in order:
        if sum(cost(one) for one in picks) <= room:
            break
        if choice.what == "swapped" and choice.product.id in taken:
            continue
        if saved(options[number], choice) > saved(options[number], picks[number]):
            picks[number] = choice
            taken.add(choice.product.id)
    if sum(cost(one) for one in picks) > room:
        return None
    return sum(one.loss for one in picks)


def drops(options: Options) -> list[tuple[int, LineChoice]]:
    found = [(number, group[-1]) for number, group in enumerate(options)]
    return sorted(found, key=lambda one: -cost(options[one[0]][0]))


def drop_dearest(options: Options, room: int) -> float | None:
    return greedy(options, room, drops(options))


def swap_first(options: Options, room: int) -> float | None:
    """The swap that saves most of each line, largest saving first; then the dearest go."""
    swaps = [
        (number, one)
        for number, group in enumerate(options)
        for one in group
        if one.what == "swapped"
    ]
    swaps.sort(key=lambda one: -saved(options[one[0]], one[1]))
    return greedy(options, room, [*swaps, *drops(options)])


def least_loss_per_cent(options: Options, room: int) -> float | None:
    """Whatever loses least for what it saves: what a careful person would do."""
    every = [
        (number, one)
        for number, group in enumerate(options)
        for one in group[1:]
        if saved(group, one) > 0
    ]
    every.sort(key=lambda one: one[1].loss / saved(options[one[0]], one[1]))
    return greedy(options, room, every)


def optimum(options: Options, room: int) -> float | None:
    found = fit(options, Money(Decimal(room) / 100, CURRENCY), PRICES)
    assert found is None or found.proven
    return None if found is None else found.loss


WAYS: dict[str, Way] = {
    "optimum": optimum,
    "loss per cent saved": least_loss_per_cent,
    "cheapest swap first": swap_first,
    "drop the dearest": drop_dearest,
}


def random_cart(products: Sequence[Product], lines: int, chance: random.Random) -> list[CartLine]:
    now = SystemClock().now()
    return [
        CartLine(number, one.id, Decimal(chance.choice(QUANTITIES)), now)
        for number, one in enumerate(chance.sample(products, lines), 1)
    ]


def options_of(
    lines: Sequence[CartLine], products: dict[str, Product], recommender: Recommender, asked: Asked
) -> Options:
    quote = PRICES.quote((line, products[line.product_id]) for line in lines)
    total = float(minor(quote.total))
    options = []
    for line in quote.lines:
        found = recommender.swaps(asked, "cheaper", line.product, line.line.quantity)
        swaps = [one.replacement for one in found]
        price = float(minor(line.to_pay))
        options.append(choices_for(line, swaps, price=price, cart_price=total, prices=PRICES))
    return options


def report(carts: Sequence[Options], name: str, way: Way) -> dict[tuple[int, int], float]:
    """The loss by cart and share; prints the time a cart takes."""
    losses, taken = {}, []
    for number, options in enumerate(carts):
        total = sum(cost(group[0]) for group in options)
        for share in SHARES:
            start = time.perf_counter()
            loss = way(options, total * share // 100)
            taken.append((time.perf_counter() - start) * 1000)
            assert loss is not None
            losses[number, share] = loss
    p50, p99 = statistics.median(taken), sorted(taken)[int(len(taken) * 0.99)]
    say(f"  {name:22} p50 {p50:7.2f} ms   p99 {p99:7.2f} ms")
    return losses


def compare(found: dict[str, dict[tuple[int, int], float]]) -> None:
    best = found["optimum"]
    header = "".join(f"{share:>9} %" for share in SHARES)
    say(f"loss as a multiple of the optimum's, mean over carts; at{header} of the total")
    for name, losses in found.items():
        means = [
            statistics.fmean(
                losses[place] / loss for place, loss in best.items() if place[1] == share
            )
            for share in SHARES
        ]
        worst = max(losses[place] / loss for place, loss in best.items())
        cells = "".join(f"{mean:11.2f}" for mean in means)
        say(f"  {name:54}{cells}   worst {worst:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carts", type=int, default=40)
    parser.add_argument("--lines", type=int, default=12)
    parser.add_argument("--catalog", type=Path, default=SAMPLE)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)  # noqa: S311 - no secret
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'shop.db'}")
        upgrade(engine)
        units, clock = UnitsOfWork(engine), SystemClock()
        import_file(chosen.catalog, units, clock, CURRENCY)
        search = open_search(units, Path(folder), None, None, clock)
        recommender = open_recommender(units, search, clock)
        with units.read() as session:
            catalog = CatalogRepository(session, clock)
            products = {one.id: one for one in catalog.iterate()}
            sold = [one for one in products.values() if one.sell_by == "each" and one.in_stock]
            carts, start = [], time.perf_counter()
            for _ in range(chosen.carts):
                lines = random_cart(sold, chosen.lines, chance)
                held = tuple(products[line.product_id] for line in lines)
                asked = Asked(kind="similar", session=session, catalog=catalog, cart=held)
                carts.append(options_of(lines, products, recommender, asked))
            looking = (time.perf_counter() - start) * 1000 / chosen.carts
        search.close()
    count = statistics.fmean(sum(map(len, options)) for options in carts)
    say(
        f"{len(products)} products, {chosen.carts} carts of {chosen.lines} lines, "
        f"{count:.0f} choices a cart"
    )
    say(f"  looking for swaps      mean {looking:6.1f} ms a cart")
    optimum(carts[0], sum(cost(group[0]) for group in carts[0]) // 2)  # loads the solver
    compare({name: report(carts, name, way) for name, way in WAYS.items()})


if __name__ == "__main__":
    main()
