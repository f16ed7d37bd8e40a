"""What is left once it is settled who meets, as a programme for CP-SAT: when and where, room by room, every way its own 0/1.

It is exact, and therefore for small summits: gaps, changes of room and earliness are each proven, one after the other. In a
repair only parties of meetings that may move are in it; what the others wait and walk is the same in every plan.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ortools.sat.python import cp_model

from summit_scheduling.domain.aims import EARLINESS, GAPS, ROOM_CHANGES, Aim, idle_periods, room_changes
from summit_scheduling.domain.problem import Assignment, Meeting, Problem

_MOST_WAYS = 1_200
_MOST_STANDS = 3_000
"""Beyond so many ways to hold meetings, or so many of party, slot and room, proofs of changes of room seldom end in time."""
_ORDER: Final = (GAPS, ROOM_CHANGES, EARLINESS)
_MANNERS: Final[tuple[tuple[float, int, int], ...]] = ((0.5, 1, 2), (2.0, 2, 0))
"""Deterministic seconds, how much is made linear, how much symmetry is looked for. Measured on summits of 6 to 25 meetings: the
first finds good plans at once and proves few gaps and changes, the second proves earliness five times as fast."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The best plan found for one aim, and what no plan as good at the aims before goes below."""

    plan: tuple[Assignment, ...]
    bound: int


class Remainder:
    """All plans with the same meetings, of which some may move; each aim that is settled binds what comes after."""

    def __init__(
        self, problem: Problem, plan: Collection[Assignment], ways: Mapping[str, Collection[Assignment]]
    ) -> None:
        self._problem = problem
        self._rows = cp_model.CpModel()
        self._ways = {
            way: self._rows.new_bool_var("") for one in plan for way in ways.get(one.meeting, (one,))
        }
        self._concerned = sorted({party for key in ways for party in problem.by_key[key].parties})
        self._bind()
        waits, walks = _Days(problem, self._rows, self._ways, self._concerned).counted()
        starts = [way.slot * chosen for way, chosen in self._ways.items()]
        self._sums = {GAPS.code: sum(waits), ROOM_CHANGES.code: sum(walks), EARLINESS.code: sum(starts)}

    @classmethod
    def of(
        cls, problem: Problem, plan: Collection[Assignment], allowed: Mapping[str, Collection[int]]
    ) -> "Remainder | None":
        """What is left where these meetings of the plan may begin in these slots; none where it is too large."""
        ways = {
            key: [
                Assignment(key, start, room.code)
                for start in starts
                for room in problem.rooms
                if room.takes(problem.by_key[key], start)
            ]
            for key, starts in allowed.items()
        }
        concerned = {party for key in ways for party in problem.by_key[key].parties}
        stands = len(concerned) * len(problem.slots) * len(problem.rooms)
        if sum(map(len, ways.values())) > _MOST_WAYS or stands > _MOST_STANDS:
            return None
        return cls(problem, plan, ways)

    def least(self, aim: Aim, best: tuple[Assignment, ...], *, seed: int, seconds: float) -> Settled:
        """The fewest there are of what the aim counts, in plans no worse than the best so far at the aims before."""
        for earlier in _ORDER[: _ORDER.index(aim)]:
            self._rows.add(self._sums[earlier.code] <= self._counted(earlier, best))
        self._rows.minimize(self._sums[aim.code])
        fewest = self._counted(aim, best)
        elsewhere, bound = aim.count(self._problem, best) - fewest, 0
        for effort, linear, symmetry in _MANNERS:
            self._rows.clear_hints()  # type: ignore[no-untyped-call]  # OR-tools leaves its type out
            for way, chosen in self._ways.items():
                self._rows.add_hint(chosen, way in best)
            solver = _solver(effort, linear, symmetry, seed, seconds)
            answer = solver.solve(self._rows)
            if answer in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                found = tuple(way for way, chosen in self._ways.items() if solver.boolean_value(chosen))
                if self._counted(aim, found) < fewest:
                    best, fewest = found, self._counted(aim, found)
            if answer in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
                bound = max(bound, round(solver.best_objective_bound))
            if bound >= fewest:
                break
        return Settled(best, elsewhere + bound)

    def _counted(self, aim: Aim, plan: Collection[Assignment]) -> int:
        """What the sum of the aim comes to: all of the starts, of waits and walks those of the parties concerned."""
        if aim is EARLINESS:
            return aim.count(self._problem, tuple(plan))
        each = (idle_periods if aim is GAPS else room_changes)(self._problem, plan)
        return sum(each.get(party, 0) for party in self._concerned)

    def _bind(self) -> None:
        """Every meeting is held once, and no rule is broken."""
        problem, limits = self._problem, dict[Hashable, int]()
        once, at_most = (
            defaultdict[str, list[cp_model.IntVar]](list),
            defaultdict[Hashable, list[cp_model.IntVar]](list),
        )
        for way, chosen in self._ways.items():
            once[way.meeting].append(chosen)
            for use, limit in _uses(problem, problem.by_key[way.meeting], way):
                at_most[use].append(chosen)
                limits[use] = limit
        for ways in once.values():
            self._rows.add_exactly_one(ways)
        for use, ways in at_most.items():
            if limits[use] == 1:
                self._rows.add_at_most_one(ways)
            else:
                self._rows.add(sum(ways) <= limits[use])


def _solver(effort: float, linear: int, symmetry: int, seed: int, seconds: float) -> cp_model.CpSolver:
    """One thread and a limit that is no clock, so that the same input and seed give the same plan."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.linearization_level = linear
    solver.parameters.symmetry_level = symmetry
    return solver


def _uses(problem: Problem, meeting: Meeting, way: Assignment) -> Iterable[tuple[Hashable, int]]:
    """What of scarce things the way takes one of, with how many there are."""
    for slot in problem.kept_for_parties(meeting, way.slot):
        yield from ((("party", party, slot), 1) for party in meeting.parties)
    for slot in problem.kept_for_room(problem.room_by_code[way.room], meeting, way.slot):
        yield ("room", way.room, slot), 1
    for code in problem.counted(meeting):
        yield from ((("resource", code, slot), problem.resources[code]) for slot in meeting.run(way.slot))
    is_moved = meeting.key in problem.can_stay and problem.place_before[meeting.key] != way
    for limit in problem.limits_of(meeting):
        if limit.per_day is not None:
            yield ("day", limit.party, problem.days[way.slot]), limit.per_day
        if limit.moves is not None and is_moved:
            yield ("moves", limit.party), limit.moves


class _Days:
    """What parties wait and walk, day by day."""

    def __init__(
        self,
        problem: Problem,
        rows: cp_model.CpModel,
        ways: Mapping[Assignment, cp_model.IntVar],
        concerned: Collection[str],
    ) -> None:
        self._rows = rows
        self._in: dict[str, dict[int, list[cp_model.IntVar]]] = {
            party: defaultdict(list) for party in concerned
        }
        """For each party and slot, the ways that keep it busy."""
        self._begins: dict[str, dict[int, dict[str, list[cp_model.IntVar]]]] = {
            party: defaultdict(lambda: defaultdict(list)) for party in concerned
        }
        """For each party, slot and room, the ways that begin there."""
        for way, chosen in ways.items():
            meeting = problem.by_key[way.meeting]
            for party in self._in.keys() & set(meeting.parties):
                self._begins[party][way.slot][way.room].append(chosen)
                for slot in meeting.run(way.slot):
                    self._in[party][slot].append(chosen)
        self._days: dict[object, list[int]] = defaultdict(list)
        for slot, day in enumerate(problem.days):
            self._days[day].append(slot)

    def counted(self) -> tuple[list[cp_model.IntVar], list[cp_model.IntVar]]:
        """What is 1 for each idle period, and what is 1 for each change of room."""
        waits, walks = list[cp_model.IntVar](), list[cp_model.IntVar]()
        for party, begins in self._begins.items():
            for slots in self._days.values():
                waits += self._waits(self._in[party], slots)
                walks += self._walks([begins[slot] for slot in slots if slot in begins])
        return waits, walks

    def _waits(self, ways: Mapping[int, list[cp_model.IntVar]], slots: list[int]) -> list[cp_model.IntVar]:
        """It is busy, then not, and busy once more later on."""
        busy = []
        for slot in slots:
            busy.append(self._rows.new_bool_var(""))
            self._rows.add_exactly_one([*ways.get(slot, ()), busy[-1].negated()])
        waits, later = list[cp_model.IntVar](), busy[-1]
        for now, then in zip(busy[-2::-1], busy[:0:-1], strict=True):
            waits.append(self._rows.new_bool_var(""))
            self._rows.add_bool_or([waits[-1], now.negated(), then, later.negated()])
            either = self._rows.new_bool_var("")
            self._rows.add_implication(now, either)
            self._rows.add_implication(later, either)
            later = either
        return waits

    def _walks(self, begins: list[dict[str, list[cp_model.IntVar]]]) -> list[cp_model.IntVar]:
        """It stands in one room at a time, where its meetings begin; between two beginnings it may go to another."""
        rooms = sorted({room for each in begins for room in each})
        walks, before = list[cp_model.IntVar](), dict[str, cp_model.IntVar]()
        for each in begins if len(rooms) > 1 else ():
            stands = {room: self._rows.new_bool_var("") for room in rooms}
            self._rows.add_exactly_one(stands.values())
            for room, ways in each.items():
                for chosen in ways:
                    self._rows.add_implication(chosen, stands[room])
            if before:
                walks.append(self._rows.new_bool_var(""))
                for room in rooms:
                    self._rows.add_bool_or([walks[-1], before[room].negated(), stands[room]])
            before = stands
        return walks
