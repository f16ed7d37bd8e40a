"""What scheduling needs from outside: places to keep things, a way out for facts, and somebody who solves.

All of a unit's places belong to one transaction: what is saved and staged becomes true together, or not at all.
`hold` reads for a change: until the transaction ends, nobody else holds the same. `get` reads for an answer and holds nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.obstacles import Ask, Said
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.problem import Problem
from summit_scheduling.domain.progress import Status
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.timetable import Timetable

if TYPE_CHECKING:
    from summit_scheduling.domain.solve import Solve  # which holds a Progress from here

T = TypeVar("T")


class Marked(NamedTuple, Generic[T]):
    """What was read, and a mark that is another one as soon as anybody has written it again."""

    mark: str
    value: T


class Editions(Protocol):
    """The editions as registration published them last."""

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        ...

    async def hold(self, edition_id: str) -> Edition | None:
        """The same; whoever holds it is the only one to publish a timetable of it."""
        ...

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless a higher revision is known already."""
        ...


class Bilaterals(Protocol):
    """Every bilateral that was ever asked for or arranged, and what became of it."""

    async def get(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The bilateral, or none."""
        ...

    async def hold(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The same, for a change."""
        ...

    async def between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """Those of exactly these parties, in the order in which they came about."""
        ...

    async def hold_between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """The same, for a change."""
        ...

    async def hold_of(self, edition_id: str, party: str) -> Sequence[Bilateral]:
        """Those the party is part of, by id, for a change."""
        ...

    async def hold_all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id, for a change."""
        ...

    async def all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id."""
        ...

    async def marked(
        self, edition_id: str, statuses: frozenset[Status], known: Mapping[str, Marked[Bilateral]]
    ) -> Mapping[str, Marked[Bilateral]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        ...

    async def page(
        self, edition_id: str, *, party: str | None, after: str | None, limit: int
    ) -> Sequence[Bilateral]:
        """Up to `limit` bilaterals whose id stands behind `after`, in the order of ids; `party` none means of everybody."""
        ...

    async def save(self, *bilaterals: Bilateral) -> None:
        """They are as given."""
        ...


class Availabilities(Protocol):
    """One per invitee and edition, from the first word about it on."""

    async def get(self, edition_id: str, code: str) -> Availability | None:
        """The availability, or none where nothing is known."""
        ...

    async def hold(self, edition_id: str, code: str) -> Availability | None:
        """The same, for a change."""
        ...

    async def all(self, edition_id: str) -> Mapping[str, Availability]:
        """All that is known, by invitee code."""
        ...

    async def marked(
        self, edition_id: str, known: Mapping[str, Marked[Availability]]
    ) -> Mapping[str, Marked[Availability]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        ...

    async def save(self, availability: Availability) -> None:
        """It is as given."""
        ...


class RulingsOf(Protocol):
    """What the secretariat rules: one set per edition."""

    async def get(self, edition_id: str) -> Rulings:
        """What is in force; an empty set before the first word."""
        ...

    async def hold(self, edition_id: str) -> Rulings:
        """The same, for a change."""
        ...

    async def save(self, rulings: Rulings) -> None:
        """It is as given."""
        ...


class Timetables(Protocol):
    """The published timetables: added, never altered."""

    async def latest(self, edition_id: str, *, known: Timetable | None = None) -> Timetable | None:
        """The one that holds, or none; the one that is `known` is not read again where none was added since."""
        ...

    async def numbered(self, edition_id: str, number: int) -> Timetable | None:
        """The one of this number, or none."""
        ...

    async def page(self, edition_id: str, *, limit: int) -> Sequence[Timetable]:
        """Up to `limit` timetables, the newest first."""
        ...

    async def plan_file(self, edition_id: str, number: int) -> PlanFile | None:
        """What the timetable of this number can be checked by, or none where nothing of the kind was kept."""
        ...

    async def add(self, timetable: Timetable) -> None:
        """It is the latest, and its plan file is kept. Two of one number are impossible."""
        ...


class Solves(Protocol):
    """Every request for a timetable, and what came of it."""

    async def get(self, edition_id: str, solve_id: str) -> "Solve | None":
        """The solve, or none."""
        ...

    async def hold(self, edition_id: str, solve_id: str) -> "Solve | None":
        """The same, for a change."""
        ...

    async def hold_next(self, *, taken_before: datetime) -> "Solve | None":
        """The oldest that waits, or whose worker was last heard of before this moment, for a change; held by nobody else."""
        ...

    async def page(self, edition_id: str, *, limit: int, what_ifs: bool = False) -> Sequence["Solve"]:
        """Up to `limit` solves, the newest first: what-ifs alone, or all that are none."""
        ...

    async def forget(self, edition_id: str, solve_id: str) -> None:
        """It never was."""
        ...

    async def save(self, solve: "Solve") -> None:
        """It is as given."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What scheduling itself counts in an edition: the figures that facts must add up to."""

    by_status: Mapping[Status, int]
    timetables: int


class Unit(Protocol):
    """One transaction's places, and the way out for facts."""

    @property
    def editions(self) -> Editions:
        """The editions."""
        ...

    @property
    def bilaterals(self) -> Bilaterals:
        """The bilaterals."""
        ...

    @property
    def availabilities(self) -> Availabilities:
        """The availabilities."""
        ...

    @property
    def timetables(self) -> Timetables:
        """The timetables."""
        ...

    @property
    def solves(self) -> Solves:
        """The solves."""
        ...

    @property
    def rulings(self) -> RulingsOf:
        """What the secretariat rules."""
        ...

    async def mark(self, edition_id: str) -> str:
        """Another one than before, whenever anything changed that the edition's timetables are made of."""
        ...

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        ...

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come."""

    stage: str
    """What is being done: `greedy`, `bound`, `dive`, `search`, `done`."""
    best: int
    """How good the best plan so far is at the level: a weight, a number of moves."""
    bound: int
    """What no plan as good at the levels before can surpass, as far as is known."""
    seconds: float
    level: str = "weight"
    """What it is being made best at."""


class Stopping(Protocol):
    """Somebody may want the best plan so far."""

    async def wait(self) -> bool:
        """Returns once somebody does."""
        ...


class Placer(Protocol):
    """Finds out whether a meeting can be placed as well as others."""

    async def placed_as_well(self, ask: Ask) -> Said:
        """A plan that places every meeting of the problem, or none; uncertain once the time for all questions is up."""
        ...


class Solver(Protocol):
    """Finds the plan of most weight, and says how sure it is."""

    async def solve(
        self,
        problem: Problem,
        *,
        seed: int = 1,
        on_progress: Callable[[Progress], None] | None = None,
        stopping: Stopping | None = None,
    ) -> Plan:
        """A plan that breaks no rule; the same problem and seed give the same assignments unless time runs out.

        Once `stopping` is set it ends with the best plan so far.

        Raises:
            SolverFailure: there is none: the worker died, or had nothing when its time was up.
        """
        ...
