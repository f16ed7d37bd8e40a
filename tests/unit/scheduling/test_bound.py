"""Whatever the prices, no plan is worth more than the bound they prove."""

from hypothesis import given, settings
from hypothesis import strategies as st

from summit_scheduling.domain.problem import Problem
from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.model import Model
from summit_testkit.plans import best_weight_by_trying_all
from summit_testkit.problems import problems


@settings(deadline=None)
@given(st.data(), problems(most_meetings=4, most_slots=4))
def test_even_nonsensical_prices_prove_a_true_bound(data: st.DataObject, given_problem: Problem) -> None:
    model = Model.of(given_problem)
    price = st.floats(-5, 50, allow_nan=False)
    prices = data.draw(st.lists(price, min_size=len(model.rows), max_size=len(model.rows)))
    bound = Bound.of(model, prices)
    best = best_weight_by_trying_all(given_problem)
    assert bound.weight >= best
    assert set(range(len(model.columns))) == set(bound.worth_trying(0)), "any plan at all can use any column"


@settings(deadline=None)
@given(problems(most_meetings=4, most_slots=4))
def test_the_model_allows_what_trying_all_plans_finds_and_nothing_more(given_problem: Problem) -> None:
    assert _best_choice(Model.of(given_problem)) == best_weight_by_trying_all(given_problem)


@settings(deadline=None)
@given(st.data(), problems(most_meetings=4, most_slots=4))
def test_a_column_that_is_not_worth_trying_is_in_no_plan_of_that_weight(
    data: st.DataObject, given_problem: Problem
) -> None:
    model = Model.of(given_problem)
    price = st.floats(0, 20, allow_nan=False)
    bound = Bound.of(model, data.draw(st.lists(price, min_size=len(model.rows), max_size=len(model.rows))))
    best = _best_choice(model)
    for column in set(range(len(model.columns))) - set(bound.worth_trying(best)):
        assert _best_choice(model, with_column=column) < best


def _best_choice(model: Model, with_column: int | None = None) -> int:
    """The greatest weight of any choice that keeps every row, or of any with this column in it; -1 where there is none."""

    def best(meeting: int, chosen: frozenset[int]) -> int:
        if any(len(chosen.intersection(row.columns)) > row.limit for row in model.rows):
            return -1
        if meeting == len(model.problem.meetings):
            return model.weight_of(chosen) if with_column is None or with_column in chosen else -1
        ways = [number for number, column in enumerate(model.columns) if column.meeting == meeting]
        return max(best(meeting + 1, chosen), *(best(meeting + 1, chosen | {way}) for way in ways), -1)

    return best(0, frozenset())
