"""The question in clauses, in which a party's day is a row of busy and idle slots.

For each party and slot there is a literal `busy`, and a counter of the meetings it has had by then: where the counter has
reached all of them, no idle period can follow. docs/algorithms/timetable.md tells which choices were measured.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from summit_scheduling.solver.gaps.clauses import Clauses
from summit_scheduling.solver.gaps.question import AtMost, Question


class Encoding:
    """Clauses that hold exactly for the starts that answer the question, and literals for the idle periods they leave."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.clauses = Clauses()
        self.begins: dict[tuple[int, int], int] = {}
        """(meeting, start) -> it begins there."""
        self.busy: dict[tuple[str, int], int] = {}
        """(party, slot) -> it is in a meeting; where there is none, it cannot be."""
        self.gaps: dict[str, list[int]] = {}
        """party -> it has at least 1, 2, ... idle periods."""
        self._had: dict[tuple[str, int, int], int | bool] = {}
        self._laters: dict[tuple[str, int], int | bool] = {}
        self._place()
        for party in question.of_party:
            self._occupy(party)
            self._count_meetings(party)
        for row, needed in zip(question.limits, question.needed, strict=True):
            self._limit(row, needed)
        for first, second in question.precedences:
            self._precede(first, second)
        for party in question.of_party:
            self._count_gaps(party)
        self._be_fair()

    @property
    def wishes(self) -> list[int]:
        """Literals that would all hold without any idle period; each that does not is one idle period."""
        return [-gap for counted in self.gaps.values() for gap in counted]

    def starts_in(self, model: Sequence[int]) -> tuple[int, ...]:
        """The starts that a model of the clauses stands for."""
        starts = [-1] * len(self.question.meetings)
        for (meeting, start), literal in self.begins.items():
            if model[literal - 1] > 0:
                starts[meeting] = start
        return tuple(starts)

    def _place(self) -> None:
        """Every meeting begins once."""
        for number, meeting in enumerate(self.question.meetings):
            literals = [self.clauses.new() for _ in meeting.starts]
            self.begins.update(
                {(number, start): one for start, one in zip(meeting.starts, literals, strict=True)}
            )
            self.clauses.add(*literals)
            self.clauses.at_most_one(literals)

    def _occupy(self, party: str) -> None:
        """The party is in one meeting at a time, and busy while it is."""
        at: dict[int, list[int]] = defaultdict(list)
        for number in self.question.of_party[party]:
            meeting = self.question.meetings[number]
            for start in meeting.starts:
                for slot in meeting.run(start):
                    at[slot].append(self.begins[number, start])
        for slot, literals in sorted(at.items()):
            self.clauses.at_most_one(literals)
            self.busy[party, slot] = self.clauses.any_of(literals)

    def _count_meetings(self, party: str) -> None:
        """`_had[party, slot, n]`: by the end of that slot the party has been busy for n slots or more."""
        slots = self.question.slots
        total = sum(self.question.meetings[number].length for number in self.question.of_party[party])
        by = list(accumulate((party, slot) in self.busy for slot in range(slots)))
        if by[-1] < total:
            self.clauses.add()
        for slot in range(slots):
            for n in range(1, total + 1):
                if n > by[slot]:
                    self._had[party, slot, n] = False
                elif n <= total - (by[-1] - by[slot]):
                    self._had[party, slot, n] = True
                else:
                    self._had[party, slot, n] = self.clauses.new()
        for slot in range(slots):
            busy = self.busy.get((party, slot), False)
            for n in range(1, total + 2):
                now, before = self._had_by(party, slot, n), self._had_by(party, slot - 1, n)
                fewer = self._had_by(party, slot - 1, n - 1)
                self.clauses.follows([before], [now])
                self.clauses.follows([busy, fewer], [now])
                self.clauses.follows([now], [before, busy])
                self.clauses.follows([now], [fewer])

    def _had_by(self, party: str, slot: int, n: int) -> int | bool:
        return n <= 0 or (slot >= 0 and self._had.get((party, slot, n), False))

    def _limit(self, row: AtMost, needed: int) -> None:
        """No more than allowed, no fewer than needed: counted twice, once by meetings and once by the parties in them.

        Either count follows from the other, but no solver sees that quickly. Where there is hardly a table to spare, proofs take
        a fraction of a second with both and minutes with one.
        """
        choices = [one for one in row.choices if one in self.begins]
        slots = self.question.common_slots(row)
        if not slots or row.limit <= 1:
            self.clauses.between([self.begins[one] for one in choices], needed, row.limit)
            return
        slot = min(slots)
        self.clauses.between(self._by_party(choices, slot), needed, row.limit)
        sizes = {len(self.question.meetings[number].parties) for number, _start in choices}
        if len(sizes) == 1 and (size := sizes.pop()) > 1:
            parties = {
                party: None for number, _start in choices for party in self.question.meetings[number].parties
            }
            everybody = [self._taken(party, choices, slot) for party in parties]
            self.clauses.between(everybody, needed * size, row.limit * size)

    def _taken(self, party: str, choices: Iterable[tuple[int, int]], slot: int) -> int:
        """A literal that holds exactly when one of those of the choices that need the party is taken."""
        mine = [one for one in choices if party in self.question.meetings[one[0]].parties]
        everything = sum(
            slot in self.question.meetings[number].run(start)
            for number in self.question.of_party[party]
            for start in self.question.meetings[number].starts
        )
        if len(mine) == everything:
            return self.busy[party, slot]
        return self.clauses.any_of([self.begins[one] for one in mine])

    def _by_party(self, choices: Sequence[tuple[int, int]], slot: int) -> list[int]:
        """As many of these literals hold as choices are taken: each choice stands under one of its parties, with few parties.

        Choices of one party in one slot exclude each other, so they are one input: the fewer inputs, the quicker the proof.
        """
        left = dict.fromkeys(choices)
        inputs = list[int]()
        for party in self._cover:
            mine = [one for one in left if party in self.question.meetings[one[0]].parties]
            if mine:
                inputs.append(self._taken(party, mine, slot))
                left = {one: None for one in left if one not in set(mine)}
        return inputs + [self.begins[one] for one in left]

    @cached_property
    def _cover(self) -> Sequence[str]:
        """A few parties of which every meeting has one: the busiest first."""
        left = {party: set(numbers) for party, numbers in self.question.of_party.items()}
        cover = list[str]()
        while any(left.values()):
            busiest = max(left, key=lambda party: len(left[party]))
            cover.append(busiest)
            taken = left.pop(busiest)
            for numbers in left.values():
                numbers.difference_update(taken)
        return cover

    def _precede(self, first: int, second: int) -> None:
        """The first meeting ends before the second begins."""
        one, other = self.question.meetings[first], self.question.meetings[second]
        for start in other.starts:
            before = [self.begins[first, early] for early in one.starts if early + one.length <= start]
            self.clauses.add(-self.begins[second, start], *before)
        for early in one.starts:
            after = [self.begins[second, start] for start in other.starts if early + one.length <= start]
            self.clauses.add(-self.begins[first, early], *after)
            for start in other.starts:
                if early + one.length > start:
                    self.clauses.add(-self.begins[first, early], -self.begins[second, start])

    def _count_gaps(self, party: str) -> None:
        """An idle period begins where the party is busy, then idle, and busy again later on that day."""
        begun = list[int]()
        for slot in range(self.question.slots - 2):
            if (party, slot) not in self.busy or self.question.day_of[slot] != self.question.day_of[slot + 2]:
                continue
            busy, next_busy, later = (
                self.busy[party, slot],
                self.busy.get((party, slot + 1), False),
                self._later(party, slot),
            )
            if later is False:
                continue
            gap = self.clauses.new()
            begun.append(gap)
            self.clauses.follows([busy, later], [next_busy, gap])
            self.clauses.follows([gap], [busy])
            self.clauses.follows([gap, next_busy], [])
            self.clauses.follows([gap], [later])
        if begun:
            most = min(len(begun), max(1, len(self.question.of_party[party]) - 1))
            self.gaps[party] = self.clauses.count(begun, most)
            self._stay_together(party)

    def _stay_together(self, party: str) -> None:
        """Without an idle period one meeting follows the other until all are held: implied, and said for quicker proofs."""
        if len(self.question.days) > 1:
            return
        total = sum(self.question.meetings[number].length for number in self.question.of_party[party])
        for slot in range(self.question.slots - 1):
            for n in range(1, total):
                begun, goes_on = self._had_by(party, slot, n), self._had_by(party, slot + 1, n + 1)
                self.clauses.follows([begun], [goes_on, self.gaps[party][0]])

    def _later(self, party: str, slot: int) -> int | bool:
        """Whether the party is busy again after this slot, on the same day."""
        if len(self.question.days) == 1:
            total = sum(self.question.meetings[number].length for number in self.question.of_party[party])
            done = self._had_by(party, slot, total)
            return (not done) if isinstance(done, bool) else -done
        if (party, slot) not in self._laters:
            following = slot + 1
            if (
                following == self.question.slots
                or self.question.day_of[following] != self.question.day_of[slot]
            ):
                return False
            then = [self.busy.get((party, following), False), self._later(party, following)]
            known = [one for one in then if one is not False]
            self._laters[party, slot] = self.clauses.any_of(known) if known else False
        return self._laters[party, slot]

    def _be_fair(self) -> None:
        """The numbers of idle periods of any two parties differ by no more than allowed."""
        allowed = self.question.largest_difference
        if allowed is None:
            return
        can_have = {party: len(self.gaps.get(party, ())) for party in self.question.of_party}
        least = 0 if self.question.idle_parties else min(can_have.values(), default=0)
        for party, counted in self.gaps.items():
            for gap in counted[least + allowed :]:
                self.clauses.forbid(gap)
            self.gaps[party] = counted[: least + allowed]
        for n in range(1, least + 1):
            everybody = self.clauses.new()
            for counted in self.gaps.values():
                self.clauses.add(-everybody, counted[n - 1])
                if n + allowed <= len(counted):
                    self.clauses.add(-counted[n + allowed - 1], everybody)
