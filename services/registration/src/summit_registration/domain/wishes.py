"""Wishes for bilaterals, as the form states them, and what makes one acceptable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from summit_contracts.editions import Edition
from summit_contracts.registration import BilateralRequested, BilateralWish
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
from summit_registration.domain.people import NewKey
from summit_registration.domain.terms import Terms


class WishForm(BilateralWish):
    """One wish as the form states it; its bounds are those of the fact it becomes."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")


WishForms = Annotated[tuple[WishForm, ...], Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that was accepted; from here on it is the bilateral of this id, and scheduling's."""

    bilateral_id: str
    asked: WishForm
    requested_at: datetime

    @property
    def counterparts(self) -> frozenset[str]:
        """Whom it is for, in whatever order they were named."""
        return frozenset(self.asked.counterparts)

    def fact(self, edition_id: str, invitee: str) -> BilateralRequested:
        """The wish as scheduling hears it."""
        return BilateralRequested(
            edition_id=edition_id,
            invitee=invitee,
            bilateral_id=self.bilateral_id,
            requested_at=self.requested_at,
            **self.asked.model_dump(),
        )


def accepted(
    forms: Sequence[WishForm], *, before: Sequence[Wish], terms: Terms, new_key: NewKey
) -> tuple[Wish, ...]:
    """The wishes in the forms, each with an id; `before` is what the same delegation wished already.

    Raises:
        TooManyWishes, WishForOneself, CounterpartTwice, CounterpartUnknown, CounterpartWithdrawn, WishRepeated,
        WishOutsideBilateralDays, WishSizeUnfit, WishNeedUnknown: one of them is not acceptable; then none is accepted.
    """
    edition = terms.edition
    most = _most_wishes(edition, terms.invitation.invitee)
    if len(before) + len(forms) > most:
        raise TooManyWishes(len(before) + len(forms), most)
    asked_for = {wish.counterparts for wish in before}
    wishes: list[Wish] = []
    for position, form in enumerate(forms):
        _check_counterparts(position, form, terms)
        _check_place(position, form, edition)
        wish = Wish(new_key(), form.model_copy(update={"days": tuple(sorted(set(form.days)))}), terms.now)
        if wish.counterparts in asked_for:
            raise WishRepeated(position, form.counterparts)
        asked_for.add(wish.counterparts)
        wishes.append(wish)
    return tuple(wishes)


def _most_wishes(edition: Edition, requester: str) -> int:
    invitee = edition.invitee(requester)
    cap = edition.cap_of(invitee).wishes if invitee else None
    return cap if cap is not None else edition.wishes_per_delegation


def _check_counterparts(position: int, form: WishForm, terms: Terms) -> None:
    edition, requester = terms.edition, terms.invitation.invitee
    if requester in form.counterparts:
        raise WishForOneself(position, requester)
    if len(set(form.counterparts)) < len(form.counterparts):
        raise CounterpartTwice(position)
    for code in form.counterparts:
        if edition.invitee(code) is None:
            raise CounterpartUnknown(position, code, [one.code for one in edition.invitees])
        if code in terms.withdrawn:
            raise CounterpartWithdrawn(position, code)


def _check_place(position: int, form: WishForm, edition: Edition) -> None:
    reserved = edition.bilateral_days()
    for on in form.days:
        if on not in reserved:
            raise WishOutsideBilateralDays(position, on, reserved)
    parties = 1 + len(form.counterparts)
    seats = [room.seats for room in edition.rooms if not set(form.days).isdisjoint(room.days)]
    if form.size < parties or form.size > max(
        seats, default=form.size
    ):  # without a room yet, any size may find one
        raise WishSizeUnfit(position, parties, max(seats, default=None))
    had = {code for room in edition.rooms for code in room.equipment} if form.needs else set()
    for code in form.needs:
        if code not in had:
            raise WishNeedUnknown(position, code, sorted(had))
