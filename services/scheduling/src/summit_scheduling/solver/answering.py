"""A process that answers questions about one meeting, one line each, for as long as its input is open."""

import os
import sys

from summit_scheduling.solver.placing import Proofs, placed_as_well
from summit_scheduling.solver.wire import ask_of, line_of_said
from summit_scheduling.solver.worker import answers

_COURTESY = 5
"""Added to the niceness, as for a solve."""


def main() -> None:
    """Every question has been answered."""
    out = answers()
    os.nice(_COURTESY)
    proofs = Proofs()
    for line in sys.stdin.buffer:
        out.write(line_of_said(placed_as_well(ask_of(line), proofs=proofs)))
        out.flush()


if __name__ == "__main__":
    main()
