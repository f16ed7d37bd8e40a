"""What is not there, and what can go wrong with a solve."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from summit_contracts.errors import Conflicting, Stale, Unknown


class TimetableUnknown(Unknown):
    """No timetable of this number was published."""

    slug: ClassVar[str] = "timetable-unknown"
    title: ClassVar[str] = "No such timetable."

    def __init__(self, number: int | None, latest: int | None) -> None:
        super().__init__(
            "No timetable was published yet." if number is None else f"No timetable {number} was published.",
            remedy=f"Ask for one from 1 to {latest}." if latest else "Wait for the first TimetablePublished.",
            field="number",
            number=number,
            latest=latest,
        )


class PlanFileNotKept(Unknown):
    """The timetable was published before plan files were kept."""

    slug: ClassVar[str] = "plan-file-not-kept"
    title: ClassVar[str] = "This timetable has no plan file."

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Timetable {number} was published before plan files were kept.",
            remedy="Put it back in force (roll back): the new timetable has one.",
            field="number",
            number=number,
        )


class SolverFailure(Exception):
    """Nothing was published, and what was published before still holds."""


class SolverDied(SolverFailure):
    """The worker process ended without an answer; `exit_code` is negative for a signal, `words` its last ones."""

    def __init__(self, exit_code: int | None, words: str) -> None:
        super().__init__(f"the solver's process ended with {exit_code}: {words or 'it said nothing'}")
        self.exit_code = exit_code
        self.words = words


class SolverOverran(SolverFailure):
    """The worker was stopped at its time limit and had no plan by then."""

    def __init__(self, limit: timedelta) -> None:
        super().__init__(f"the solver had no plan after {limit.total_seconds():g} s")
        self.limit = limit


class SolverStopped(SolverFailure):
    """Somebody stopped the solve, or it was of no use to anybody any more, before there was any plan."""

    def __init__(self) -> None:
        super().__init__("it was stopped before it had a plan")


class PlanBroken(SolverFailure):
    """The worker's plan breaks a hard rule or misstates what it is worth: a fault of the solver, never published."""

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(f"{len(faults)} faults, the first: {faults[0] if faults else 'unknown'}")
        self.faults = tuple(faults)


class SolveUnknown(Unknown):
    """Nobody asked for a solve of this name."""

    slug: ClassVar[str] = "solve-unknown"
    title: ClassVar[str] = "No such solve."

    def __init__(self, solve_id: str) -> None:
        super().__init__(
            f"There is no solve {solve_id}.", remedy="List the solves of the edition.", field="solve_id"
        )


class SolveNotReady(Conflicting):
    """Only a solve that has a plan and was not published yet can be published."""

    slug: ClassVar[str] = "solve-not-ready"
    title: ClassVar[str] = "This solve has no plan to publish."

    def __init__(self, solve_id: str, state: str, failure: str | None) -> None:
        super().__init__(
            f"The solve {solve_id} is {state}{': ' + failure if failure else ''}.",
            remedy="Wait until it is solved, or ask for a new one.",
            field="solve_id",
            state=state,
        )


class SolveOutdated(Stale):
    """What was solved is no longer what is agreed: somebody answered, withdrew or changed a room since."""

    slug: ClassVar[str] = "solve-outdated"
    title: ClassVar[str] = "The wishes have changed since this was solved."

    def __init__(self, solve_id: str) -> None:
        super().__init__(
            f"The wishes, availabilities or rooms have changed since {solve_id} was solved.",
            remedy="Ask for a new solve and publish that.",
            field="solve_id",
        )


class MovedTooLate(Conflicting):
    """What is about to begin, or has begun, stays where it is."""

    slug: ClassVar[str] = "moved-too-late"
    title: ClassVar[str] = "The plan moves meetings that are about to begin."

    def __init__(self, solve_id: str, bilateral_ids: Sequence[str]) -> None:
        super().__init__(
            f"Since {solve_id} was asked for, {len(bilateral_ids)} meetings that it moves have come within the freeze.",
            remedy="Ask for a new solve and publish that; it leaves them where they are.",
            field="solve_id",
            bilateral_ids=list(bilateral_ids),
        )


class PlaceTaken(Conflicting):
    """The meeting cannot be held there."""

    slug: ClassVar[str] = "place-taken"
    title: ClassVar[str] = "The place is not free."

    def __init__(self, start_at: datetime, room: str) -> None:
        super().__init__(
            f"The meeting cannot be held in {room} at {start_at:%Y-%m-%d %H:%M} UTC: "
            "the room or a party is taken, or cannot be had then.",
            remedy="Ask for the free places again and take one of those.",
            field="start_at",
        )
