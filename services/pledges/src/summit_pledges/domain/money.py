"""Money as text and as whole minor units, and its division among partners: nothing is ever rounded."""

import re
from collections.abc import Sequence
from typing import Final

from summit_contracts import currencies
from summit_contracts.values import Money
from summit_pledges.domain.errors.promises import AmountNotReadable, AmountTooFine, CurrencyUnknown

_PLAIN: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_MOST: Final = 10**15


def decimals_of(currency: str) -> int:
    """How many decimals the currency has: 2 for USD, 0 for JPY, 3 for KWD.

    Raises:
        CurrencyUnknown: no circulating currency has this code.
    """
    try:
        return currencies.decimals_of(currency)
    except currencies.CurrencyUnknown:
        raise CurrencyUnknown(currency) from None


def money_of(text: str, currency: str) -> Money:
    """The amount that `text` gives in major units, e.g. `150000` or `150000.50`, as whole minor units.

    Raises:
        CurrencyUnknown: no circulating currency has this code.
        AmountNotReadable: it is no plain decimal number, or larger than any amount of money here.
        AmountTooFine: it has decimals that the currency has not; it is not rounded.
    """
    decimals = decimals_of(currency)
    if not _PLAIN.fullmatch(text):
        raise AmountNotReadable(text)
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        raise AmountTooFine(text, currency, decimals)
    minor = int(whole + fraction.ljust(decimals, "0"))
    if minor > _MOST:
        raise AmountNotReadable(text)
    return Money(amount_minor=minor, currency=currency)


def major_text(money: Money) -> str:
    """The amount in major units without thousands marks; decimals only where there are any, and then all of them.

    Raises:
        CurrencyUnknown: no circulating currency has this code.
    """
    decimals = decimals_of(money.currency)
    whole, rest = divmod(money.amount_minor, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if rest else str(whole)


def apportion(whole: int, basis_points: Sequence[int]) -> tuple[int, ...]:
    """Whole parts of `whole` in these hundredths of a per cent, which together make exactly their share of it, floored.

    The largest fractions get the last units; of equals, who stands first. With basis points that sum to 10,000 the parts sum
    to `whole`.
    """
    exact = [divmod(whole * points, 10_000) for points in basis_points]
    left = whole * sum(basis_points) // 10_000 - sum(part for part, _ in exact)
    nearest = sorted(range(len(exact)), key=lambda position: -exact[position][1])[:left]
    return tuple(part + (position in nearest) for position, (part, _) in enumerate(exact))
