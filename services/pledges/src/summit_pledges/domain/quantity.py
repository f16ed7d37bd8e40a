"""Arithmetic with typed quantities and amounts: what is promised at least and at most, counted once.

What has no number is never taken for zero: it is counted apart. Units and currencies are never mixed or converted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from summit_contracts.promises import Need, Partner, Promise
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
from summit_pledges.domain.money import apportion


@dataclass(frozen=True, slots=True)
class Bounds:
    """Not less than `floor`, and not more than `ceiling` where there is one. Of "more than 300" the floor is 300: the number said."""

    floor: int
    ceiling: int | None

    def __add__(self, other: "Bounds") -> "Bounds":
        is_bounded = self.ceiling is not None and other.ceiling is not None
        ceiling = (self.ceiling or 0) + (other.ceiling or 0) if is_bounded else None
        return Bounds(self.floor + other.floor, ceiling)


@dataclass(frozen=True, slots=True)
class Totals:
    """What many promises come to together."""

    by_unit: Mapping[str, Bounds] = field(default_factory=dict)
    """By unit for quantities, by currency (in minor units) for amounts."""
    without_number: int = 0
    """How many promises gave no number that can be added: none at all, or per cent."""


def bounds_of(quantity: Quantity) -> tuple[str, Bounds] | None:
    """The unit and the least and most that are promised, or none where no number can be added."""
    match quantity:
        case Exact():
            return quantity.unit, Bounds(quantity.count, quantity.count)
        case UpTo():
            return quantity.unit, Bounds(0, quantity.maximum)
        case Range():
            return quantity.unit, Bounds(quantity.minimum, quantity.maximum)
        case AtLeast():
            return quantity.unit, Bounds(quantity.minimum, None)
        case Percent() | NoneGiven():
            return None
        case _:
            assert_never(quantity)


def amount_bounds_of(amount: Amount) -> tuple[str, Bounds]:
    """The currency and the least and most that are promised, in minor units."""
    match amount:
        case ExactAmount():
            return amount.money.currency, Bounds(amount.money.amount_minor, amount.money.amount_minor)
        case UpToAmount():
            return amount.maximum.currency, Bounds(0, amount.maximum.amount_minor)
        case RangeAmount():
            return amount.minimum.currency, Bounds(amount.minimum.amount_minor, amount.maximum.amount_minor)
        case AtLeastAmount():
            return amount.minimum.currency, Bounds(amount.minimum.amount_minor, None)
        case _:
            assert_never(amount)


def total(quantities: Iterable[Quantity]) -> Totals:
    """What the quantities come to, unit by unit."""
    return _sum(map(bounds_of, quantities))


def total_amount(amounts: Iterable[Amount]) -> Totals:
    """What the amounts come to, currency by currency, in minor units."""
    return _sum(map(amount_bounds_of, amounts))


def _sum(several: Iterable[tuple[str, Bounds] | None]) -> Totals:
    by_unit: dict[str, Bounds] = {}
    without_number = 0
    for one in several:
        if one is None:
            without_number += 1
            continue
        unit, bounds = one
        by_unit[unit] = by_unit[unit] + bounds if unit in by_unit else bounds
    return Totals(by_unit, without_number)


@dataclass(frozen=True, slots=True)
class Gap:
    """What of a need nobody has promised."""

    unit: str
    at_most: int
    """If every promise brings its least."""
    at_least: int
    """If every promise brings its most."""
    without_number: int
    """Promises that answer the need without a number in its unit; they lower neither figure."""


def gap_of(need: Need, promises: Iterable[Promise]) -> Gap | None:
    """What is left of the need once these promises are kept, or none where the need has no number.

    Promises are counted once: shares of partners are parts of them.
    """
    required = bounds_of(need.quantity)
    if required is None:
        return None
    unit, wanted = required
    totals = total(promise.quantity for promise in promises)
    promised = totals.by_unit.get(unit, Bounds(0, 0))
    elsewhere = sum(1 for other in totals.by_unit if other != unit)
    most = wanted.floor if wanted.ceiling is None else wanted.ceiling
    return Gap(
        unit=unit,
        at_most=max(0, most - promised.floor),
        at_least=0 if promised.ceiling is None else max(0, wanted.floor - promised.ceiling),
        without_number=totals.without_number + elsewhere,
    )


@dataclass(frozen=True, slots=True)
class Division:
    """A whole divided between the pledger and its partners; together the parts are the whole."""

    pledger: int
    partners: tuple[int, ...]
    """In the order of the partners; 0 where a partner's share is not said."""


def divide(promise: Promise) -> Division | None:
    """Who bears how many, or none where the quantity is not exact. The pledger bears what is not shared out."""
    if not isinstance(promise.quantity, Exact):
        return None
    return _divided(promise.quantity.count, tuple(_share_of(promise.quantity.count, promise.partners)))


def divide_amount(promise: Promise) -> Division | None:
    """Who bears how much, in minor units, or none where the amount is not exact. The pledger bears what is not shared out."""
    if not isinstance(promise.amount, ExactAmount):
        return None
    parts = tuple(partner.money.amount_minor if partner.money else 0 for partner in promise.partners)
    return _divided(promise.amount.money.amount_minor, parts)


def _divided(whole: int, parts: tuple[int, ...]) -> Division:
    return Division(whole - sum(parts), parts)


def _share_of(whole: int, partners: tuple[Partner, ...]) -> Iterable[int]:
    points = [partner.share.basis_points if isinstance(partner.share, Percent) else 0 for partner in partners]
    by_percent = apportion(whole, points)
    for partner, part in zip(partners, by_percent, strict=True):
        yield partner.share.count if isinstance(partner.share, Exact) else part


def whole_of(quantity: Quantity) -> int | None:
    """The most that is promised, from which shares are taken; none where there is no such number."""
    found = bounds_of(quantity)
    return found[1].ceiling if found else None


def money_whole_of(amount: Amount | None) -> Money | None:
    """The most money that is promised, from which shares are taken; none where there is no such number."""
    if amount is None:
        return None
    currency, bounds = amount_bounds_of(amount)
    return None if bounds.ceiling is None else Money(amount_minor=bounds.ceiling, currency=currency)
