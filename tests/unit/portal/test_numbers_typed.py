"""Whatever is typed as a number, either exactly that number is promised or it is refused with what to type instead."""

import re
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from summit_chassis.speech import speaking
from summit_contracts.currencies import currencies, decimals_of
from summit_contracts.promises import Promise
from summit_contracts.quantities import Exact, ExactAmount, Percent
from summit_contracts.values import Language
from summit_portal.pages.delegation import rows
from summit_portal.pages.delegation.promising import misread, promise_of
from summit_portal.shell.forms import Form

CAPABILITY = {"capability": "formed_police_unit", "additionality": "new"}
DIGITS_AT_MOST = 40
"""Longer than any number that can be promised."""
typed = (
    st.text(max_size=DIGITS_AT_MOST)
    | st.text("0123456789.,", max_size=DIGITS_AT_MOST)
    | st.from_regex(r"[0-9]{1,7}[.,][0-9]{0,4}", fullmatch=True)
    | st.text("0123456789²٣eE+-_ .,'", max_size=12)
)
any_currency = st.sampled_from(sorted(currencies()))


def promised(**fields: str) -> Promise | None:
    """What the owner would take; none where it refuses."""
    try:
        return Promise.model_validate(promise_of(Form.filled(**CAPABILITY, **fields)))
    except ValidationError:
        return None


def number_of(text: str) -> Decimal:
    """What the text says to somebody for whom a point and a comma begin the decimals."""
    with localcontext(prec=10 * DIGITS_AT_MOST):
        return +Decimal(text.strip().replace(",", "."))


def may_be_thousands(text: str) -> bool:
    return re.search(r"[.,]\d{3}(?!\d)", text) is not None


@given(text=typed, currency=any_currency)
@example(text="250,000", currency="USD")
@example(text="1.000", currency="USD")
@example(text="1e999999", currency="USD")
@example(text="9" * 5000, currency="USD")
@example(text="1.5", currency="JPY")
def test_money_is_promised_as_typed_or_refused(text: str, currency: str) -> None:
    promise = promised(**{"amount.number": text, "amount.currency": currency})
    if promise is not None and isinstance(promise.amount, ExactAmount):
        kept = Decimal(promise.amount.money.amount_minor).scaleb(-decimals_of(currency))
        assert kept == number_of(text)
        assert not may_be_thousands(text)


@given(text=typed)
@example(text="1.000")
@example(text="4.0")
@example(text="²")
@example(text="9" * 5000)
def test_a_count_is_promised_as_typed_or_refused(text: str) -> None:
    promise = promised(**{"quantity.kind": "exact", "quantity.number": text, "quantity.unit": "unit"})
    if promise is not None and isinstance(promise.quantity, Exact):
        assert promise.quantity.count == number_of(text)
        assert text.strip().isdecimal()


@given(text=typed)
@example(text="1.000")
@example(text="1e999999")
def test_a_share_is_promised_as_typed_or_refused(text: str) -> None:
    promise = promised(**{"quantity.kind": "percent", "quantity.number": text})
    if promise is not None and isinstance(promise.quantity, Percent):
        assert Decimal(promise.quantity.basis_points).scaleb(-2) == number_of(text)
        assert not may_be_thousands(text)


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "thousands or decimals": ("amount.number", {"amount.number": "250,000"}, "Write 1250 for thousands"),
    "more decimals": ("amount.most", {"amount.kind": "range", "amount.most": "1.55501"}, "at most: 2"),
    "no number": ("amount.number", {"amount.number": "1e999999"}, "e.g. 150000.50"),
    "no whole number": ("quantity.number", {"quantity.number": "1.000"}, "e.g. 1500"),
    "a share": (
        "partners.0.share",
        {"partners.0.invitee": "FR", "partners.0.share": "12.5001"},
        "at most: 2",
    ),
    "a length": ("timeline.count", {"timeline.kind": "lasting", "timeline.count": "²"}, "e.g. 1500"),
}


@pytest.mark.parametrize(("field", "fields", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_told_at_its_field(field: str, fields: dict[str, str], remedy: str) -> None:
    fields = {"amount.currency": "USD", "amount.number": "1", "quantity.unit": "unit", **fields}
    assert promised(**fields) is None
    with speaking(Language.ENGLISH):
        said = misread(Form.filled(**fields))
    assert list(said) == [field]
    assert remedy in said[field]


@pytest.mark.parametrize("text", ["250000", "250000.5", "250000,50", "1.2500"])
def test_what_is_plain_is_read(text: str) -> None:
    fields = {"amount.number": text, "amount.currency": "USD"}
    promise = promised(**fields)
    assert promise is not None
    assert isinstance(promise.amount, ExactAmount)
    assert Decimal(promise.amount.money.amount_minor).scaleb(-2) == number_of(text)
    assert misread(Form.filled(**fields)) == {}


@pytest.mark.parametrize(
    ("typed", "sent"), [("4", 4), ("²", "“²”"), ("4.0", "“4.0”")], ids=["a number", "no digit", "decimals"]
)
def test_the_size_of_a_wish_is_a_number_or_refused_at_its_field(typed: str, sent: int | str) -> None:
    row = Form({"wishes.0.counterparts": ["FR"], "wishes.0.size": [typed]})
    (wish,) = rows.wishes(row)
    assert wish["size"] == sent
