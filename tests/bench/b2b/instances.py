"""Reads instances of the B2B meeting scheduling problem as their authors publish them, and asks our question of them.

Source: Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy, Villaret: Constraint Solving Approaches to the Business-to-Business
Meeting Scheduling Problem, JAIR 74 (2022). The files are read where they lie; none of them is part of this project.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summit_scheduling.solver.gaps.question import AtMost, Held, Question

_ASSIGNMENT = re.compile(r"(\w+)\s*=\s*([^;]*);")
_MORNING, _AFTERNOON = 1, 2


class InstanceFlaw(ValueError):
    """A file is no instance; `str()` names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the authors report: their optimum (none: proven infeasible), and the seconds of their best MaxSAT run."""

    optimum: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Instance:
    """A file, and how much the numbers of idle periods of any two participants may differ."""

    path: Path
    fairness: int
    published: Published | None
    """None where nothing is published about it."""

    @property
    def name(self) -> str:
        """What the authors call the file."""
        return self.path.name.removesuffix(".dzn")

    def question(self) -> Question:
        """The instance as our question.

        Raises:
            InstanceFlaw: the file says something else.
        """
        try:
            return _question(_Given.of(self.path.read_text()), self.fairness)
        except (KeyError, ValueError, IndexError) as flaw:
            raise InstanceFlaw(f"{self.path.name}: {flaw!r}") from flaw


def instances_in(folder: Path) -> list[Instance]:
    """Every instance with every fairness that something is published about; fairness 2 for those nothing is.

    Raises:
        InstanceFlaw: there is none in that folder.
    """
    files = sorted(folder.glob("*.dzn"))
    if not files:
        raise InstanceFlaw(f"no instances (*.dzn) in {folder}")
    published = dict(_published(folder / "published_results.csv"))
    found = []
    for path in files:
        name = path.name.removesuffix(".dzn")
        asked = sorted(fairness for one, fairness in published if one == name) or [2]
        found += [Instance(path, fairness, published.get((name, fairness))) for fairness in asked]
    return found


def _published(table: Path) -> Iterator[tuple[tuple[str, int], Published]]:
    if not table.exists():
        return
    with table.open(newline="") as lines:
        for row in csv.DictReader(lines):
            optimum = None if row["optimum"] == "UNSAT" else int(row["optimum"])
            seconds = None if row["maxsat_s"] == "TO" else float(row["maxsat_s"])
            yield (row["instance"], int(row["fairness_d"])), Published(optimum, seconds)


@dataclass(frozen=True, slots=True)
class _Given:
    """A file's assignments, in its own words."""

    said: dict[str, str]

    @classmethod
    def of(cls, text: str) -> "_Given":
        return cls(dict(_ASSIGNMENT.findall(text)))

    def number(self, name: str) -> int:
        return int(self.said[name])

    def numbers(self, name: str) -> list[int]:
        return [int(one) for one in re.findall(r"\d+", self.said[name])]

    def sets(self, name: str) -> list[set[int]]:
        """Sets of numbers; the files write an empty one as {} or {0}."""
        return [
            {int(one) for one in re.findall(r"\d+", braced)} - {0}
            for braced in re.findall(r"\{([^}]*)\}", self.said.get(name, ""))
        ]


def _question(given: _Given, fairness: int) -> Question:
    slots, morning = given.number("nTotalSlots"), given.number("nMorningSlots")
    requested = given.numbers("requested")
    wishes = [requested[place : place + 3] for place in range(0, len(requested), 3)]
    forbidden, fixed = given.sets("forbidden"), given.numbers("fixed")
    if not len(wishes) == given.number("nMeetings") == len(fixed) or len(forbidden) != given.number(
        "nBusiness"
    ):
        raise ValueError("its numbers of meetings or participants contradict each other")
    meetings = []
    for (one, other, session), at in zip(wishes, fixed, strict=True):
        first = morning if session == _AFTERNOON else 0
        last = morning if session == _MORNING else slots
        open_to = set(range(first, last)) - {slot - 1 for slot in forbidden[one - 1] | forbidden[other - 1]}
        if at:
            open_to &= {at - 1}
        meetings.append(Held((str(one), str(other)), tuple(sorted(open_to))))
    return Question(
        days=(slots,),
        meetings=tuple(meetings),
        limits=tuple(_tables(meetings, slot, given.number("nTables")) for slot in range(slots)),
        precedences=tuple(
            (first - 1, second)
            for second, before in enumerate(given.sets("precedences"))
            for first in sorted(before)
        ),
        largest_difference=fairness,
        idle_parties=0 in given.numbers("nMeetingsBusiness"),
    )


def _tables(meetings: list[Held], slot: int, tables: int) -> AtMost:
    """So many meetings fit into a slot."""
    return AtMost(
        tuple((number, slot) for number, meeting in enumerate(meetings) if slot in meeting.starts), tables
    )
