"""The rules a promise keeps, whoever makes it: its words are in the taxonomy, its shares are parts of the whole."""

from collections.abc import Iterator

from summit_contracts.promises import Additionality, Need, Promise, Side
from summit_contracts.quantities import (
    Amount,
    Exact,
    ExactAmount,
    Percent,
    Quantity,
    RangeAmount,
    UpToAmount,
)
from summit_contracts.values import Money
from summit_pledges.domain.errors.promises import (
    AdditionalityNotStated,
    CapabilityNotOffered,
    CategoryDiffers,
    PartnerIsThePledger,
    PartnerTwice,
    ShareNotComparable,
    SharesExceedTheWhole,
    SourceMissing,
)
from summit_pledges.domain.money import decimals_of
from summit_pledges.domain.quantity import bounds_of, money_whole_of, whole_of
from summit_pledges.domain.taxonomy import Taxonomy

_ALL = 10_000
"""The whole, in hundredths of a per cent."""


def check_written_down(promise: Promise, pledger: str, taxonomy: Taxonomy) -> None:
    """The promise can be kept as a draft: every code means something, and no share is more than there is.

    Raises:
        CapabilityUnknown, CapabilityNotOffered, CategoryDiffers, TermUnknown, CurrencyUnknown: a code means nothing.
        PartnerIsThePledger, PartnerTwice, ShareNotComparable, SharesExceedTheWhole: the partners are not right.
    """
    _check_capability(promise, taxonomy)
    for field, unit in _units_of(promise):
        taxonomy.term("unit", unit, field)
    for position, condition in enumerate(promise.conditions):
        taxonomy.term("condition", condition.kind, f"promise.conditions[{position}].kind")
    if promise.announced is not None and promise.announced.instrument is not None:
        taxonomy.term("instrument", promise.announced.instrument, "promise.announced.instrument")
    for position, source in enumerate(promise.sources):
        taxonomy.term("source", source.kind, f"promise.sources[{position}].kind")
    for money in _moneys_of(promise):
        decimals_of(money.currency)
    _check_partners(promise, pledger)


def check_made(promise: Promise, recorded_by: Side) -> None:
    """The promise can be made: it says whether it is new, or where the secretariat read it.

    Raises:
        AdditionalityNotStated: a pledger does not say whether it is new (D17).
        SourceMissing: the secretariat recorded it and names no source.
    """
    if recorded_by is Side.SECRETARIAT:
        if not promise.sources:
            raise SourceMissing
    elif promise.additionality is Additionality.NOT_STATED:
        raise AdditionalityNotStated


def check_need(need: Need, taxonomy: Taxonomy) -> None:
    """The need can be published: every code means something.

    Raises:
        CapabilityUnknown, CapabilityNotOffered, CategoryDiffers, TermUnknown: a code means nothing.
    """
    _check_capability(need, taxonomy)
    if unit := _unit_of(need.quantity):
        taxonomy.term("unit", unit, "need.quantity.unit")
    if need.source is not None:
        taxonomy.term("source", need.source.kind, "need.source.kind")


def _check_capability(what: Promise | Need, taxonomy: Taxonomy) -> None:
    capability = taxonomy.capability(what.capability)
    if what.taxonomy > taxonomy.version or not capability.is_offered_in(what.taxonomy):
        raise CapabilityNotOffered(what.capability, what.taxonomy)
    if what.category != capability.category:
        raise CategoryDiffers(what.capability, what.category, capability.category)


def _unit_of(quantity: Quantity) -> str | None:
    return None if isinstance(quantity, Percent) else quantity.unit


def _units_of(promise: Promise) -> Iterator[tuple[str, str]]:
    if unit := _unit_of(promise.quantity):
        yield "promise.quantity.unit", unit
    for position, partner in enumerate(promise.partners):
        if isinstance(partner.share, Exact):
            yield f"promise.partners[{position}].share.unit", partner.share.unit
    for position, source in enumerate(promise.sources):
        if source.quantity is not None and (unit := _unit_of(source.quantity)):
            yield f"promise.sources[{position}].quantity.unit", unit


def _moneys_of(promise: Promise) -> Iterator[Money]:
    if promise.amount is not None:
        yield _money_of(promise.amount)
    yield from (partner.money for partner in promise.partners if partner.money is not None)


def _money_of(amount: Amount) -> Money:
    match amount:
        case ExactAmount():
            return amount.money
        case UpToAmount() | RangeAmount():
            return amount.maximum
        case _:
            return amount.minimum


def _check_partners(promise: Promise, pledger: str) -> None:
    named: set[str] = set()
    for position, partner in enumerate(promise.partners):
        name = partner.invitee or partner.words or ""
        if partner.invitee == pledger:
            raise PartnerIsThePledger(position, pledger)
        if name in named:
            raise PartnerTwice(position, name)
        named.add(name)
    _check_shares(promise)
    _check_money_shares(promise)


def _check_shares(promise: Promise) -> None:
    found = bounds_of(promise.quantity)
    counted = points = 0
    for position, partner in enumerate(promise.partners):
        if isinstance(partner.share, Percent):
            points += partner.share.basis_points
        elif isinstance(partner.share, Exact):
            if found is None or found[0] != partner.share.unit:
                raise ShareNotComparable(position, "share")
            counted += partner.share.count
    if points > _ALL:
        raise SharesExceedTheWhole("per cent", points, _ALL)
    whole = whole_of(promise.quantity)
    if whole is not None and counted * _ALL + whole * points > whole * _ALL:
        raise SharesExceedTheWhole("quantity", counted + whole * points // _ALL, whole)


def _check_money_shares(promise: Promise) -> None:
    borne = 0
    for position, partner in enumerate(promise.partners):
        if partner.money is None:
            continue
        if promise.amount is None or _money_of(promise.amount).currency != partner.money.currency:
            raise ShareNotComparable(position, "money")
        borne += partner.money.amount_minor
    whole = money_whole_of(promise.amount)
    if whole is not None and borne > whole.amount_minor:
        raise SharesExceedTheWhole("amount", borne, whole.amount_minor)
