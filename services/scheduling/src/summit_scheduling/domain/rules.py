"""What no plan may break, and which rules a plan breaks; written apart from every solver."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from summit_scheduling.domain.problem import Assignment, Meeting, OpenRoom, Problem


class Rule(StrEnum):
    """What no plan may break."""

    ONCE = "once"
    """A meeting that exists is held once at most."""
    ALLOWED_START = "allowed_start"
    """A meeting begins where all its parties can come."""
    VETO = "veto"
    """Two parties that are not to meet are in no meeting together."""
    ONE_PLACE_AT_A_TIME = "one_place_at_a_time"
    """A party is in one meeting at a time."""
    REST = "rest"
    """A party has its time after a meeting before it meets again."""
    ONE_MEETING_PER_ROOM = "one_meeting_per_room"
    """A room holds one meeting at a time."""
    TURN_ROUND = "turn_round"
    """A room is turned round after a meeting before the next one begins in it."""
    ROOM_FITS = "room_fits"
    """The room exists, is open for the whole meeting, seats it, has what it needs, and is the one it is tied to, if any."""
    RESOURCE = "resource"
    """No more is in use in a slot than there is of what is counted."""
    MEETINGS_OF_PARTY = "meetings_of_party"
    """A party has no more meetings than its limit."""
    MEETINGS_PER_DAY = "meetings_per_day"
    """A party has no more meetings on one day than its limit."""
    MOVES_OF_PARTY = "moves_of_party"
    """No more of a party's meetings that could stay where they were published are placed elsewhere than its limit."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that an assignment breaks, and with whom or what: a meeting, a party, a room or a resource."""

    rule: Rule
    meeting: str
    subject: str


def breaches(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Breach, ...]:
    """Every rule that the plan breaks, in the order of its assignments; empty for a plan that may be published."""
    review = _Review(problem)
    return tuple(breach for one in assignments for breach in review.of(one))


class _Review:
    """Looks at one assignment after the other, and remembers what those before it have used."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._held: set[str] = set()
        self._taken: set[tuple[str, str, int]] = set()
        self._kept: set[tuple[str, str, int]] = set()
        self._used = Counter[tuple[object, ...]]()

    def of(self, one: Assignment) -> Iterator[Breach]:
        """What it breaks, after those before it."""
        problem = self._problem
        meeting, room = problem.by_key.get(one.meeting), problem.room_by_code.get(one.room)
        if meeting is None or one.meeting in self._held:
            yield Breach(Rule.ONCE, one.meeting, one.meeting)
            return
        self._held.add(one.meeting)
        if one.slot not in meeting.starts:
            yield Breach(Rule.ALLOWED_START, one.meeting, str(one.slot))
        if problem.is_vetoed(meeting.parties):
            yield Breach(Rule.VETO, one.meeting, one.meeting)
        if room is None or not room.takes(meeting, one.slot):
            yield Breach(Rule.ROOM_FITS, one.meeting, one.room)
        if 0 <= one.slot <= len(problem.slots) - meeting.length:
            yield from self._of_time(one, meeting, room)
            yield from self._of_resources(one, meeting)
            yield from self._of_limits(one, meeting)

    def _of_time(self, one: Assignment, meeting: Meeting, room: OpenRoom | None) -> Iterator[Breach]:
        run, kept = meeting.run(one.slot), self._problem.kept_for_parties(meeting, one.slot)
        for party in meeting.parties:
            yield from self._claim(one, "party", party, run, kept, (Rule.ONE_PLACE_AT_A_TIME, Rule.REST))
        if room is not None:
            kept = self._problem.kept_for_room(room, meeting, one.slot)
            rules = (Rule.ONE_MEETING_PER_ROOM, Rule.TURN_ROUND)
            yield from self._claim(one, "room", room.code, run, kept, rules)

    def _claim(
        self, one: Assignment, kind: str, subject: str, run: range, kept: range, rules: tuple[Rule, Rule]
    ) -> Iterator[Breach]:
        taken = {(kind, subject, slot) for slot in run}
        keeping = {(kind, subject, slot) for slot in kept}
        if taken & self._taken:
            yield Breach(rules[0], one.meeting, subject)
        elif taken & self._kept or keeping & self._taken:
            yield Breach(rules[1], one.meeting, subject)
        self._taken |= taken
        self._kept |= keeping

    def _of_resources(self, one: Assignment, meeting: Meeting) -> Iterator[Breach]:
        for code in self._problem.counted(meeting):
            in_use = [self._count("resource", code, slot) for slot in meeting.run(one.slot)]
            if max(in_use) > self._problem.resources[code]:
                yield Breach(Rule.RESOURCE, one.meeting, code)

    def _of_limits(self, one: Assignment, meeting: Meeting) -> Iterator[Breach]:
        problem = self._problem
        is_moved = one.meeting in problem.can_stay and problem.place_before[one.meeting] != one
        for limit in problem.limits_of(meeting):
            counts = (
                (Rule.MEETINGS_OF_PARTY, limit.meetings, ()),
                (Rule.MEETINGS_PER_DAY, limit.per_day, (problem.days[one.slot],)),
                (Rule.MOVES_OF_PARTY, limit.moves if is_moved else None, ()),
            )
            for rule, most, among in counts:
                if most is not None and self._count(rule, limit.party, *among) > most:
                    yield Breach(rule, one.meeting, limit.party)

    def _count(self, *what: object) -> int:
        """How many there are with this one."""
        self._used[what] += 1
        return self._used[what]
