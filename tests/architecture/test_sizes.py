"""Sizes are a signal at 300 and 40 lines and a limit at 400 and 60."""

from collections.abc import Callable
from pathlib import Path

import pytest

from summit_testkit.house.sizes import (
    FUNCTION_LIMIT,
    FUNCTION_SIGNAL,
    MODULE_LIMIT,
    MODULE_SIGNAL,
    large_ones,
)
from summit_testkit.house.sources import Module


def test_nothing_is_too_large(house: list[Module], signals: list[str]) -> None:
    found = [large for module in house for large in large_ones(module)]
    signals += [str(large.fault) for large in found if not large.is_too_large]
    faults = [str(large.fault) for large in found if large.is_too_large]
    assert not faults, "\n".join(faults)


def _module(lines: int) -> Module:
    return Module(Path("planted.py"), "x = 1\n" * lines)


def _function(lines: int, path: str = "planted.py") -> Module:
    return Module(Path(path), "@decorated\nasync def grown():\n" + "    x = 1\n" * (lines - 1))


@pytest.mark.parametrize(("make", "signal"), [(_module, MODULE_SIGNAL), (_function, FUNCTION_SIGNAL)])
def test_what_is_at_its_signal_is_small_enough(make: Callable[[int], Module], signal: int) -> None:
    assert not list(large_ones(make(signal)))


@pytest.mark.parametrize(
    ("module", "is_too_large"),
    [
        (_module(MODULE_SIGNAL + 1), False),
        (_module(MODULE_LIMIT), False),
        (_module(MODULE_LIMIT + 1), True),
        (_function(FUNCTION_SIGNAL + 1), False),
        (_function(FUNCTION_LIMIT), False),
        (_function(FUNCTION_LIMIT + 1), True),
    ],
)
def test_what_has_grown_is_found(module: Module, is_too_large: bool) -> None:
    (large,) = large_ones(module)
    assert large.is_too_large is is_too_large


def test_a_function_inside_another_counts_too() -> None:
    inner = "class C:\n    def m(self):\n" + "        x = 1\n" * FUNCTION_LIMIT
    (large,) = large_ones(Module(Path("planted.py"), inner))
    assert large.fault.line == 2
    assert large.is_too_large


def test_the_functions_of_a_migration_are_not_counted() -> None:
    path = "services/x/src/summit_x/store/migrations/versions/1_first.py"
    assert not list(large_ones(_function(FUNCTION_LIMIT + 1, path)))
