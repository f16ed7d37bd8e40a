"""When and where those meet that were found to meet: few idle gaps, few changes of room, early; in this order.

Who meets is settled before, and in a repair who stays; from here on only the slots and rooms of the others change. `gaps`
proves how few idle periods there must be and often finds a plan with no more; `swaps` finds better plans where it has not, and
earlier ones with as few; the linear relaxation says how early it can be at best.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from summit_scheduling.domain.aims import EARLINESS, GAPS, ROOM_CHANGES, Aim, idle_periods, room_changes
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.counting import fewest_room_changes
from summit_scheduling.solver.gaps.below import climb
from summit_scheduling.solver.gaps.question import Answer, AtMost, Held, Outcome, Question
from summit_scheduling.solver.model import Model
from summit_scheduling.solver.programme import choose, relax
from summit_scheduling.solver.rooms import name_rooms
from summit_scheduling.solver.stage import lessening
from summit_scheduling.solver.standing import Standing
from summit_scheduling.solver.swaps import swapped
from summit_scheduling.solver.walks import walked

if TYPE_CHECKING:
    from summit_scheduling.solver.remainder import Remainder

_MOST_CONFLICTS = 10_000
"""How much the proof of few gaps may work before it is given up: some seconds."""
_SECONDS_PER_MEETING = 0.01
"""With less time left for each meeting placed the proof is not begun: writing its clauses down takes a third of that."""


def settle(standing: Standing, model: Model) -> None:
    """The last three aims are settled, or as good as time and effort made them, with what is proven of each."""
    problem = standing.problem
    if not problem.meetings:
        return
    free = _free(problem, standing.best)
    allowed = _allowed(problem, standing.best, free)
    movable = tuple(key for key in free if len(allowed[key]) > 1)
    standing.enter(lessening(problem, GAPS))
    if standing.left() > 0:
        _take(standing, model, standing.best)
    standing.lower(_fewest_gaps(standing, model, allowed) if movable else standing.value)
    standing.say("gaps")
    if movable and not standing.is_settled:
        for plan in swapped(problem, standing.best, movable, seed=standing.seed, left=standing.left):
            _take(standing, model, plan)
            _say(standing, "swaps")
    exactly = _Exactly(standing, {key: allowed[key] for key in free})
    exactly.settle(GAPS)
    standing.enter(lessening(problem, ROOM_CHANGES))
    standing.lower(-_fewest_room_changes(standing, free, allowed) if free else standing.value)
    earliest = _earliest(standing, model, allowed) if movable else -EARLINESS.count(problem, standing.best)
    if free and standing.left() > 0:
        is_early = earliest == -EARLINESS.count(problem, standing.best)
        walk = walked(problem, standing.best, free, seed=standing.seed, left=standing.left, is_early=is_early)
        for plan in walk:
            standing.improve(plan)
            _say(standing, "walks")
    exactly.settle(ROOM_CHANGES)
    standing.enter(lessening(problem, EARLINESS))
    standing.lower(earliest)
    exactly.settle(EARLINESS)
    standing.say("earliness")


def _say(standing: Standing, step: str) -> None:
    """Whoever listens knows of the best plan so far; what was proven holds for it too."""
    standing.lower(standing.bound)
    standing.say(step)


class _Exactly:
    """What the other means leave open is settled room by room, where the summit is small enough."""

    def __init__(self, standing: Standing, free: Mapping[str, tuple[int, ...]]) -> None:
        self._standing = standing
        self._free = free
        self._remainder: Remainder | None = None
        self._is_known = not free

    def settle(self, aim: Aim) -> None:
        """The aim of the stage is settled, as far as the effort goes; the best plan is no worse at the aims before."""
        standing = self._standing
        if standing.is_settled or standing.left() <= 0:
            return
        if not self._is_known:
            # it takes a quarter of a second to load, and is often not needed
            from summit_scheduling.solver.remainder import Remainder

            self._is_known = True
            self._remainder = Remainder.of(standing.problem, standing.best, self._free)
        if self._remainder:
            found = self._remainder.least(aim, standing.best, seed=standing.seed, seconds=standing.left())
            standing.improve(found.plan)
            standing.lower(-found.bound)


def _free(problem: Problem, plan: Collection[Assignment]) -> tuple[str, ...]:
    """The meetings placed that need not stay where they were published."""
    stay = set(problem.published)
    return tuple(one.meeting for one in plan if one not in stay)


def _allowed(
    problem: Problem, plan: Collection[Assignment], free: Collection[str]
) -> dict[str, tuple[int, ...]]:
    """For each meeting placed, the starts it may have."""
    return {
        one.meeting: problem.by_key[one.meeting].starts if one.meeting in free else (one.slot,)
        for one in plan
    }


def _take(standing: Standing, model: Model, plan: Collection[Assignment]) -> None:
    """The plan, and the same with its rooms named anew, are known."""
    standing.improve(plan)
    standing.improve(name_rooms(model, model.columns_of(plan)))


def _fewest_gaps(standing: Standing, model: Model, allowed: dict[str, tuple[int, ...]]) -> int:
    """What is proven, as a bound on the value, of how few idle periods there must be; where a plan comes of it, it is known."""
    if standing.is_settled or standing.left() < _SECONDS_PER_MEETING * len(allowed):
        return standing.stage.ceiling
    problem = standing.problem
    concerned = _parties_of(problem, (key for key, starts in allowed.items() if len(starts) > 1))
    near = [key for key in allowed if not concerned.isdisjoint(problem.by_key[key].parties)]
    each = idle_periods(problem, standing.best)
    elsewhere = sum(gaps for party, gaps in each.items() if party not in concerned)
    fewest = -standing.value - elsewhere
    question = asked_of_gaps(model, allowed, near, concerned)
    answer, enough = Answer(Outcome.UNKNOWN, None, None, 0, 0), standing.left() / 2
    for answer in climb(question, seed=standing.seed):
        if answer.bound >= fewest or answer.conflicts > _MOST_CONFLICTS or standing.left() <= enough:
            break
    if answer.starts is not None and answer.gaps is not None and answer.gaps < fewest:
        fixed = {one.meeting: one.slot for one in standing.best}
        _adopt(standing, model, fixed | dict(zip(near, answer.starts, strict=True)))
    return -answer.bound - elsewhere


def _fewest_room_changes(
    standing: Standing, free: Collection[str], allowed: Mapping[str, tuple[int, ...]]
) -> int:
    """Those of parties all of whose meetings stay are what they are; of the whole timetable, what counting proves."""
    problem, plan = standing.problem, standing.best
    concerned = _parties_of(problem, free)
    stay = sum(count for party, count in room_changes(problem, plan).items() if party not in concerned)
    return max(stay, fewest_room_changes(problem, allowed, gaps=GAPS.count(problem, plan)))


def _parties_of(problem: Problem, keys: Iterable[str]) -> frozenset[str]:
    return frozenset(party for key in keys for party in problem.by_key[key].parties)


def _adopt(standing: Standing, model: Model, starts: dict[str, int]) -> None:
    """The plan with these starts is known, where there are rooms for it."""
    wanted = [
        number
        for number, one in enumerate(model.columns)
        if starts.get(model.problem.meetings[one.meeting].key) == one.start
    ]
    chosen = choose(model.weights, model.rows, wanted, seed=standing.seed, seconds=standing.left())
    if chosen and len(chosen.columns) == len(starts):
        standing.improve(name_rooms(model, chosen.columns))


def asked_of_gaps(
    model: Model, allowed: Mapping[str, tuple[int, ...]], near: Sequence[str], concerned: Collection[str]
) -> Question:
    """Hold exactly these meetings: what the rows say of meetings and starts, rooms left aside, binds here too.

    Only `near` are in it, the meetings of the parties concerned, whose idle periods count; all others have one start and take
    away what they need.
    """
    problem = model.problem
    number_of = {key: number for number, key in enumerate(near)}
    per_day = [0] * len(set(problem.days))
    for slot in problem.days:
        per_day[sorted(set(problem.days)).index(slot)] += 1
    held = tuple(
        Held(
            tuple(party for party in problem.by_key[key].parties if party in concerned),
            allowed[key],
            problem.by_key[key].length,
        )
        for key in near
    )
    return Question(tuple(per_day), held, tuple(_limits(model, number_of, allowed)))


def _limits(
    model: Model, number_of: Mapping[str, int], allowed: Mapping[str, tuple[int, ...]]
) -> Iterator[AtMost]:
    """The rows, as far as they count every way to hold a meeting from a start on, less what others take."""
    problem = model.problem
    choice_of = [(problem.meetings[one.meeting].key, one.start) for one in model.columns]
    ways = Counter(choice_of)
    for row in model.rows:
        if not row.uses:
            continue
        counted = Counter(choice_of[column] for column in row.columns)
        choices = [
            (key, start)
            for (key, start), count in counted.items()
            if start in allowed.get(key, ()) and count == ways[key, start]
        ]
        inside = tuple((number_of[key], start) for key, start in choices if key in number_of)
        limit = row.limit - (len(choices) - len(inside))
        if len({meeting for meeting, _ in inside}) > limit:
            yield AtMost(inside, limit)


def _earliest(standing: Standing, model: Model, allowed: dict[str, tuple[int, ...]]) -> int:
    """What the linear relaxation proves, as a bound on the value, of how early these meetings can begin, gaps left aside."""
    problem = model.problem
    keys = [problem.meetings[column.meeting].key for column in model.columns]
    kept = [
        number for number, column in enumerate(model.columns) if column.start in allowed.get(keys[number], ())
    ]
    last = len(problem.slots)
    earlier = replace(model.only(kept), weights=tuple(last - model.columns[number].start for number in kept))
    best_of: dict[int, int] = {}
    for column, weight in zip(earlier.columns, earlier.weights, strict=True):
        best_of[column.meeting] = max(best_of.get(column.meeting, 0), weight)
    most = sum(best_of.values())
    relaxed = relax(earlier.weights, earlier.rows, seconds=standing.left()) if standing.left() > 0 else None
    if relaxed is not None:
        most = min(most, Bound.of(earlier, relaxed.prices).weight)
    return most - last * len(allowed)
