"""What can be read of pledges, as far as the reader may see it. Nothing here changes anything or holds anybody up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from summit_chassis.answers import Page
from summit_chassis.answers import page as page_of
from summit_contracts.promises import Additionality, Promise
from summit_pledges.domain.advice import Smartness, advise
from summit_pledges.domain.compact import Adherence
from summit_pledges.domain.errors.compacts import CompactUnknown
from summit_pledges.domain.errors.steps import NeedUnknown, PledgeUnknown
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Census, Sought, Unit
from summit_pledges.domain.quantity import Gap, Totals, gap_of, total, total_amount
from summit_pledges.domain.readers import PUBLIC_READER, Reader
from summit_pledges.domain.sheet import write_row, write_sheet
from summit_pledges.handlers import desk

T = TypeVar("T")


async def pledge(edition_id: str, pledge_id: str, *, reader: Reader, unit: Unit) -> Pledge:
    """The pledge.

    Raises:
        PledgeUnknown: there is none that the reader may know of.
    """
    found = await unit.pledges.get(edition_id, pledge_id)
    if found is None or not reader.sees(found):
        raise PledgeUnknown(pledge_id)
    return found


async def pledges(
    edition_id: str,
    sought: Sought,
    *,
    reader: Reader,
    unit: Unit,
    after: str | None = None,
    limit: int = 100,
) -> Page[Pledge]:
    """Pledges in the order of ids.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    rows = await unit.pledges.page(edition_id, sought, reader=reader, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.pledge_id)


async def sheet(edition_id: str, sought: Sought, *, reader: Reader, unit: Unit) -> str:
    """The register in CSV: every pledge that holds or was kept, as the reader sees it; its own id where it has no number.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    found = await unit.pledges.register(edition_id, sought, reader=reader)
    return write_sheet(_sheet_row(one, reader) for one in found)


def _sheet_row(pledge: Pledge, reader: Reader) -> dict[str, str]:
    row = write_row(pledge.pledger, reader.promise_of(pledge), desk.TAXONOMY)
    return {**row, "id": row["id"] or pledge.pledge_id}


def advice(promise: Promise) -> Smartness:
    """What could be asked about the promise."""
    return advise(promise, desk.TAXONOMY)


async def advice_on(edition_id: str, promise: Promise, *, unit: Unit) -> Smartness:
    """What could be asked about a promise that nobody has made yet.

    Raises:
        EditionUnknown: no such edition was published.
        CapabilityUnknown: the promise is of something that has no name.
    """
    await desk.edition(edition_id, unit=unit)
    return advice(promise)


@dataclass(frozen=True, slots=True)
class CapabilityTotal:
    """What the public pledges of one capability come to."""

    category: str
    capability: str
    additionality: Additionality
    """New promises and old ones said again are never added to each other (D17)."""
    pledges: int
    quantities: Totals
    amounts: Totals
    """In minor units."""


async def totals(edition_id: str, *, unit: Unit) -> Sequence[CapabilityTotal]:
    """What is promised in public and was not taken back, by capability; only commitments count.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    counted = await _counted(edition_id, Sought(), unit=unit)
    groups: dict[tuple[str, str, Additionality], list[Promise]] = {}
    for promise in counted:
        groups.setdefault((promise.category, promise.capability, promise.additionality), []).append(promise)
    return [
        CapabilityTotal(
            *key,
            pledges=len(promises),
            quantities=total(one.quantity for one in promises),
            amounts=total_amount(one.amount for one in promises if one.amount is not None),
        )
        for key, promises in sorted(groups.items())
    ]


async def _counted(edition_id: str, sought: Sought, *, unit: Unit) -> list[Promise]:
    found = await unit.pledges.register(edition_id, sought, reader=PUBLIC_READER)
    return [PUBLIC_READER.promise_of(one) for one in found if one.is_counted]


async def need(edition_id: str, need_id: str, *, unit: Unit) -> tuple[PublishedNeed, Gap | None]:
    """The need, and what of it nobody has promised in public; none where it has no number.

    Raises:
        NeedUnknown: there is none.
    """
    found = await unit.needs.get(edition_id, need_id)
    if found is None:
        raise NeedUnknown(need_id)
    return found, gap_of(found.need, await _counted(edition_id, Sought(need_id=need_id), unit=unit))


async def needs(
    edition_id: str, *, unit: Unit, after: str | None = None, limit: int = 100
) -> Page[PublishedNeed]:
    """Needs in the order of ids.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    rows = await unit.needs.page(edition_id, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.need_id)


async def adherences(edition_id: str, compact: str, *, unit: Unit) -> Sequence[Adherence]:
    """What was said about the compact, in the order of codes.

    Raises:
        EditionUnknown, CompactUnknown: nothing of that name.
    """
    await desk.edition(edition_id, unit=unit)
    if compact not in desk.TAXONOMY.compacts:
        raise CompactUnknown(compact, tuple(desk.TAXONOMY.compacts))
    return await unit.adherences.of(edition_id, compact)


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What pledges themselves count, for comparing with what facts add up to.

    Raises:
        EditionUnknown: no such edition was published.
    """
    await desk.edition(edition_id, unit=unit)
    return await unit.census(edition_id)
