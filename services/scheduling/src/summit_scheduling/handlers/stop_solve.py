"""The secretariat has seen enough of a solve and keeps its best plan."""

from summit_contracts.values import Key
from summit_scheduling.domain.errors.timetables import SolveUnknown
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.solve import Solve
from summit_scheduling.handlers.command import Command


class StopSolve(Command):
    """No further."""

    solve_id: Key


async def stop_solve(command: StopSolve, *, unit: Unit) -> Solve:
    """Its worker ends it within seconds with the best plan so far; one that has ended is left as it is.

    Raises:
        SolveUnknown: nobody asked for it.
    """
    solve = await unit.solves.hold(command.edition_id, command.solve_id)
    if solve is None:
        raise SolveUnknown(command.solve_id)
    stopped = solve.stop()
    if stopped != solve:
        await unit.solves.save(stopped)
    return stopped
