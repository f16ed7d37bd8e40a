"""Money is read exactly, written exactly and divided exactly, or it is refused."""

from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.currencies import currencies
from summit_contracts.values import Money
from summit_pledges.domain.errors.promises import AmountNotReadable, AmountTooFine, CurrencyUnknown
from summit_pledges.domain.money import apportion, decimals_of, major_text, money_of

codes = st.sampled_from(sorted(currencies()))


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(min_value=0, max_value=10**15), codes)
def test_what_is_written_is_read_as_the_same_money(minor: int, currency: str) -> None:
    money = Money(amount_minor=minor, currency=currency)
    text = major_text(money)
    assert Decimal(text) * 10 ** decimals_of(currency) == minor
    if len(text.partition(".")[0]) <= 15:
        assert money_of(text, currency) == money


@settings(deadline=None)  # a busy machine is no fault
@given(st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=6), codes)
def test_an_amount_is_taken_to_the_last_digit_or_refused(amount: Decimal, currency: str) -> None:
    minor = amount * 10 ** decimals_of(currency)
    if minor == minor.to_integral_value():
        assert money_of(format(amount, "f"), currency).amount_minor == int(minor)
    else:
        with pytest.raises(AmountTooFine):
            money_of(format(amount, "f"), currency)


def test_more_digits_than_a_decimal_context_holds_are_not_rounded() -> None:
    with pytest.raises(AmountTooFine):
        money_of("999999999999999.000000000000001", "USD")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("150000", "GBP", 15_000_000),
        ("0.5", "USD", 50),
        ("1000", "JPY", 1000),
        ("1.234", "KWD", 1234),
        ("5.10", "USD", 510),
    ],
)
def test_minor_units_are_those_of_the_currency(text: str, currency: str, minor: int) -> None:
    assert money_of(text, currency).amount_minor == minor


@pytest.mark.parametrize(
    "text",
    ["", "-1", "+1", "1e3", "1,000", " 1", "1 ", "0x10", ".5", "5.", "NaN", "١", "9" * 16, "1_000", "9" * 15],
)
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountNotReadable):
        money_of(text, "USD")


@pytest.mark.parametrize("currency", ["", "usd", "XXX", "EURO", "ZZZ"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(CurrencyUnknown):
        money_of("1", currency)


def test_every_currency_is_one_that_babel_knows() -> None:
    assert currencies() <= set(list_currencies())


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.integers(min_value=0, max_value=10**15),
    st.lists(st.integers(min_value=0, max_value=10_000), max_size=12).filter(
        lambda points: sum(points) <= 10_000
    ),
)
def test_parts_never_sum_to_more_than_their_share(whole: int, points: list[int]) -> None:
    parts = apportion(whole, points)
    assert sum(parts) == whole * sum(points) // 10_000
    assert all(abs(part * 10_000 - whole * one) < 10_000 for part, one in zip(parts, points, strict=True))


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.integers(min_value=0, max_value=10**15),
    st.lists(st.integers(min_value=0, max_value=2_000), max_size=5),
)
def test_parts_of_everything_are_everything(whole: int, points: list[int]) -> None:
    assert sum(apportion(whole, [*points, 10_000 - sum(points)])) == whole
