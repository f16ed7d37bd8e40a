"""Why not? For a meeting without a place: a smallest set of rules that keeps it from having one, and what would help.

The question is whether it can be placed as well: every meeting that has a place keeps one, though it may move, unless it is
pinned or frozen. Whoever can answer that is asked again and again (`Ask`); nothing here knows how it is answered.
"""

from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, replace

from summit_scheduling.domain.obstacles import Against, Ask, Obstacle, Question, Rules, Said
from summit_scheduling.domain.problem import Assignment


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
    """Asks what has to be asked, and returns the answer; `others` are changes of the meeting that might help, by kind and value."""
    asked = _Asked(question)
    if not question.against:
        return WhyNot((Obstacle(Against.TOO_LONG, question.meeting.key),), (), True)
    everything = frozenset(question.rules)
    way = yield from asked.way_under(question, everything, ())
    if way:
        return WhyNot((), (way,), asked.is_certain)
    blocking = yield from asked.none_to_spare()
    ways: list[Way] = []
    for rule in sorted(blocking):
        way = yield from asked.way_under(question, everything - {rule}, (rule,))
        ways += [way] if way else []
    if len(ways) < len(
        blocking
    ):  # whatever helps alone is in every set that blocks; so else this one is the smallest
        blocking = yield from asked.fewest(blocking)
    tried: set[str] = set()
    for change, to, changed in others:
        if change not in tried and (way := (yield from asked.way_under(changed, everything, ()))):
            tried.add(change)  # the least change of each kind that works
            ways.append(replace(way, change=change, to=to))
    if not ways and blocking:
        ways += yield from asked.least_that_gives_way()
    in_order = tuple(one for one in question.rules if one in blocking)
    return WhyNot(in_order, tuple(ways), asked.is_certain)


class _Asked:
    """What was asked so far about one meeting, the plans that were found, and whether all of it was settled."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._before = {one.meeting: one for one in question.now}
        self._found: list[tuple[Rules, tuple[Assignment, ...]]] = []
        """Each plan with the rules that it was to keep."""
        self.is_certain = True

    def way_under(
        self, question: Question, rules: Rules, gives_way: tuple[Obstacle, ...]
    ) -> Generator[Ask, Said, Way | None]:
        """How the meeting can be placed under these rules; none where it cannot, or nobody found out."""
        said = yield from self._said(question, rules)
        if said.plan is None:
            return None
        place = next(one for one in said.plan if one.meeting == question.meeting.key)
        moved = sum(self._before.get(one.meeting, one) != one for one in said.plan)
        return Way(gives_way, place, moved)

    def none_to_spare(self) -> Generator[Ask, Said, Rules]:
        """Rules that block the meeting, though without any one of them the others do not.

        The deletion filter: each in turn is left out for good if the meeting certainly has no place without it either.
        Source: J. Chinneck, E. Dravnieks, Locating minimal infeasible constraint sets in linear programs, 1991.
        """
        blocking = frozenset(self._question.rules)
        for rule in self._question.rules:
            if (yield from self._is_impossible(blocking - {rule})):
                blocking -= {rule}
        return blocking

    def fewest(self, blocking: Rules) -> Generator[Ask, Said, Rules]:
        """As few rules as can block the meeting; these, which do, where no fewer can or time runs out.

        Of the rules that a plan breaks, every set that blocks has one. So the least choice with one of each plan's is tried:
        either it blocks, and nothing smaller can, or there is a plan that keeps it, and one more set of rules to choose from.
        Source: A. Ignatiev, A. Previti, M. Liffiton, J. Marques-Silva, Smallest MUS extraction with minimal hitting set
        dualization, CP 2015.
        """
        question, broken = self._question, list[Rules]()
        while self.is_certain:
            broken += [question.broken_by(plan, keeping=rules) for rules, plan in self._found[len(broken) :]]
            few = _least_choice(broken, below=len(blocking))
            if few is None:
                break
            if (yield from self._is_impossible(few)):
                return few
        return blocking

    def least_that_gives_way(self) -> Generator[Ask, Said, list[Way]]:
        """Where no rule alone helps: a set of which none can be spared, all others holding."""
        lifted, found = set(self._question.rules), list[Way]()
        for rule in self._question.rules:
            fewer = tuple(sorted(lifted - {rule}))
            holding = frozenset(self._question.rules).difference(fewer)
            if way := (yield from self.way_under(self._question, holding, fewer)):
                lifted.discard(rule)
                found = [way]
        return found

    def _is_impossible(self, rules: Rules) -> Generator[Ask, Said, bool]:
        """Whether the meeting certainly cannot be placed under these rules."""
        said = yield from self._said(self._question, rules)
        return said.plan is None and said.is_certain

    def _said(self, question: Question, rules: Rules) -> Generator[Ask, Said, Said]:
        """The answer under these rules."""
        said = yield question.under(rules)
        self.is_certain &= said.is_certain
        if said.plan is not None and question is self._question:
            self._found.append((rules, said.plan))
        return said


def _least_choice(broken: Collection[Rules], *, below: int) -> Rules | None:
    """The fewest rules of which each of these sets has one; none where it takes so many."""
    tried = (_choice(broken, most) for most in range(below))
    return next((few for few in tried if few is not None), None)


def _choice(broken: Collection[Rules], most: int) -> Rules | None:
    """So many rules at most of which each set has one; none where there is no such choice."""
    if not broken:
        return frozenset()
    if most:
        for rule in min((sorted(one) for one in broken), key=len):
            rest = _choice([one for one in broken if rule not in one], most - 1)
            if rest is not None:
                return rest | {rule}
    return None
