"""Totals keep what is certain apart from what is possible, and count joint pledges once."""

from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.promises import Need, Partner
from summit_contracts.quantities import (
    AtLeast,
    AtLeastAmount,
    Exact,
    ExactAmount,
    NoneGiven,
    Open,
    Percent,
    Quantity,
    Range,
    UpTo,
    UpToAmount,
)
from summit_contracts.values import Money
from summit_pledges.domain.quantity import (
    Bounds,
    Division,
    Gap,
    amount_bounds_of,
    bounds_of,
    divide,
    divide_amount,
    gap_of,
    total,
    total_amount,
)
from summit_testkit.pledges import a_promise, amounts, quantities


def a_need(quantity: Quantity) -> Need:
    return Need(
        taxonomy=1, category="police", capability="formed_police_unit", quantity=quantity, timeline=Open()
    )


def test_each_form_has_its_least_and_its_most() -> None:
    assert bounds_of(Exact(count=2, unit="unit")) == ("unit", Bounds(2, 2))
    assert bounds_of(UpTo(maximum=275, unit="person")) == ("person", Bounds(0, 275))
    assert bounds_of(Range(minimum=250, maximum=300, unit="person")) == ("person", Bounds(250, 300))
    assert bounds_of(AtLeast(minimum=300, unit="person", is_exceeded=True)) == ("person", Bounds(300, None))


def test_units_are_never_mixed_and_no_number_is_not_zero() -> None:
    totals = total(
        [
            Exact(count=2, unit="unit"),
            UpTo(maximum=3, unit="unit"),
            Exact(count=100, unit="officer"),
            NoneGiven(unit="unit"),
            Percent(basis_points=3500),
        ]
    )
    assert totals.by_unit == {"unit": Bounds(2, 5), "officer": Bounds(100, 100)}
    assert totals.without_number == 2


def test_one_open_end_leaves_the_total_open() -> None:
    totals = total_amount(
        [
            AtLeastAmount(minimum=Money(amount_minor=100, currency="USD")),
            UpToAmount(maximum=Money(amount_minor=50, currency="USD")),
            ExactAmount(money=Money(amount_minor=1, currency="EUR")),
        ]
    )
    assert totals.by_unit == {"USD": Bounds(100, None), "EUR": Bounds(1, 1)}


@settings(deadline=None)  # a busy machine is no fault
@given(st.data())
def test_a_total_does_not_depend_on_the_order(data: st.DataObject) -> None:
    several = data.draw(st.lists(quantities(), max_size=8))
    assert total(several) == total(data.draw(st.permutations(several)))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(quantities(), max_size=8))
def test_every_promise_is_in_the_total_or_counted_without_number(several: list[Quantity]) -> None:
    totals = total(several)
    counted = [found for found in map(bounds_of, several) if found is not None]
    assert len(counted) + totals.without_number == len(several)
    assert sum(bounds.floor for bounds in totals.by_unit.values()) == sum(
        bounds.floor for _, bounds in counted
    )


@settings(deadline=None)  # a busy machine is no fault
@given(amounts())
def test_money_is_whole_minor_units_throughout(amount: ExactAmount) -> None:
    _, bounds = amount_bounds_of(amount)
    assert type(bounds.floor) is int
    assert bounds.ceiling is None or type(bounds.ceiling) is int


def test_a_gap_is_given_for_the_least_and_for_the_most() -> None:
    promises = [
        a_promise(quantity=Exact(count=1, unit="unit")),
        a_promise(quantity=UpTo(maximum=2, unit="unit")),
        a_promise(quantity=NoneGiven()),
        a_promise(quantity=Exact(count=140, unit="officer")),
    ]
    assert gap_of(a_need(Exact(count=5, unit="unit")), promises) == Gap(
        "unit", at_most=4, at_least=2, without_number=2
    )


def test_a_gap_is_never_negative_and_an_open_promise_may_close_it() -> None:
    assert gap_of(a_need(Exact(count=1, unit="unit")), [a_promise()]) == Gap("unit", 0, 0, 0)
    open_ended = [a_promise(quantity=AtLeast(minimum=1, unit="unit"))]
    assert gap_of(a_need(Exact(count=5, unit="unit")), open_ended) == Gap("unit", 4, 0, 0)


def test_a_need_without_a_number_has_no_gap() -> None:
    assert gap_of(a_need(NoneGiven()), [a_promise()]) is None


def test_a_joint_pledge_counts_once_and_the_pledger_bears_the_rest() -> None:
    joint = a_promise(
        quantity=Exact(count=10, unit="officer"),
        partners=(
            Partner(invitee="IE", share=Exact(count=4, unit="officer")),
            Partner(invitee="SE", share=Percent(basis_points=3333)),
            Partner(words="others"),
        ),
    )
    assert total([joint.quantity]).by_unit == {"officer": Bounds(10, 10)}
    assert divide(joint) == Division(pledger=3, partners=(4, 3, 0))


def test_a_quantity_that_is_not_exact_is_not_divided() -> None:
    assert divide(a_promise(quantity=UpTo(maximum=10, unit="officer"))) is None
    assert divide_amount(a_promise()) is None


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**14), max_size=4))
def test_money_shares_and_the_rest_are_the_whole_to_the_cent(whole: int, shares: list[int]) -> None:
    total_shares = sum(shares)
    promise = a_promise(
        amount=ExactAmount(money=Money(amount_minor=min(whole + total_shares, 10**15), currency="USD")),
        partners=tuple(
            Partner(words=f"partner {number}", money=Money(amount_minor=share, currency="USD"))
            for number, share in enumerate(shares)
        ),
    )
    division = divide_amount(promise)
    assert division is not None
    assert division.pledger >= 0
    assert division.pledger + sum(division.partners) == min(whole + total_shares, 10**15)
