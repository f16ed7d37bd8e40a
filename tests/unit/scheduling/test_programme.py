"""A simplex that goes astray is left for an interior point, which finds the same."""

from itertools import combinations
from random import Random

import pytest

from summit_scheduling.solver import programme
from summit_scheduling.solver.model import Row
from summit_scheduling.solver.programme import Relaxed, Simplex, relax

PEOPLE = range(150)
PAIRS = list(combinations(PEOPLE, 2))
WEIGHTS = [Random(number).randint(1, 1000) for number in range(len(PAIRS))]
ROWS = [Row(tuple(number for number, pair in enumerate(PAIRS) if one in pair), 3) for one in PEOPLE]
"""Of all pairs of 150 people, nobody is in more than three: more than any simplex does in a hundredth of a second."""


def worth(found: Relaxed | None) -> float:
    assert found is not None
    assert found.prices
    return sum(share * weight for share, weight in zip(found.shares, WEIGHTS, strict=True))


def test_an_interior_point_finds_what_a_simplex_has_no_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = worth(relax(WEIGHTS, ROWS, seconds=60, by=Simplex.GLOP))
    assert worth(relax(WEIGHTS, ROWS, seconds=60, by=Simplex.HIGHS)) == pytest.approx(expected)
    monkeypatch.setattr(programme, "_PATIENCE_SECONDS", 0.0)
    assert relax(WEIGHTS, ROWS, seconds=0.0, by=Simplex.HIGHS) is None
    assert worth(relax(WEIGHTS, ROWS, seconds=60, by=Simplex.HIGHS)) == pytest.approx(expected)
