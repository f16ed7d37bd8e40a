"""The numbers of a register (quantity, unit, upper bound, amount, currency) as typed quantities and amounts, and back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from summit_contracts.quantities import (
    Amount,
    AtLeast,
    AtLeastAmount,
    Exact,
    ExactAmount,
    NoneGiven,
    Percent,
    Quantity,
    Range,
    RangeAmount,
    UpTo,
    UpToAmount,
)
from summit_contracts.values import Money
from summit_pledges.domain.errors.promises import TermUnknown
from summit_pledges.domain.money import major_text, money_of
from summit_pledges.domain.taxonomy import Taxonomy
from summit_pledges.domain.wording import hint_about

_PERCENT: Final = "percent"


@dataclass(frozen=True, slots=True)
class Figures:
    """Five columns of a row, as they stand there."""

    quantity: str
    unit: str
    is_upper_bound: str
    amount: str
    currency: str


def read_figures(figures: Figures, words: str, taxonomy: Taxonomy) -> tuple[Quantity, Amount | None]:
    """What the columns say; the words tell a range, "more than" and "about". An upper bound is the quantity's if there is one.

    Raises:
        ValueError, ArithmeticError: a column is no number, or no number that can be promised.
        Invalid: a unit, a currency or an amount means nothing.
    """
    is_upper = figures.is_upper_bound == "1"
    quantity = _read_quantity(figures, words, taxonomy, is_upper=is_upper and figures.quantity != "")
    if not figures.amount:
        return quantity, None
    return quantity, _read_amount(figures, words, is_upper=is_upper and figures.quantity == "")


def _read_quantity(figures: Figures, words: str, taxonomy: Taxonomy, *, is_upper: bool) -> Quantity:
    if figures.unit == _PERCENT and figures.quantity:
        number = Decimal(figures.quantity)
        is_about = hint_about(number, words).is_approximate
        return Percent.model_validate({"basis_points": number * 100, "is_approximate": is_about})
    unit = _unit(figures.unit, taxonomy)
    if not figures.quantity:
        return NoneGiven(unit=unit)
    if unit is None:
        raise ValueError("a quantity has a unit")
    count = int(figures.quantity)
    hint = hint_about(Decimal(count), words)
    if is_upper and hint.minimum is not None and hint.minimum == int(hint.minimum):
        return Range(minimum=int(hint.minimum), maximum=count, unit=unit)
    if is_upper:
        return UpTo(maximum=count, unit=unit)
    if hint.is_exceeded or hint.is_least:
        return AtLeast(minimum=count, unit=unit, is_exceeded=hint.is_exceeded)
    return Exact(count=count, unit=unit, is_approximate=hint.is_approximate)


def _unit(text: str, taxonomy: Taxonomy) -> str | None:
    if not text:
        return None
    term = taxonomy.term_written("unit", text)
    if term is None:
        known = [one.written for one in taxonomy.terms["unit"].values()]
        raise TermUnknown("unit", text, "unit", known)
    return term.code


def _read_amount(figures: Figures, words: str, *, is_upper: bool) -> Amount:
    money = money_of(figures.amount, figures.currency)
    hint = hint_about(Decimal(figures.amount), words)
    if is_upper and hint.minimum is not None:
        return RangeAmount(minimum=money_of(format(hint.minimum, "f"), figures.currency), maximum=money)
    if is_upper:
        return UpToAmount(maximum=money)
    if hint.is_exceeded or hint.is_least:
        return AtLeastAmount(minimum=money, is_exceeded=hint.is_exceeded)
    return ExactAmount(money=money)


def write_figures(quantity: Quantity, amount: Amount | None, taxonomy: Taxonomy) -> Figures:
    """The five columns; of a range they hold the upper end."""
    number, is_upper = _number_of(quantity)
    money, is_upper_amount = _money_of(amount)
    return Figures(
        quantity=number,
        unit=_unit_text(quantity, taxonomy),
        is_upper_bound="1" if is_upper or (not number and is_upper_amount) else "",
        amount=major_text(money) if money else "",
        currency=money.currency if money else "",
    )


def _number_of(quantity: Quantity) -> tuple[str, bool]:
    match quantity:
        case Exact():
            return str(quantity.count), False
        case UpTo() | Range():
            return str(quantity.maximum), True
        case AtLeast():
            return str(quantity.minimum), False
        case Percent():
            whole, rest = divmod(quantity.basis_points, 100)
            return (f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)), False
        case _:
            return "", False


def _unit_text(quantity: Quantity, taxonomy: Taxonomy) -> str:
    if isinstance(quantity, Percent):
        return _PERCENT
    return taxonomy.term("unit", quantity.unit, "unit").written if quantity.unit else ""


def _money_of(amount: Amount | None) -> tuple[Money | None, bool]:
    match amount:
        case ExactAmount():
            return amount.money, False
        case UpToAmount() | RangeAmount():
            return amount.maximum, True
        case AtLeastAmount():
            return amount.minimum, False
        case _:
            return None, False
