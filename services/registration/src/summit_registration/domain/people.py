"""The people of a delegation: what the form says about them, and what becomes of it.

Names and addresses stand here and in `ContactsNamed`, and nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from summit_contracts.registration import Accreditation, EmailAddress, MemberSummary, RefusalReason
from summit_contracts.values import Function, Key, Language, Rank, ShortText, Value
from summit_registration.domain.errors.delegations import (
    MemberTwice,
    MemberUnknown,
    NotOneHead,
    OverQuota,
    StayOutsideEdition,
)
from summit_registration.domain.terms import Terms

NewKey = Callable[[], str]
"""Gives an identifier that was never given before."""


class Person(Value):
    """Who somebody is and how to reach them. Personal: no public fact holds any of it."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    name: ShortText
    title: ShortText | None = None
    """The functional title, e.g. `Inspector General of Police`."""
    email: EmailAddress | None = None
    """None for somebody who gets no letters; the focal point gets a copy of everything anyway."""
    language: Language | None = None
    """The language to write to this person in; none means the delegation's."""


class Nominee(Value):
    """One person as the form names them."""

    model_config = ConfigDict(extra="forbid")

    member_id: Key | None = None
    """None for somebody who was not in the delegation before."""
    person: Person
    function: Function
    rank: Rank
    arrives_on: date | None = None
    """First day of attendance; none means from the edition's first day."""
    leaves_on: date | None = None
    """Last day of attendance; none means until the edition's last day."""


Nominees = Annotated[tuple[Nominee, ...], Field(min_length=1, max_length=500)]


class ReviewStage(StrEnum):
    """Where a nomination stands on its way from the focal point to the door (A6)."""

    POLICE_DIVISION = "police_division"
    """Waits for the Police Division."""
    SECURITY = "security"
    """The Police Division has no objection; waits for the final decision."""
    HELD = "held"
    """Somebody of the secretariat stopped it until something is known; its focal point is told nothing."""
    ACCREDITED = "accredited"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One place in a delegation and who holds it; a successor takes over the place with its id."""

    member_id: str
    person: Person
    function: Function
    rank: Rank
    arrives_on: date | None = None
    leaves_on: date | None = None
    accreditation: Accreditation = "pending"
    refused_for: RefusalReason | None = None
    waits_since: datetime
    """When this person was named for this place: what the secretariat decides on, and how long that has waited."""
    is_cleared: bool = False
    """Whether the Police Division has no objection."""
    held_for: str | None = None
    """Why the decision was put off, in words for the secretariat alone."""

    @property
    def stage(self) -> ReviewStage:
        """Where the nomination stands."""
        if self.accreditation != "pending":
            return ReviewStage(self.accreditation)
        if self.held_for is not None:
            return ReviewStage.HELD
        return ReviewStage.SECURITY if self.is_cleared else ReviewStage.POLICE_DIVISION

    def renamed(self, nominee: Nominee, now: datetime) -> "Member":
        """The same place as the form now has it; another name is another person, who has to be accredited anew (A7)."""
        changed = replace(
            self,
            person=nominee.person,
            function=nominee.function,
            rank=nominee.rank,
            arrives_on=nominee.arrives_on,
            leaves_on=nominee.leaves_on,
        )
        return changed if nominee.person.name == self.person.name else changed.unjudged(now)

    def unjudged(self, now: datetime) -> "Member":
        """The same with everything about its accreditation still to be decided."""
        return replace(
            self, accreditation="pending", refused_for=None, waits_since=now, is_cleared=False, held_for=None
        )

    def summary(self) -> MemberSummary:
        """What everybody may know."""
        return MemberSummary(
            member_id=self.member_id,
            function=self.function,
            rank=self.rank,
            accreditation=self.accreditation,
            arrives_on=self.arrives_on,
            leaves_on=self.leaves_on,
        )


def placed(
    before: Sequence[Member], nominees: Sequence[Nominee], *, new_key: NewKey, now: datetime
) -> tuple[Member, ...]:
    """The members that the form names: who was there keeps the place, who is new gets one, who is not named has left.

    Raises:
        MemberTwice: a place is named twice.
        MemberUnknown: a place is named that is not there.
    """
    places = {member.member_id: member for member in before}
    taken: set[str] = set()
    members: list[Member] = []
    for position, nominee in enumerate(nominees):
        if nominee.member_id in taken:
            raise MemberTwice(position, nominee.member_id)
        if nominee.member_id is None:
            members.append(_newcomer(nominee, new_key(), now))
        elif nominee.member_id in places:
            taken.add(nominee.member_id)
            members.append(places[nominee.member_id].renamed(nominee, now))
        else:
            raise MemberUnknown(nominee.member_id)
    return tuple(members)


def check(members: Sequence[Member], terms: Terms, *, before: int = 0) -> None:
    """Nothing, where these people may come together. `before` is how many they were: a quota that was lowered since
    sends nobody home.

    Raises:
        NotOneHead, OverQuota, StayOutsideEdition: they may not.
    """
    heads = sum(member.function is Function.HEAD for member in members)
    if heads != 1:
        raise NotOneHead(heads)
    if len(members) > max(terms.quota, before):
        raise OverQuota(len(members), terms.quota)
    first, last = terms.edition.first_day, terms.edition.last_day
    for position, member in enumerate(members):
        arrives, leaves = member.arrives_on or first, member.leaves_on or last
        if not first <= arrives <= leaves <= last:
            raise StayOutsideEdition(position, first, last)


def summaries(members: Iterable[Member]) -> tuple[MemberSummary, ...]:
    """What everybody may know of these members."""
    return tuple(member.summary() for member in members)


def public_fields(member: Member) -> Iterator[tuple[str, object]]:
    """The fields of a member whose values may be shown in a list of changes."""
    for name in ("function", "rank", "arrives_on", "leaves_on", "accreditation"):
        yield name, getattr(member, name)


def personal_fields(member: Member) -> Iterator[tuple[str, object]]:
    """The fields of a member that name or reach the person."""
    for name in Person.model_fields:
        yield name, getattr(member.person, name)


def _newcomer(nominee: Nominee, member_id: str, now: datetime) -> Member:
    return Member(
        member_id=member_id,
        person=nominee.person,
        function=nominee.function,
        rank=nominee.rank,
        arrives_on=nominee.arrives_on,
        leaves_on=nominee.leaves_on,
        waits_since=now,
    )
