"""The best choice under a limit, compared with trying everything."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.optimise.choosing import Choice, Rule, cheapest, choose

CHOICES = st.builds(
    Choice,
    cost=st.integers(0, 400),
    value=st.integers(-40, 400).map(lambda hundredths: hundredths / 16),
)
GROUPS = st.lists(st.lists(CHOICES, min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(groups=GROUPS, limit=st.integers(0, 1200))
def test_nothing_better_fits(groups: list[list[Choice]], limit: int) -> None:
    fitting = [
        sum(one.value for one in taken)
        for taken in product(*groups)
        if sum(one.cost for one in taken) <= limit
    ]

    found = choose(groups, limit)

    if found is None:
        assert fitting == []
        return
    taken = [group[pick] for group, pick in zip(groups, found.picks, strict=True)]
    assert found.cost == sum(one.cost for one in taken) <= limit
    assert found.value == sum(one.value for one in taken) == max(fitting)


def test_of_equals_the_cheaper_and_then_the_first_is_taken() -> None:
    group = [Choice(5, 1.0), Choice(3, 1.0), Choice(3, 1.0)]

    found = choose([group], 100)

    assert found is not None
    assert found.picks == (1,)


def test_an_empty_group_leaves_nothing_to_choose() -> None:
    assert choose([[Choice(1, 1.0)], []], 100) is None
    assert cheapest([[]]) is None


def test_a_large_basket_is_solved_at_once() -> None:
    groups = [
        [Choice(100 + 37 * (n * k % 11), 1.0 + (n * k % 7) / 7) for k in range(1, 13)]
        for n in range(1, 41)
    ]
    least = cheapest(groups)
    assert least is not None

    found = choose(groups, least.cost + 900)

    assert found is not None
    assert least.value < found.value
    assert found.cost <= least.cost + 900


@settings(max_examples=60, deadline=None)
@given(groups=GROUPS, limit=st.integers(0, 1200), data=st.data())
def test_nothing_better_keeps_the_rules(
    groups: list[list[Choice]], limit: int, data: st.DataObject
) -> None:
    places = [(number, index) for number, group in enumerate(groups) for index in range(len(group))]
    drawn = {place: data.draw(st.integers(0, 20)) for place in places}
    rule = Rule(drawn, least=data.draw(st.integers(0, 30)), most=data.draw(st.integers(10, 60)))
    fitting = []
    for picks in product(*(range(len(group)) for group in groups)):
        taken = [group[pick] for group, pick in zip(groups, picks, strict=True)]
        weight = sum(drawn[place] for place in enumerate(picks))
        assert rule.least is not None
        assert rule.most is not None
        if sum(one.cost for one in taken) <= limit and rule.least <= weight <= rule.most:
            fitting.append(sum(one.value for one in taken))

    found = choose(groups, limit, [rule])

    assert (found is None) == (not fitting)
    if found is not None:
        assert found.cost <= limit
        assert found.value == max(fitting)
