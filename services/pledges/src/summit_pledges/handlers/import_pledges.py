"""The secretariat takes in a register of pledges: every row goes through the same door as a pledge that is recorded by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from summit_contracts.errors import Refusal
from summit_pledges.domain.errors.sheets import RegisterRefused
from summit_pledges.domain.errors.steps import ReferenceTaken
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.sheet import read_row, read_sheet
from summit_pledges.handlers.command import Command
from summit_pledges.handlers.desk import TAXONOMY, edition
from summit_pledges.handlers.draft_pledge import draft_pledge


class ImportPledges(Command):
    """Take these pledges down."""

    text: str
    """The register in CSV (`domain.sheet`)."""


@dataclass(frozen=True, slots=True)
class ImportedPledges:
    """What came of a register."""

    made: int
    known: int
    """Rows that were recorded before and say the same: they were left alone."""


async def import_pledges(
    command: ImportPledges, *, unit: Unit, new_key: Callable[[], str], now: datetime
) -> ImportedPledges:
    """Every row is a pledge that was made and recorded by the secretariat; all of them, or none.

    Raises:
        EditionUnknown: no such edition was published.
        SheetNotReadable, RowNotReadable: the text is no register.
        RegisterRefused: some rows cannot be taken in, all of them listed; also where one is recorded and says something else.
    """
    await edition(command.edition_id, unit=unit)
    refused: dict[str, Refusal] = {}
    drafts = list(_readable(command, refused))
    recorded = await unit.pledges.by_reference(command.edition_id, [_reference(draft) for draft in drafts])
    made = 0
    for draft in drafts:
        before = recorded.get(_reference(draft))
        try:
            if before is None:
                await draft_pledge(
                    draft, by=command.by, pledge_id=new_key(), is_made=True, unit=unit, now=now
                )
                made += 1
            elif not _says_the_same(before, draft):
                raise ReferenceTaken(_reference(draft))
        except Refusal as refusal:
            refused[_reference(draft)] = refusal
    if refused:
        raise RegisterRefused(refused)
    return ImportedPledges(made, len(drafts) - made)


def _readable(command: ImportPledges, refused: dict[str, Refusal]) -> Iterable[DraftPledge]:
    for row in read_sheet(command.text):
        try:
            yield read_row(row, edition_id=command.edition_id, taxonomy=TAXONOMY)
        except Refusal as refusal:
            refused[row["id"]] = refusal


def _reference(draft: DraftPledge) -> str:
    return draft.promise.reference or ""


def _says_the_same(pledge: Pledge, draft: DraftPledge) -> bool:
    return (pledge.pledger, pledge.promise) == (draft.pledger, draft.promise)
