"""Quantities and amounts in the language that is being spoken, with their uncertainty."""

from typing import assert_never

from babel.numbers import format_decimal, get_currency_precision

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
from summit_notifications.letters.speech import gettext, locale_of, spoken

Counted = Exact | UpTo | Range | AtLeast | Percent | NoneGiven
Paid = ExactAmount | UpToAmount | RangeAmount | AtLeastAmount


def quantity(quantity: Counted) -> str:
    """How many, without the unit."""
    match quantity:
        case Exact():
            return _about(number(quantity.count), is_approximate=quantity.is_approximate)
        case UpTo():
            return gettext("up to %(number)s") % {"number": number(quantity.maximum)}
        case Range():
            return _between(number(quantity.minimum), number(quantity.maximum))
        case AtLeast():
            return _at_least(number(quantity.minimum), is_exceeded=quantity.is_exceeded)
        case Percent():
            share = gettext("%(number)s per cent") % {"number": number(quantity.basis_points / 100)}
            return _about(share, is_approximate=quantity.is_approximate)
        case NoneGiven():
            return gettext("not stated")
        case _:
            assert_never(quantity)


def amount(amount: Paid) -> str:
    """How much money."""
    match amount:
        case ExactAmount():
            return money(amount.money)
        case UpToAmount():
            return gettext("up to %(number)s") % {"number": money(amount.maximum)}
        case RangeAmount():
            return _between(money(amount.minimum), money(amount.maximum))
        case AtLeastAmount():
            return _at_least(money(amount.minimum), is_exceeded=amount.is_exceeded)
        case _:
            assert_never(amount)


def money(money: Money) -> str:
    """The amount with its currency's code, which is the same in every language."""
    places = get_currency_precision(money.currency)
    value = format_decimal(
        money.amount_minor / 10**places,
        format=f"#,##0.{'0' * places}".rstrip("."),
        locale=locale_of(spoken()),
    )
    return f"{value} {money.currency}"


def number(value: float) -> str:
    """The number with the separators of the language that is being spoken."""
    return format_decimal(value, locale=locale_of(spoken()))


def _about(said: str, *, is_approximate: bool) -> str:
    return gettext("about %(number)s") % {"number": said} if is_approximate else said


def _between(least: str, most: str) -> str:
    return gettext("%(least)s to %(most)s") % {"least": least, "most": most}


def _at_least(least: str, *, is_exceeded: bool) -> str:
    message = gettext("more than %(number)s") if is_exceeded else gettext("at least %(number)s")
    return message % {"number": least}
