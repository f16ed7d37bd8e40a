"""From below: no answer leaves fewer than 0 idle periods, than 1, than 2, and so on, until one leaves no more than proven.

All idle periods are assumed away. Where that is impossible the solver names a few of which one at least must be: a core. The
bound rises by one, and of those few one is allowed from then on, by a counter over them, which is assumed not to exceed it
either. So each clash is counted once, wherever in the timetable it is, and the first answer found is the best there is.

Source: Andres, Kaufmann, Matheis, Schaub: Unsatisfiability-based optimization in clasp (ICLP 2012), the OLL algorithm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from pysat.solvers import Cadical195

from summit_scheduling.solver.gaps.encoding import Encoding
from summit_scheduling.solver.gaps.question import Answer, Outcome, Question

_CONFLICTS_PER_LOOK = 5_000
"""How much the solver works before it looks up: a second or two."""


def climb(question: Question, *, seed: int, patient: bool = False) -> Iterator[Answer]:
    """How it stands, whenever the bound has risen and every second or two; the last answer is optimal or infeasible.

    The patient seldom start over: they find the last timetable sooner where it is rare, and are slower at some proofs.
    """
    climber = _Climber(question, seed, {"seed": seed, "stabilizeonly": int(patient)})
    try:
        yield from climber.climb()
    finally:
        climber.end()


@dataclass(slots=True)
class _Counter:
    """How many of a core hold, and how many are allowed so far."""

    at_least: list[int]
    allowed: int


class _Climber:
    def __init__(self, question: Question, seed: int, manner: Mapping[str, int]) -> None:
        self._question = question
        self._encoding = Encoding(question)
        self._solver = Cadical195()
        self._solver.configure(manner)
        self._hand_over()
        wishes = list(self._encoding.wishes)
        Random(seed).shuffle(wishes)  # noqa: S311  # variety, no secret
        self._assumed = dict.fromkeys(wishes)
        self._counters = dict[int, _Counter]()
        self._bound = 0

    def climb(self) -> Iterator[Answer]:
        while True:
            self._solver.conf_budget(_CONFLICTS_PER_LOOK)
            found = self._solver.solve_limited(assumptions=list(self._assumed))
            if found:
                yield self._answer(Outcome.OPTIMAL, self._encoding.starts_in(self._solver.get_model()))
                return
            if found is None:
                yield self._answer(Outcome.UNKNOWN)
            elif core := self._solver.get_core():
                self._allow_one_of(core)
                yield self._answer(Outcome.UNKNOWN)
            else:
                yield self._answer(Outcome.INFEASIBLE)
                return

    def end(self) -> None:
        """The memory is given back."""
        self._solver.delete()

    def _allow_one_of(self, core: list[int]) -> None:
        """One of what the core assumed does not hold, and that is allowed from now on."""
        self._bound += 1
        for literal in core:
            del self._assumed[literal]
            if counter := self._counters.pop(literal, None):
                self._assume_no_more(counter)
        failing = [-literal for literal in core]
        self._encoding.clauses.add(*failing)
        self._assume_no_more(_Counter(self._encoding.clauses.count(failing, len(failing)), 0))
        self._hand_over()

    def _assume_no_more(self, counter: _Counter) -> None:
        """One more than before is allowed, and another one beyond that assumed not to be needed."""
        counter.allowed += 1
        if counter.allowed < len(counter.at_least):
            literal = -counter.at_least[counter.allowed]
            self._assumed[literal] = None
            self._counters[literal] = counter

    def _hand_over(self) -> None:
        self._solver.append_formula(self._encoding.clauses.take())

    def _answer(self, outcome: Outcome, starts: tuple[int, ...] | None = None) -> Answer:
        gaps = None if starts is None else sum(self._question.gaps(starts).values())
        return Answer(outcome, starts, gaps, self._bound, self._solver.accum_stats()["conflicts"])
