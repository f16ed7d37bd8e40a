"""A party answers with other terms."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from summit_contracts.meetings import Days, Minutes, Size, Starts
from summit_contracts.values import LongText, Rank
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import AnswerCommand
from summit_scheduling.handlers.desk import grid, held, keep


class CounterBilateral(AnswerCommand):
    """We would meet on these terms; what is left out stays as it stands."""

    level: Rank | None = None
    minutes: Minutes | None = None
    size: Size | None = None
    days: Annotated[Days, Field(min_length=1)] | None = None
    starts_at: Starts | None = None
    note: LongText | None = None
    """In our words, for the other parties and the secretariat."""


_TERMS = ("level", "minutes", "size", "days", "starts_at")


async def counter_bilateral(command: CounterBilateral, *, unit: Unit, now: datetime) -> Bilateral:
    """The new terms are on the table, and all other parties are to answer.

    Raises:
        BilateralUnknown, BilateralChanged, NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: there is nothing to answer.
        Refusal: the terms cannot be met in this edition, change nothing, or come too often (`Bilateral.counter`).
    """
    bilateral = await held(command, unit=unit)
    proposed = {name: value for name in _TERMS if (value := getattr(command, name)) is not None}
    change = bilateral.counter(
        command.party,
        bilateral.terms.model_copy(update=proposed),
        grid=await grid(command.edition_id, unit=unit),
        note=command.note,
        now=now,
    )
    await keep(change, unit=unit)
    return change.after
