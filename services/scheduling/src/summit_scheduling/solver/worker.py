"""The solver's own process: reads one request from standard input, writes reports to standard output, and ends.

It ends at once when its input closes, so that it never outlives the service that started it.
"""

import os
import sys
from threading import Thread
from typing import BinaryIO

from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.ports import Progress
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.wire import Report, Request

_ORPHANED = 3
_COURTESY = 5
"""Added to the niceness: letters and forms go first."""


def main() -> None:
    """Solves the request and has said so."""
    out = answers()
    os.nice(_COURTESY)
    request = Request.from_line(sys.stdin.buffer.readline())
    Thread(target=_end_with_input, daemon=True).start()

    def report(progress: Progress, plan: Plan) -> None:
        out.write(Report(progress, plan, is_final=False).to_line())
        out.flush()

    plan = solve(request.problem, seed=request.seed, seconds=request.seconds, report=report)
    certificate = plan.certificate
    last = Progress("done", certificate.objective, certificate.bound, certificate.seconds)
    out.write(Report(last, plan, is_final=True).to_line())
    out.flush()


def answers() -> BinaryIO:
    """Standard output for reports alone: what the libraries print goes to standard error from now on."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _end_with_input() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(_ORPHANED)


if __name__ == "__main__":
    main()
