"""Why not? For a meeting without a place: a smallest set of rules that keeps it from having one, and what would help.

The question is whether it can be placed as well: every meeting that has a place keeps one, though it may move, unless it is
pinned or frozen. Whoever can answer that is asked again and again (`Ask`); nothing here knows how it is answered.
"""

from collections.abc import Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


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


@dataclass(frozen=True, slots=True)
class Way:
    """A way out that the solver has found to work: what gives way, and the place that the meeting then has."""

    gives_way: tuple[Obstacle, ...]
    """These rules, all others holding; nothing where it can be placed as it is."""
    place: Assignment
    moved: int
    """How many others move for it."""
    change: str | None = None
    """`substitute` or `smaller`: the meeting is held at a lower level, or with fewer people, instead of a rule giving way."""
    to: str | None = None
    """The level, or the number of people."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer."""

    blocking: tuple[Obstacle, ...]
    """These rules alone keep it from a place, and no fewer of them do; empty where nothing does."""
    ways: tuple[Way, ...]
    is_certain: bool
    """Whether every question on the way was settled; else a rule may be named that need not be."""


Asking = Generator[Ask, Said, WhyNot]


def why_not(question: Question, others: Iterable[tuple[str, str, Question]] = ()) -> Asking:
    """Asks what has to be asked, and returns the answer; `others` are changes of the meeting that might help, by kind and value.

    The deletion filter: each rule in turn is left out for good if the meeting certainly has no place without it either.
    """
    asked = _Asked(question)
    if not question.against:
        return WhyNot((Obstacle(Against.TOO_LONG, question.meeting.key),), (), True)
    everything = frozenset(question.rules)
    way = yield from asked.way_under(question, everything, ())
    if way:
        return WhyNot((), (way,), asked.is_certain)
    blocking = everything
    for rule in question.rules:
        if (yield from asked.is_impossible(question, blocking - {rule})):
            blocking -= {rule}
    ways: list[Way] = []
    for rule in sorted(blocking):
        way = yield from asked.way_under(question, everything - {rule}, (rule,))
        ways += [way] if way else []
    tried: set[str] = set()
    for change, to, changed in others:
        if change not in tried and (way := (yield from asked.way_under(changed, everything, ()))):
            tried.add(change)  # the least change of each kind that works
            ways.append(replace(way, change=change, to=to))
    if not ways and blocking:
        ways += yield from asked.least_that_gives_way(question)
    in_order = tuple(one for one in question.rules if one in blocking)
    return WhyNot(in_order, tuple(ways), asked.is_certain)


class _Asked:
    """What was asked so far, and whether all of it was settled."""

    def __init__(self, question: Question) -> None:
        self._before = {one.meeting: one for one in question.now}
        self.is_certain = True

    def way_under(
        self, question: Question, rules: Rules, gives_way: tuple[Obstacle, ...]
    ) -> Generator[Ask, Said, Way | None]:
        """How the meeting can be placed under these rules; none where it cannot, or nobody found out."""
        ask = question.under(rules)
        said = yield ask
        self.is_certain &= said.is_certain
        if said.plan is None:
            return None
        place = next(one for one in said.plan if one.meeting == ask.meeting)
        moved = sum(self._before.get(one.meeting, one) != one for one in said.plan)
        return Way(gives_way, place, moved)

    def is_impossible(self, question: Question, rules: Rules) -> Generator[Ask, Said, bool]:
        """Whether the meeting certainly cannot be placed under these rules."""
        said = yield question.under(rules)
        self.is_certain &= said.is_certain
        return said.plan is None and said.is_certain

    def least_that_gives_way(self, question: Question) -> Generator[Ask, Said, list[Way]]:
        """Where no rule alone helps: a set of which none can be spared, all others holding."""
        lifted, found = set(question.rules), list[Way]()
        for rule in question.rules:
            fewer = tuple(sorted(lifted - {rule}))
            holding = frozenset(question.rules).difference(fewer)
            if way := (yield from self.way_under(question, holding, fewer)):
                lifted.discard(rule)
                found = [way]
        return found
