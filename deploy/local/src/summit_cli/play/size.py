"""How large a play is. Loads nothing, so that the command line can show it at once."""

from dataclasses import dataclass

DELEGATIONS = 123
"""As many as Member States attended in 2018. Source: Chair's Note of UNCOPS 2018."""
WISHES = 600
SEED = 2022
SOLVE_SECONDS = 15


@dataclass(frozen=True)
class Size:
    """How large a play is, and which of many it is."""

    seed: int = SEED
    """Another number draws other people, wishes and answers."""
    delegations: int = DELEGATIONS
    wishes: int = WISHES
    solve_seconds: int = SOLVE_SECONDS
    """How long the timetable may be improved."""


USUAL = Size()
