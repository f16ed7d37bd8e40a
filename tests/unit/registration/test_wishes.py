"""What makes a wish for a bilateral acceptable."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from summit_contracts.editions import Cap, Edition
from summit_contracts.errors import Refusal
from summit_registration.domain.errors.wishes import (
    CounterpartTwice,
    CounterpartUnknown,
    CounterpartWithdrawn,
    TooManyWishes,
    WishForOneself,
    WishNeedUnknown,
    WishOutsideBilateralDays,
    WishRepeated,
    WishSizeUnfit,
)
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.terms import Terms
from summit_registration.domain.wishes import Wish, WishForm, accepted
from summit_testkit.builders.registration import (
    FIRST_DAY,
    LAST_DAY,
    PLENARY_DAY,
    a_wish,
    an_edition,
    focal_points,
)
from summit_testkit.memory.registration import CountingMint

_NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)


def _accepted(
    *forms: WishForm,
    before: tuple[Wish, ...] = (),
    edition: Edition | None = None,
    withdrawn: Collection[str] = (),
) -> tuple[Wish, ...]:
    edition = edition or an_edition()
    row = edition.invitee("KE")
    assert row is not None
    invitation, _ = Invitation.issue(edition, row, focal_points(), link="a-secret", now=_NOW)
    terms = Terms(edition, invitation, _NOW, frozenset(withdrawn))
    return accepted(forms, before=before, terms=terms, new_key=CountingMint().key)


def test_each_wish_gets_an_id_and_keeps_what_was_asked() -> None:
    first, second = _accepted(a_wish("RW"), a_wish("FR", "INTERPOL", priority=3))
    assert first.bilateral_id != second.bilateral_id
    assert second.asked.counterparts == ("FR", "INTERPOL")
    fact = second.fact("small-2022", "KE")
    assert (fact.bilateral_id, fact.priority, fact.requested_at) == (second.bilateral_id, 3, _NOW)


def test_days_are_kept_in_order_and_once() -> None:
    (wish,) = _accepted(a_wish(days=(LAST_DAY, FIRST_DAY, LAST_DAY)))
    assert wish.asked.days == (FIRST_DAY, LAST_DAY)


@pytest.mark.parametrize(
    ("wish", "refusal", "field"),
    [
        (a_wish("KE"), WishForOneself, "counterparts"),
        (a_wish("RW", "KE"), WishForOneself, "counterparts"),
        (a_wish("RW", "RW"), CounterpartTwice, "counterparts"),
        (a_wish("DE"), CounterpartUnknown, "counterparts"),
        (a_wish(days=(FIRST_DAY, PLENARY_DAY)), WishOutsideBilateralDays, "days"),
        (a_wish(size=21), WishSizeUnfit, "size"),
        (a_wish(size=9, days=(FIRST_DAY,)), WishSizeUnfit, "size"),
        (a_wish("RW", "FR", size=2), WishSizeUnfit, "size"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_with_its_place_in_the_form(
    wish: WishForm, refusal: type[Refusal], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        _accepted(a_wish("INTERPOL"), wish)
    assert refused.value.field == f"wishes[1].{field}"
    assert refused.value.remedy


def test_the_largest_room_of_any_of_the_days_counts() -> None:
    assert _accepted(a_wish(size=20, days=(FIRST_DAY, LAST_DAY)))
    assert _accepted(a_wish(size=60), edition=an_edition(rooms=())), "a room may still be reserved"


def test_a_principal_can_be_asked() -> None:
    assert _accepted(a_wish("UN-POLAD"))


def test_the_same_counterparts_are_asked_once_in_whatever_order() -> None:
    with pytest.raises(WishRepeated):
        _accepted(a_wish("RW", "FR"), a_wish("FR", "RW"))
    with pytest.raises(WishRepeated):
        _accepted(a_wish("RW"), before=_accepted(a_wish("RW")))
    assert len(_accepted(a_wish("RW"), a_wish("RW", "FR"))) == 2, "a group is not a pair"


def test_fair_use_counts_all_wishes_of_a_delegation() -> None:
    before = _accepted(a_wish("RW"), a_wish("FR"))
    with pytest.raises(TooManyWishes) as refused:
        _accepted(a_wish("INTERPOL"), a_wish("UN-POLAD"), before=before)
    assert refused.value.details == {"allowed": 3, "wishes": 4}


def test_who_has_withdrawn_is_not_asked() -> None:
    with pytest.raises(CounterpartWithdrawn) as refused:
        _accepted(a_wish("FR"), a_wish("INTERPOL", "RW"), withdrawn={"RW"})
    assert (refused.value.field, refused.value.details) == ("wishes[1].counterparts", {"counterpart": "RW"})


def test_a_near_miss_is_named() -> None:
    with pytest.raises(CounterpartUnknown) as refused:
        _accepted(a_wish("INTERPOOL"))
    assert refused.value.remedy == "Did you mean 'INTERPOL'?"


@pytest.mark.parametrize(
    "changed",
    [
        {"priority": 4},
        {"size": 1},
        {"topic": "  "},
        {"topic": "a\x00b"},
        {"days": ()},
        {"counterparts": ()},
        {"x": 1},
    ],
    ids=str,
)
def test_a_form_out_of_the_contracts_bounds_is_no_wish(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WishForm(**(a_wish().model_dump() | changed))


def test_a_wish_needs_what_some_room_has() -> None:
    rooms = [room.model_copy(update={"equipment": ("interpretation",)}) for room in an_edition().rooms]
    (wish,) = _accepted(a_wish(needs=("interpretation",)), edition=an_edition(rooms=tuple(rooms)))
    assert wish.fact("small-2022", "KE").needs == ("interpretation",)
    with pytest.raises(WishNeedUnknown) as refused:
        _accepted(a_wish("RW", needs=("interpretation", "webcast")), edition=an_edition(rooms=tuple(rooms)))
    assert (refused.value.field, refused.value.details["known"]) == ("wishes[0].needs", ["interpretation"])


def test_the_narrowest_cap_on_wishes_holds() -> None:
    tighter = an_edition(caps=(Cap(wishes=1),))
    assert len(_accepted(a_wish("RW"), a_wish("FR"), edition=an_edition())) == 2
    with pytest.raises(TooManyWishes):
        _accepted(a_wish("RW"), a_wish("FR"), edition=tighter)
    own = an_edition(caps=(Cap(wishes=1), Cap(invitee="KE", wishes=2)))
    assert len(_accepted(a_wish("RW"), a_wish("FR"), edition=own)) == 2
