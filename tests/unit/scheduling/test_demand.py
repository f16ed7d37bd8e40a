"""The generated demand is what it says: seeded, heavy-tailed, of distinct pairs."""

from collections import Counter

import pytest

from summit_testkit.demand import Family, demand


@pytest.mark.parametrize("family", Family)
def test_the_same_seed_gives_the_same_demand_and_another_one_another(family: Family) -> None:
    first = demand(family, seed=1, wishes=300, rooms=18)
    assert first == demand(family, seed=1, wishes=300, rooms=18)
    assert first.problem().input_hash == demand(family, seed=1, wishes=300, rooms=18).problem().input_hash
    assert first.wishes != demand(family, seed=2, wishes=300, rooms=18).wishes


@pytest.mark.parametrize("family", Family)
def test_more_wishes_are_the_same_ones_and_some_more(family: Family) -> None:
    few, many = (demand(family, seed=1, wishes=wishes, rooms=18) for wishes in (100, 400))
    assert many.wishes[:100] == few.wishes
    assert many.unavailable == few.unavailable


@pytest.mark.parametrize("family", Family)
def test_a_few_are_asked_by_everybody(family: Family) -> None:
    wishes = demand(family, seed=1, wishes=1000, rooms=25).wishes
    assert len({frozenset((one.asker, one.asked)) for one in wishes}) == 1000
    assert all(one.asker != one.asked for one in wishes)
    asked = sorted(Counter(one.asked for one in wishes).values(), reverse=True)
    assert sum(asked[:20]) > 1000 / 3, "a tenth of the delegations gets more than a third of the wishes"


def test_priorities_are_as_uneven_as_stated() -> None:
    counts = Counter(one.priority for one in demand(Family.A, seed=1, wishes=2000, rooms=25).wishes)
    assert [round(counts[priority] / 2000, 1) for priority in (1, 2, 3)] == pytest.approx(
        [0.15, 0.35, 0.5], abs=0.06
    )


def test_family_b_misses_more_of_the_summit_than_family_a() -> None:
    missed = {
        family: sum(map(len, demand(family, seed=1, wishes=1, rooms=1).unavailable.values()))
        for family in Family
    }
    assert missed[Family.B] > missed[Family.A] * 1.3


def test_more_wishes_than_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="do not make 4 pairs"):
        demand(Family.A, seed=1, wishes=4, rooms=1, delegations=3)
