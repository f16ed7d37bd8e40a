"""A list of changes names every field that differs, and no other."""

from hypothesis import given, settings

from summit_contracts.promises import Partner, Promise
from summit_contracts.quantities import Exact
from summit_contracts.values import FieldChange
from summit_pledges.domain.changes import changes_between
from summit_testkit.pledges import a_promise, promises


def test_what_came_what_went_and_what_changed() -> None:
    before = a_promise(place="MINUSMA", partners=(Partner(invitee="IE"),))
    after = a_promise(
        quantity=Exact(count=3, unit="unit"), partners=(Partner(invitee="IE"), Partner(invitee="SE"))
    )
    assert changes_between(before, after) == (
        FieldChange(path="quantity.count", before="2", after="3"),
        FieldChange(path="place", before="MINUSMA"),
        FieldChange(path="partners[1].invitee", after="SE"),
    )


@settings(deadline=None)  # a busy machine is no fault
@given(promises(), promises())
def test_nothing_changed_where_nothing_differs_and_the_way_back_is_the_mirror(
    one: Promise, other: Promise
) -> None:
    assert changes_between(one, one) == ()
    assert bool(changes_between(one, other)) == (one != other)
    there = {change.path: (change.before, change.after) for change in changes_between(one, other)}
    back = {change.path: (change.after, change.before) for change in changes_between(other, one)}
    assert there == back
