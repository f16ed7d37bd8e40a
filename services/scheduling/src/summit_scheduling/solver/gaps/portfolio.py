"""Several climbers, each in a process of its own and with its own luck, every second one patient: who arrives first has the answer."""

import os
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic

from summit_scheduling.solver.gaps.below import climb
from summit_scheduling.solver.gaps.question import Answer, Outcome, Question

Report = Callable[[Answer], None]


class ClimbersDied(RuntimeError):
    """Every process ended without an answer, mostly for want of memory."""


def solve(
    question: Question, *, seed: int, seconds: float, workers: int = 2, report: Report | None = None
) -> Answer:
    """The best starts with proof, or what is proven when so many seconds have passed.

    The number of idle periods is the same each time, since it is proven; which of several best answers it is depends on who
    arrives first. `climb` alone gives the same one each time. `report` hears of every rise of the bound.

    Raises:
        ClimbersDied: there is nobody left to hear from.
    """
    until = monotonic() + seconds
    climbers = [_start(question, seed, place) for place in range(workers)]
    standing = Answer(Outcome.UNKNOWN, None, None, 0, 0)
    try:
        while not standing.is_settled and (left := until - monotonic()) > 0:
            for pipe in wait([pipe for _process, pipe in climbers], left):
                assert isinstance(pipe, Connection)  # noqa: S101  # nothing else was waited for
                heard = _hear(pipe)
                if heard is None:
                    climbers = [one for one in climbers if one[1] is not pipe]
                elif heard.is_settled or heard.bound > standing.bound:
                    standing = replace(heard, bound=max(heard.bound, standing.bound))
                    (report or _to_nobody)(standing)
            if not climbers and not standing.is_settled:
                raise ClimbersDied
    finally:
        for process, pipe in climbers:
            process.kill()
            process.join()
            pipe.close()
    return standing


def _start(question: Question, seed: int, place: int) -> tuple[SpawnProcess, Connection]:
    spawned = get_context("spawn")
    ours, theirs = spawned.Pipe(duplex=False)
    process = spawned.Process(
        target=_climb, args=(question, seed + place, place % 2 == 1, theirs), daemon=True
    )
    process.start()
    theirs.close()
    return process, ours


def _climb(question: Question, seed: int, patient: bool, pipe: Connection) -> None:
    """Says how it stands until it is settled; ends at the next word when nobody listens any more."""
    try:
        for answer in climb(question, seed=seed, patient=patient):
            pipe.send(answer)
    except BrokenPipeError:
        os._exit(1)


def _hear(pipe: Connection) -> Answer | None:
    try:
        heard = pipe.recv()
    except (EOFError, OSError):
        return None
    assert isinstance(heard, Answer)  # noqa: S101  # nothing else is sent
    return heard


def _to_nobody(_answer: Answer) -> None:
    """Nobody listens."""
