"""Which method is best at which level, each with the same processor time: `python -m tests.bench.levels`.

For fairness and for few gaps, on generated summits: what the engine uses, and CP-SAT on the same model, with a hint and one
worker. A line says the method, what it reached, the bound it proved and the processor seconds it took.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from threading import Event, Thread
from time import process_time

from ortools.sat.python import cp_model

from summit_scheduling.domain.aims import FAIRNESS, GAPS, owed_to_small
from summit_scheduling.domain.fairness import by_demand
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.gaps.below import climb
from summit_scheduling.solver.gaps.question import Question
from summit_scheduling.solver.greedy import greedy
from summit_scheduling.solver.model import Model
from summit_scheduling.solver.proof import as_good, prove
from summit_scheduling.solver.settle import asked_of_gaps
from summit_scheduling.solver.stage import in_order, placing, serving
from summit_scheduling.solver.standing import Standing
from summit_scheduling.solver.swaps import swapped
from summit_testkit.demand import Family, demand

SIZES = (
    (Family.A, 120, 6, 40),
    (Family.A, 500, 18, 200),
    (Family.A, 1000, 25, 200),
    (Family.B, 1000, 40, 200),
)
_FOREVER = 100_000.0

Chosen = tuple[cp_model.IntVar, ...]


def main(words: Sequence[str]) -> None:
    """A line for each size, level and method is printed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.levels", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="processor seconds for each method")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="only the first so many sizes")
    asked = parser.parse_args(words)
    for family, wishes, rooms, delegations in SIZES[: asked.sizes]:
        given = demand(family, seed=1, wishes=wishes, rooms=rooms, delegations=delegations).problem()
        agreed = Counter(party for one in given.meetings for party in one.parties)
        given = replace(given, classes=by_demand(agreed))
        say(f"{family}, {wishes} wishes, {rooms} rooms")
        plan = fairness(given, asked.seconds)
        say(f"  {len(plan)} meetings placed")
        gaps(given, plan, asked.seconds)


def say(words: str) -> None:
    """One line."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def fairness(given: Problem, seconds: float) -> tuple[Assignment, ...]:
    """The fairest of the weightiest plans, by the linear programme and by CP-SAT."""
    standing = Standing(given, 1, _FOREVER, lambda *_: None, placing(given))
    standing.improve(greedy(given))
    model = Model.of(given)
    began = process_time()
    bound, model = prove(standing, model)
    say(f"  weight    linear   {standing.value:>7} of {standing.bound:>7} {process_time() - began:6.1f} s")
    model = as_good(model, standing, bound)
    hinted, start, owed = standing.best, FAIRNESS.count(given, standing.best), owed_to_small(given)
    standing.enter(in_order(placing(given), serving(given)))
    began = process_time()
    _, model = prove(standing, model)
    reached, most = FAIRNESS.count(given, standing.best), standing.bound % (owed + 1)
    say(
        f"  fairness  linear   {reached:>7} >= {owed - most:>6} {process_time() - began:6.1f} s (it began with {start})"
    )
    served, most, spent = served_by_cpsat(model, hinted, seconds)
    say(
        f"  fairness  CP-SAT   {owed - served % (owed + 1):>7} >= {owed - most % (owed + 1):>6} {spent:6.1f} s"
    )
    return standing.best


def served_by_cpsat(model: Model, hint: Iterable[Assignment], seconds: float) -> tuple[int, int, float]:
    """How many meetings of small delegations CP-SAT places, its bound, and the seconds it took."""
    rows = cp_model.CpModel()
    chosen = tuple(rows.new_bool_var("") for _ in model.weights)
    for row in model.rows:
        rows.add(sum(chosen[column] for column in row.columns) <= row.limit)
    rows.maximize(sum(weight * one for weight, one in zip(model.weights, chosen, strict=True)))
    taken = set(model.columns_of(hint))
    for number, one in enumerate(chosen):
        rows.add_hint(one, number in taken)
    solver, spent = solved(rows, seconds, "max_lp")
    return round(solver.objective_value), round(solver.best_objective_bound), spent


def gaps(given: Problem, plan: tuple[Assignment, ...], seconds: float) -> None:
    """Few gaps with the same meetings: by swaps, by clauses, by CP-SAT."""
    model = Model.of(given)
    allowed = {one.meeting: given.by_key[one.meeting].starts for one in plan}
    question = asked_of_gaps(
        model, allowed, tuple(allowed), {party for one in given.meetings for party in one.parties}
    )
    say(f"  gaps      before   {GAPS.count(given, plan):>7}")
    left = until(seconds)
    began = process_time()
    *_, best = plan, *swapped(given, plan, sorted(allowed), seed=1, left=left)
    say(f"  gaps      swaps    {GAPS.count(given, best):>7} {process_time() - began:19.1f} s")
    began, left = process_time(), until(seconds)
    reached, bound = "none", 0
    for answer in climb(question, seed=1):
        reached, bound = "none" if answer.gaps is None else str(answer.gaps), answer.bound
        if left() <= 0:
            break
    say(f"  gaps      clauses  {reached:>7} >= {bound:>6} {process_time() - began:6.1f} s")
    for hint, words, worker in ((plan, "before", "core"), (best, "swaps", "quick_restart_no_lp")):
        slots = {one.meeting: one.slot for one in hint}
        rows = gaps_in_cpsat(question, [slots[key] for key in allowed])
        solver, spent = solved(rows, seconds, worker)
        say(
            f"  gaps      CP-SAT   {solver.objective_value:>7.0f} >= {solver.best_objective_bound:>6.0f} {spent:6.1f} s"
            f" ({worker}, hint from {words})"
        )


def gaps_in_cpsat(question: Question, hint: Sequence[int]) -> cp_model.CpModel:
    """The question with busy slots of each party, and chains of "has met" and "will meet"."""
    rows = cp_model.CpModel()
    at = [{start: rows.new_bool_var("") for start in one.starts} for one in question.meetings]
    for number, choices in enumerate(at):
        rows.add_exactly_one(choices.values())
        for start, choice in choices.items():
            rows.add_hint(choice, start == hint[number])
    for row in question.limits:
        rows.add(sum(at[number][start] for number, start in row.choices) <= row.limit)
    waits = []
    for numbers in question.of_party.values():
        busy = [
            [
                choice
                for number in numbers
                for start, choice in at[number].items()
                if slot in question.meetings[number].run(start)
            ]
            for slot in range(question.slots)
        ]
        first = 0
        for length in question.days:
            waits += _waits(rows, busy[first : first + length])
            first += length
    rows.minimize(sum(waits))
    return rows


def _waits(rows: cp_model.CpModel, busy: Sequence[Sequence[cp_model.IntVar]]) -> list[cp_model.IntVar]:
    """For each slot but the last, whether a wait begins after it: busy then, not in the next, and once more later that day."""
    met, later, waits = [], None, []
    for choices in busy:
        met.append(rows.new_bool_var(""))
        rows.add(sum(choices) == met[-1])
    for slot in reversed(range(len(busy) - 1)):
        after = rows.new_bool_var("")
        rows.add_implication(met[slot + 1], after)
        if later is not None:
            rows.add_implication(later, after)
        later = after
        wait = rows.new_bool_var("")
        rows.add_bool_or([wait, met[slot].negated(), met[slot + 1], after.negated()])
        waits.append(wait)
    return waits


def solved(rows: cp_model.CpModel, seconds: float, worker: str) -> tuple[cp_model.CpSolver, float]:
    """What one worker of CP-SAT finds within so many processor seconds."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.subsolvers.append(worker)
    began, left, ended = process_time(), until(seconds), Event()

    def watch() -> None:
        while not ended.wait(0.2):
            if left() <= 0:
                solver.stop_search()

    watching = Thread(target=watch)
    watching.start()
    solver.solve(rows)
    ended.set()
    watching.join()
    return solver, process_time() - began


def until(seconds: float) -> Callable[[], float]:
    """Processor seconds that are left, from now on."""
    began = process_time()
    return lambda: seconds - (process_time() - began)


if __name__ == "__main__":
    main(sys.argv[1:])
