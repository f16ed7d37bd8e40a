"""Linear and 0/1 programmes over columns and rows, by OR-tools through MathOpt; no other module speaks to it.

GLOP or HiGHS solve the linear relaxation by simplex, HiGHS the 0/1 programme; all on one thread, so that the same input gives
the same answer. docs/algorithms/timetable.md has the measurements behind the choice.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver as core
from ortools.math_opt.solvers import highs_pb2

from summit_scheduling.solver.model import Row

_ONE_THREAD = highs_pb2.HighsOptionsProto(int_options={"threads": 1})
_INTERIOR = highs_pb2.HighsOptionsProto(int_options={"threads": 1}, string_options={"solver": "ipm"})
_PATIENCE_SECONDS = 5.0
"""Repairs take the simplex up to 2 s; now and then one goes astray for minutes, where an interior point takes 3 s (measured)."""
_IS_CHOSEN = 0.5
_TOLERANCE = 1e-6


class Simplex(Enum):
    """Who solves a linear programme."""

    GLOP = parameters_pb2.SOLVER_TYPE_GLOP
    HIGHS = parameters_pb2.SOLVER_TYPE_HIGHS


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The optimum of the linear relaxation, as far as floating point tells it."""

    shares: tuple[float, ...]
    """For each column, how much of it is chosen."""
    prices: tuple[float, ...]
    """For each row, what one more of its limit would be worth."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best choice of columns that was found."""

    columns: tuple[int, ...]
    bound: int
    """No choice among the columns offered is worth more."""
    is_best: bool
    """Whether that was proven."""
    is_possible: bool = True
    """Whether any choice keeps the rows."""


def relax(
    weights: Sequence[int], rows: Sequence[Row], *, seconds: float, by: Simplex = Simplex.GLOP
) -> Relaxed | None:
    """The linear relaxation, or none where it was not solved in time."""
    if not weights:
        return Relaxed((), (0.0,) * len(rows))
    message = _written(weights, rows, range(len(weights)), is_integer=False)
    patience = seconds if by is Simplex.GLOP else min(seconds, _PATIENCE_SECONDS)
    result = _solved(message, by, _parameters(patience))
    if seconds > patience and not _is_best(result):
        result = _solved(message, by, _parameters(seconds - patience, _INTERIOR))
    solution = result.solutions[0] if result.solutions else solution_pb2.SolutionProto()
    if not (
        _is_best(result)
        and solution.dual_solution.feasibility_status == solution_pb2.SOLUTION_STATUS_FEASIBLE
    ):
        return None
    return Relaxed(
        shares=_dense(solution.primal_solution.variable_values, len(weights)),
        prices=_dense(solution.dual_solution.dual_values, len(rows)),
    )


def choose(
    weights: Sequence[int], rows: Sequence[Row], among: Collection[int], *, seed: int, seconds: float
) -> Chosen | None:
    """The best choice among some of the columns, or none where nothing was found out in time."""
    offered = sorted(among)
    parameters = _parameters(seconds)
    parameters.random_seed = seed
    parameters.relative_gap_tolerance = 0.0
    result = _solved(_written(weights, rows, offered, is_integer=True), Simplex.HIGHS, parameters)
    termination = result.termination
    if termination.reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
        return Chosen((), bound=0, is_best=True, is_possible=False)
    solution = result.solutions[0].primal_solution if result.solutions else None
    if solution is None or solution.feasibility_status != solution_pb2.SOLUTION_STATUS_FEASIBLE:
        return None
    shares = _dense(solution.variable_values, len(offered))
    return Chosen(
        tuple(column for column, share in zip(offered, shares, strict=True) if share > _IS_CHOSEN),
        bound=math.floor(termination.objective_bounds.dual_bound + _TOLERANCE),
        is_best=_is_best(result),
    )


def _solved(message: Any, by: Simplex, parameters: Any) -> Any:
    """What the solver answers to the message.

    Messages, and none of the objects that MathOpt has for columns and rows: those take longer than the simplex, and longer to load.
    """
    sent = (
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
    )
    watched = callback_pb2.CallbackRegistrationProto()
    return core.solve(message, by.value, *sent, None, watched, None, None)


def _dense(found: Any, length: int) -> tuple[float, ...]:
    """The values by number; those that are not said are 0."""
    values = [0.0] * length
    for number, value in zip(found.ids, found.values, strict=True):  # a message, no data frame
        values[number] = value
    return tuple(values)


def _is_best(result: Any) -> bool:
    return bool(result.termination.reason == result_pb2.TERMINATION_REASON_OPTIMAL)


def _parameters(seconds: float, highs: Any = _ONE_THREAD) -> Any:
    parameters = parameters_pb2.SolveParametersProto(highs=highs)
    parameters.time_limit.FromTimedelta(timedelta(seconds=max(seconds, 0.01)))
    return parameters


def _written(weights: Sequence[int], rows: Sequence[Row], offered: Sequence[int], *, is_integer: bool) -> Any:
    """Maximise the weight of the columns offered; a column that is not offered is 0.

    Written as a message at once: adding variables and terms one by one takes ten times as long.
    """
    place = {column: number for number, column in enumerate(offered)}
    message = model_pb2.ModelProto()
    variables, matrix = message.variables, message.linear_constraint_matrix
    variables.ids.extend(range(len(offered)))
    variables.lower_bounds.extend([0.0] * len(offered))
    variables.upper_bounds.extend([1.0] * len(offered))
    variables.integers.extend([is_integer] * len(offered))
    message.objective.maximize = True
    message.objective.linear_coefficients.ids.extend(range(len(offered)))
    message.objective.linear_coefficients.values.extend(float(weights[column]) for column in offered)
    for number, row in enumerate(rows):
        inside = sorted(place[column] for column in row.columns if column in place)
        message.linear_constraints.ids.append(number)
        message.linear_constraints.lower_bounds.append(-math.inf)
        message.linear_constraints.upper_bounds.append(float(row.limit))
        if len(inside) > row.limit:  # else it cannot be broken
            matrix.row_ids.extend([number] * len(inside))
            matrix.column_ids.extend(inside)
            matrix.coefficients.extend([1.0] * len(inside))
    return message
