"""When a delegation can be met, and by whom: its head or an alternate, each with a rank, days of attendance and blocked time.

Nobody but the head and the alternates represents a delegation. Until it is known who they are, the delegation counts as
available at any level: so a UN principal, who registers no delegation, is met unless a stretch is blocked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from summit_contracts.registration import MemberSummary
from summit_contracts.values import Function, Interval, Rank
from summit_scheduling.domain.errors.availability import AvailabilityChanged, MemberUnknown, TooManyStretches
from summit_scheduling.domain.grid import Grid

MAX_STRETCHES: Final = 100
"""Blocked stretches one delegation can state."""


@dataclass(frozen=True, slots=True)
class Representative:
    """Somebody who can sit for the delegation: its head, or an alternate as substitute."""

    member_id: str
    rank: Rank
    is_head: bool
    arrives_on: date | None = None
    """First day of attendance in the edition's zone; none means from the first day on."""
    leaves_on: date | None = None
    """Last day of attendance in the edition's zone; none means until the last day."""

    def is_there(self, on: date) -> bool:
        """Whether that day is one of attendance."""
        return (self.arrives_on is None or self.arrives_on <= on) and (
            self.leaves_on is None or on <= self.leaves_on
        )


@dataclass(frozen=True, slots=True)
class Blocked:
    """A stretch in which one representative, or the whole delegation, cannot be met."""

    interval: Interval
    member_id: str | None = None
    """Whose time it is; none means the whole delegation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """One per invitee and edition. `revision` rises with every change that its nominator makes."""

    edition_id: str
    code: str
    representatives: tuple[Representative, ...] | None = None
    """Head first, then by rank; none while nobody knows who comes; empty when nobody comes."""
    blocked: tuple[Blocked, ...] = ()
    is_withdrawn: bool = False
    """Whether the delegation was registered and does not come; it may still register anew."""
    revision: int = 0

    def attended_by(self, members: Sequence[MemberSummary]) -> "Availability":
        """Who represents the delegation, as registration has it now; blocked time of those who left is forgotten.

        Whoever was refused entry represents nobody.
        """
        sitting = [
            Representative(
                one.member_id, one.rank, one.function is Function.HEAD, one.arrives_on, one.leaves_on
            )
            for one in members
            if one.function in (Function.HEAD, Function.ALTERNATE) and one.accreditation != "refused"
        ]
        sitting.sort(key=_precedence)
        known = {one.member_id for one in sitting}
        blocked = tuple(one for one in self.blocked if one.member_id is None or one.member_id in known)
        return self._if_changed(representatives=tuple(sitting), blocked=blocked, is_withdrawn=False)

    def attended_by_nobody(self) -> "Availability":
        """The delegation does not come."""
        return self._if_changed(representatives=(), blocked=(), is_withdrawn=True)

    def without(self, member_id: str) -> "Availability":
        """This person was refused entry, and represents nobody; blocked time of theirs is forgotten."""
        sitting = tuple(one for one in self.representatives or () if one.member_id != member_id)
        if self.representatives is None or sitting == self.representatives:
            return self
        blocked = tuple(one for one in self.blocked if one.member_id != member_id)
        return self._if_changed(representatives=sitting, blocked=blocked)

    def joined_by(self, member_id: str, function: Function, rank: Rank) -> "Availability":
        """This person may enter after all; their days of attendance are the edition's until registration says more."""
        known = {one.member_id for one in self.representatives or ()}
        if self.representatives is None or function is Function.MEMBER or member_id in known:
            return self
        newcomer = Representative(member_id, rank, function is Function.HEAD)
        sitting = sorted((*self.representatives, newcomer), key=_precedence)
        return self._if_changed(representatives=tuple(sitting))

    def block(self, blocked: Iterable[Blocked], *, expected: int | None = None) -> "Availability":
        """These stretches, and no others, are blocked; `expected` is the revision that somebody decided on.

        Raises:
            AvailabilityChanged: it has been changed since.
            TooManyStretches: more than `MAX_STRETCHES`.
            MemberUnknown: a stretch is somebody's who does not represent the delegation.
        """
        if expected is not None and expected != self.revision:
            raise AvailabilityChanged(expected, self.revision)
        stated = tuple(dict.fromkeys(blocked))
        if len(stated) > MAX_STRETCHES:
            raise TooManyStretches(len(stated), MAX_STRETCHES)
        known = [one.member_id for one in self.representatives or ()]
        for one in stated:
            if one.member_id is not None and one.member_id not in known:
                raise MemberUnknown(one.member_id, known)
        return self._if_changed(blocked=stated)

    def slots(self, grid: Grid, level: Rank, length: int = 1) -> frozenset[int]:
        """The slots of the grid in which a meeting of this level and length could begin, as far as this delegation goes.

        One representative of at least this rank is there and free for all of it.
        """

        def blocked(member_id: str | None) -> Iterator[int]:
            for one in self.blocked:
                if one.member_id == member_id:
                    yield from grid.clashing(one.interval, length)

        could = frozenset(grid.stretches(length)) - grid.bound(self.code, length)
        could = could.difference(blocked(None))
        if self.representatives is None:
            return could
        return frozenset(
            start
            for one in self.representatives
            if one.rank.at_least(level)
            for start in could.difference(blocked(one.member_id))
            if one.is_there(grid.slots[start].on)
        )

    def _if_changed(self, **changed: Any) -> "Availability":
        after = replace(self, **changed)
        return self if after == self else replace(after, revision=self.revision + 1)


def _precedence(one: Representative) -> tuple[bool, int, str]:
    """The head first, then by rank."""
    return (not one.is_head, one.rank.precedence, one.member_id)
