"""What a promise does not say is asked for by code, criterion by criterion."""

from typing import Any

import pytest

from summit_contracts.promises import Additionality, Condition, Nature, Partner
from summit_contracts.quantities import Exact, ExactAmount, NoneGiven, Open, Percent, UpTo
from summit_contracts.values import Money
from summit_pledges.domain.advice import Criterion, advise
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_testkit.pledges import a_promise

TAXONOMY = shipped_taxonomy()


def test_a_promise_that_says_everything_is_asked_nothing() -> None:
    smartness = advise(a_promise(need_id="need-1"), TAXONOMY)
    assert smartness.advice == ()
    assert smartness.score == 5


@pytest.mark.parametrize(
    ("changes", "criterion", "ask", "field"),
    [
        ({"capability": "police_units"}, Criterion.SPECIFIC, "what_is_general", "promise.capability"),
        (
            {"partners": (Partner(words="others", share=Percent(basis_points=1)),)},
            Criterion.SPECIFIC,
            "partner_unnamed",
            "promise.partners[0].invitee",
        ),
        ({"quantity": NoneGiven()}, Criterion.MEASURABLE, "how_many_missing", "promise.quantity"),
        (
            {"quantity": UpTo(maximum=2, unit="unit")},
            Criterion.MEASURABLE,
            "least_missing",
            "promise.quantity.minimum",
        ),
        (
            {"quantity": Exact(count=2, unit="bed")},
            Criterion.MEASURABLE,
            "unit_unusual",
            "promise.quantity.unit",
        ),
        (
            {"partners": (Partner(invitee="IE"),)},
            Criterion.MEASURABLE,
            "share_missing",
            "promise.partners[0].share",
        ),
        (
            {"conditions": (Condition(kind="place_open", words="place to be agreed"),)},
            Criterion.ACHIEVABLE,
            "condition_unsettled",
            "promise.conditions[0]",
        ),
        ({"need_id": None}, Criterion.RELEVANT, "need_unnamed", "promise.need_id"),
        (
            {"additionality": Additionality.NOT_STATED},
            Criterion.RELEVANT,
            "additionality_missing",
            "promise.additionality",
        ),
        ({"nature": Nature.PRACTICE}, Criterion.RELEVANT, "not_a_commitment", "promise.nature"),
        ({"timeline": Open(words="soon")}, Criterion.TIME_BOUND, "by_when_missing", "promise.timeline"),
    ],
)
def test_one_thing_missing_is_one_ask(
    changes: dict[str, Any], criterion: Criterion, ask: str, field: str
) -> None:
    smartness = advise(a_promise(**{"need_id": "need-1", **changes}), TAXONOMY)
    (one,) = smartness.advice
    assert (one.criterion, one.ask, one.field) == (criterion, ask, field)
    assert smartness.score == 4
    assert one.ask in TAXONOMY.terms["ask"]


def test_money_answers_how_much_and_a_remark_is_no_condition() -> None:
    promise = a_promise(
        need_id="need-1",
        quantity=NoneGiven(),
        amount=ExactAmount(money=Money(amount_minor=1, currency="USD")),
        conditions=(Condition(kind="remark", words="first-time offer"),),
    )
    assert advise(promise, TAXONOMY).advice == ()


def test_a_designation_makes_a_general_capability_specific() -> None:
    promise = a_promise(need_id="need-1", capability="police_units", designation="canine unit")
    assert advise(promise, TAXONOMY).advice == ()
