"""Quantities and amounts in the language that is being spoken, with their uncertainty."""

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol, assert_never

from babel.numbers import format_decimal

from summit_chassis.speech import locale_of, spoken
from summit_contracts.currencies import decimals_of
from summit_contracts.quantities import (
    AtLeast,
    AtLeastAmount,
    Exact,
    ExactAmount,
    NoneGiven,
    Percent,
    Range,
    RangeAmount,
    UpTo,
    UpToAmount,
)
from summit_contracts.values import Money
from summit_notifications.letters.speech import gettext

Counted = Exact | UpTo | Range | AtLeast | Percent | NoneGiven
Paid = ExactAmount | UpToAmount | RangeAmount | AtLeastAmount


class Write(Protocol):
    """Fills a message in, as a text or as HTML needs it."""

    def __call__(self, message: str, **values: str) -> str:
        """The message with its places filled in."""
        ...


def quantity(quantity: Counted, write: Write) -> str:
    """How many, without the unit."""
    match quantity:
        case Exact():
            return _about(number(quantity.count), write, is_approximate=quantity.is_approximate)
        case UpTo():
            return write(gettext("up to %(number)s"), number=number(quantity.maximum))
        case Range():
            return _between(number(quantity.minimum), number(quantity.maximum), write)
        case AtLeast():
            return _at_least(number(quantity.minimum), write, is_exceeded=quantity.is_exceeded)
        case Percent():
            share = write(gettext("%(number)s per cent"), number=number(quantity.basis_points / 100))
            return _about(share, write, is_approximate=quantity.is_approximate)
        case NoneGiven():
            return gettext("not stated")
        case _:
            assert_never(quantity)


def amount(amount: Paid, money: Callable[[Money], str], write: Write) -> str:
    """How much money; `money` tells one sum of it."""
    match amount:
        case ExactAmount():
            return money(amount.money)
        case UpToAmount():
            return write(gettext("up to %(number)s"), number=money(amount.maximum))
        case RangeAmount():
            return _between(money(amount.minimum), money(amount.maximum), write)
        case AtLeastAmount():
            return _at_least(money(amount.minimum), write, is_exceeded=amount.is_exceeded)
        case _:
            assert_never(amount)


def money(money: Money) -> str:
    """The sum with its currency's code, which is the same in every language."""
    places = decimals_of(money.currency)
    value = format_decimal(
        Decimal(money.amount_minor).scaleb(-places),
        format=f"#,##0.{'0' * places}".rstrip("."),
        locale=locale_of(spoken()),
    )
    return f"{value} {money.currency}"


def number(value: float) -> str:
    """The number with the separators of the language that is being spoken."""
    return format_decimal(value, locale=locale_of(spoken()))


def _about(said: str, write: Write, *, is_approximate: bool) -> str:
    return write(gettext("about %(number)s"), number=said) if is_approximate else said


def _between(least: str, most: str, write: Write) -> str:
    return write(gettext("%(least)s to %(most)s"), least=least, most=most)


def _at_least(least: str, write: Write, *, is_exceeded: bool) -> str:
    message = gettext("more than %(number)s") if is_exceeded else gettext("at least %(number)s")
    return write(message, number=least)
