"""What can stand in the way of a meeting, and the question whether it can be placed if only some of that holds."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem
from summit_scheduling.domain.rules import Rule, breaches


class Against(StrEnum):
    """A kind of rule that can keep a meeting from a place."""

    TOO_LONG = "too_long"
    """No session of the edition is as long as the meeting."""
    VETO = "veto"
    """The secretariat does not let these parties meet."""
    PIN = "pin"
    """The meeting is pinned to a moment."""
    TERMS = "terms"
    """The days, and the moments, that the parties agreed."""
    PASSED = "passed"
    """What has begun cannot be planned any more."""
    PARTY_AWAY = "party_away"
    """The party cannot always come at the level agreed: blocked, absent, obliged elsewhere, or its calendar is closed."""
    PARTY_BUSY = "party_busy"
    """The party is in one meeting at a time, and rests in between."""
    CAP_MEETINGS = "cap_meetings"
    """The party has no more meetings than its cap."""
    CAP_PER_DAY = "cap_per_day"
    """The party has no more meetings on one day than its cap."""
    ROOM_TOO_SMALL = "room_too_small"
    """Rooms seat no more people than they have seats."""
    ROOM_CLOSED = "room_closed"
    """Rooms are closed at some times."""
    EQUIPMENT = "equipment"
    """Not every room has what the meeting needs; the subject says what."""
    ROOM_TAKEN = "room_taken"
    """There are no more rooms than there are, one meeting at a time, turned round in between."""
    RESOURCE = "resource"
    """There is no more of what is counted than there is; the subject says of what."""


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """One rule that can stand in the way, and whose or of what it is: a party, a thing; else the meeting itself."""

    rule: Against
    subject: str


Rules = frozenset[Obstacle]


@dataclass(frozen=True, slots=True)
class Ask:
    """Can all meetings of the problem be placed? The parties named may be in another meeting while they are in this one."""

    problem: Problem
    meeting: str
    two_at_a_time: tuple[str, ...]
    now: tuple[Assignment, ...]
    """Where the other meetings are."""

    @property
    def apart(self) -> Meeting:
        """The meeting asked about; parties that may be in another meeting meanwhile are somebody else in it."""
        its = self.problem.by_key[self.meeting]
        names = {party: f"{party}/again" for party in self.two_at_a_time}
        return replace(its, parties=tuple(names.get(party, party) for party in its.parties))

    def is_answered_by(self, plan: Collection[Assignment]) -> bool:
        """Whether this plan, or part of one, breaks nothing; a party counts for its caps wherever it is."""
        its = self.apart
        meetings = tuple(its if one.key == self.meeting else one for one in self.problem.meetings)
        if breaches(replace(self.problem, meetings=meetings), plan):
            return False
        return not self.two_at_a_time or _CAPS.isdisjoint(one.rule for one in breaches(self.problem, plan))


_CAPS: Final = {Rule.MEETINGS_OF_PARTY, Rule.MEETINGS_PER_DAY}


@dataclass(frozen=True, slots=True)
class Said:
    """The answer: a plan that places all, or none; `is_certain` unless time ran out, and then nobody knows."""

    plan: tuple[Assignment, ...] | None
    is_certain: bool = True


@dataclass(frozen=True)
class Question:
    """One meeting, with every way to hold it that there would be without rules, and what stands against each."""

    problem: Problem
    """Of the meetings that have a place, and this one."""
    meeting: Meeting
    against: Mapping[int, Rules]
    """By the slot it would begin in: the rules about itself that forbid it."""
    now: tuple[Assignment, ...]

    @cached_property
    def rules(self) -> tuple[Obstacle, ...]:
        """Every rule that could stand in the way; those that can be lifted by a word at the desk come last, and are named last."""
        key, needs, counted = self.meeting.key, self.meeting.needs, self.problem.counted(self.meeting)
        found = {one for rules in self.against.values() for one in rules}
        found |= {Obstacle(Against.PARTY_BUSY, party) for party in self.meeting.parties}
        found |= {
            Obstacle(rule, key) for rule in (Against.ROOM_TOO_SMALL, Against.ROOM_CLOSED, Against.ROOM_TAKEN)
        }
        found |= {Obstacle(Against.EQUIPMENT, code) for code in needs}
        found |= {Obstacle(Against.RESOURCE, code) for code in counted}
        for limit in self.problem.limits_of(self.meeting):
            if limit.meetings is not None:
                found.add(Obstacle(Against.CAP_MEETINGS, limit.party))
            if limit.per_day is not None:
                found.add(Obstacle(Against.CAP_PER_DAY, limit.party))
        return tuple(sorted(found, key=lambda one: (_FIRST_TO_DROP.index(one.rule), one.subject)))

    def under(self, rules: Collection[Obstacle]) -> Ask:
        """Can it be placed as well, if these rules hold and no others?"""
        in_force = frozenset(rules)
        lifted = frozenset(self.rules) - in_force
        problem, key = self.problem, self.meeting.key
        away = {one.subject for one in lifted if one.rule is Against.RESOURCE}
        meeting = replace(
            self.meeting,
            starts=tuple(start for start, against in self.against.items() if not against & in_force),
            seats=1 if Obstacle(Against.ROOM_TOO_SMALL, key) in lifted else self.meeting.seats,
        )
        relaxed = replace(
            problem,
            meetings=(*(one for one in problem.meetings if one.key != key), meeting),
            rooms=tuple(self._rooms(meeting, lifted)),
            resources={code: count for code, count in problem.resources.items() if code not in away},
            limits=tuple(
                replace(
                    one,
                    meetings=None if Obstacle(Against.CAP_MEETINGS, one.party) in lifted else one.meetings,
                    per_day=None if Obstacle(Against.CAP_PER_DAY, one.party) in lifted else one.per_day,
                )
                for one in problem.limits
            ),
        )
        busy = (one.subject for one in lifted if one.rule is Against.PARTY_BUSY)
        return Ask(relaxed, key, tuple(sorted(busy)), self.now)

    def broken_by(self, plan: Collection[Assignment], *, keeping: Rules) -> Rules:
        """Of a plan that keeps these rules: the rules without which it keeps all others, too, one after the other tried."""
        held = tuple(self._near(plan))
        keys, kept = {one.meeting for one in held}, keeping
        meetings = tuple(one for one in self.problem.meetings if one.key in keys)
        near = replace(self, problem=replace(self.problem, meetings=meetings))
        for rule in self.rules:
            if rule not in kept and near.under(kept | {rule}).is_answered_by(held):
                kept |= {rule}
        return frozenset(self.rules) - kept

    def _near(self, plan: Collection[Assignment]) -> Iterator[Assignment]:
        """What a rule about the meeting can set it against: whoever is in it, its room, and what it needs of what is counted."""
        its, by_key = self.meeting, self.problem.by_key
        room = next(one.room for one in plan if one.meeting == its.key)
        parties, needs = set(its.parties), set(self.problem.counted(its))
        for one in plan:
            other = by_key[one.meeting]
            if one.room == room or parties & set(other.parties) or needs & set(other.needs):
                yield one

    def _rooms(self, meeting: Meeting, lifted: Rules) -> Iterable[OpenRoom]:
        """The rooms where these rules are lifted: open always, with everything, or one more of each kind."""
        key = meeting.key
        found = list(self.problem.rooms)
        if Obstacle(Against.ROOM_CLOSED, key) in lifted:
            always = frozenset(range(len(self.problem.slots)))
            found = [replace(room, slots=always) for room in found]
        given = frozenset(one.subject for one in lifted if one.rule is Against.EQUIPMENT)
        found = [replace(room, equipment=room.equipment | given) for room in found]
        if Obstacle(Against.ROOM_TAKEN, key) in lifted:
            kinds = {(room.seats, room.slots, room.equipment) for room in found}
            more = sorted(kinds, key=lambda kind: (kind[0], sorted(kind[1]), sorted(kind[2])))
            found += [OpenRoom(f"another/{number}", *kind) for number, kind in enumerate(more)]
        return found


_FIRST_TO_DROP: Final = (
    Against.PASSED,
    Against.CAP_MEETINGS,
    Against.CAP_PER_DAY,
    Against.RESOURCE,
    Against.EQUIPMENT,
    Against.ROOM_CLOSED,
    Against.ROOM_TOO_SMALL,
    Against.ROOM_TAKEN,
    Against.PARTY_AWAY,
    Against.PARTY_BUSY,
    Against.TERMS,
    Against.PIN,
    Against.VETO,
    Against.TOO_LONG,
)
