"""Terms are refused where no slot or room could ever meet them, and joined where they suit both."""

from datetime import timedelta

import pytest

from summit_contracts.errors import Invalid
from summit_contracts.values import Rank
from summit_scheduling.domain.errors.terms import DayNotForBilaterals, SizeUnfit, StartNotASlot, TooLong
from summit_scheduling.domain.terms import check_terms, possible_starts, terms_for_both
from summit_testkit.builders.scheduling import (
    FIRST_DAY,
    LAST_DAY,
    PLENARY_DAY,
    a_grid,
    in_new_york,
    terms,
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"days": (PLENARY_DAY,)}, DayNotForBilaterals),
        ({"minutes": 111}, TooLong),
        ({"starts_at": (in_new_york(FIRST_DAY, 10, 15),)}, StartNotASlot),
        ({"starts_at": (in_new_york(LAST_DAY, 10),), "days": (FIRST_DAY,)}, StartNotASlot),
        ({"starts_at": (in_new_york(FIRST_DAY, 11, 30),), "minutes": 50}, StartNotASlot),
        ({"size": 21}, SizeUnfit),
        ({"size": 9, "days": (FIRST_DAY,)}, SizeUnfit),
        ({"size": 2}, SizeUnfit),
    ],
)
def test_terms_that_nothing_could_meet_are_refused_with_a_remedy(
    changed: dict[str, object], refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal) as refused:
        check_terms(terms(**changed), parties=3, grid=a_grid())
    assert refused.value.field
    assert refused.value.field.startswith("terms.")
    assert refused.value.remedy


def test_terms_are_put_in_order() -> None:
    later, earlier = in_new_york(LAST_DAY, 10), in_new_york(FIRST_DAY, 10)
    untidy = terms(days=(LAST_DAY, FIRST_DAY, LAST_DAY), starts_at=(later, earlier, later))
    tidy = check_terms(untidy, parties=2, grid=a_grid())
    assert (tidy.days, tidy.starts_at) == ((FIRST_DAY, LAST_DAY), (earlier, later))


def test_without_a_room_any_size_may_find_one() -> None:
    assert check_terms(terms(size=60), parties=2, grid=a_grid(rooms=())).size == 60


def test_the_longest_stretch_of_a_session_is_not_too_long() -> None:
    grid = a_grid()
    longest = check_terms(terms(minutes=110), parties=2, grid=grid)
    assert possible_starts(longest, grid) == (0, 4, 8, 12)
    assert grid.slots_for(timedelta(minutes=110)) == 4


def test_what_suits_both_is_the_higher_level_the_longer_time_and_the_days_in_common() -> None:
    mine = terms(level=Rank.MINISTER, minutes=20, size=8, days=(FIRST_DAY, LAST_DAY))
    yours = terms(level=Rank.EXPERT, minutes=40, size=4, days=(LAST_DAY,))
    both = terms_for_both(mine, yours)
    assert (
        both
        == terms(level=Rank.MINISTER, minutes=40, size=8, days=(LAST_DAY,))
        == terms_for_both(yours, mine)
    )


def test_what_suits_both_has_what_either_needs_if_it_can_be_said() -> None:
    both = terms_for_both(terms(needs=("screen", "flags")), terms(needs=("interpretation", "screen")))
    assert both
    assert both.needs == ("flags", "interpretation", "screen")
    many = [tuple(f"{kind}{number}" for number in range(6)) for kind in ("a", "b")]
    assert terms_for_both(terms(needs=many[0]), terms(needs=many[1])) is None


def test_nothing_suits_both_without_a_day_or_a_start_in_common() -> None:
    ten, eleven = in_new_york(FIRST_DAY, 10), in_new_york(FIRST_DAY, 11)
    assert terms_for_both(terms(days=(FIRST_DAY,)), terms(days=(LAST_DAY,))) is None
    assert terms_for_both(terms(starts_at=(ten,)), terms(starts_at=(eleven,))) is None
    both = terms_for_both(terms(starts_at=(ten, eleven)), terms())
    assert both is not None
    assert both.starts_at == (ten, eleven)
