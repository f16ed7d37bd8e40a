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

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from summit_scheduling.solver.model import Row

_ONE_THREAD = highs_pb2.HighsOptionsProto(int_options={"threads": 1})
_IS_CHOSEN = 0.5
_TOLERANCE = 1e-6


class Simplex(Enum):
    """Who solves a linear programme."""

    GLOP = mathopt.SolverType.GLOP
    HIGHS = mathopt.SolverType.HIGHS


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
    model = _model(weights, rows, range(len(weights)), is_integer=False)
    result = mathopt.solve(model, by.value, params=_parameters(seconds))
    is_best = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    if not (is_best and result.has_dual_feasible_solution()):
        return None
    shares, prices = result.variable_values(), result.dual_values()
    return Relaxed(
        shares=tuple(shares[variable] for variable in model.variables()),
        prices=tuple(prices[constraint] for constraint in model.linear_constraints()),
    )


def choose(
    weights: Sequence[int], rows: Sequence[Row], among: Collection[int], *, seed: int, seconds: float
) -> Chosen | None:
    """The best choice among some of the columns, or none where nothing was found out in time."""
    offered = sorted(among)
    model = _model(weights, rows, offered, is_integer=True)
    parameters = _parameters(seconds)
    parameters.random_seed = seed
    parameters.relative_gap_tolerance = 0.0
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason is mathopt.TerminationReason.INFEASIBLE:
        return Chosen((), bound=0, is_best=True, is_possible=False)
    if not result.has_primal_feasible_solution():
        return None
    values = result.variable_values()
    columns = tuple(
        column
        for column, variable in zip(offered, model.variables(), strict=True)
        if values[variable] > _IS_CHOSEN
    )
    return Chosen(
        columns,
        bound=math.floor(result.termination.objective_bounds.dual_bound + _TOLERANCE),
        is_best=result.termination.reason is mathopt.TerminationReason.OPTIMAL,
    )


def _parameters(seconds: float) -> Any:
    return mathopt.SolveParameters(time_limit=timedelta(seconds=max(seconds, 0.01)), highs=_ONE_THREAD)


def _model(weights: Sequence[int], rows: Sequence[Row], offered: Sequence[int], *, is_integer: bool) -> Any:
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
    return mathopt.Model.from_model_proto(message)
