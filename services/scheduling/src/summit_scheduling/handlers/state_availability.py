"""A delegation says when it cannot be met."""

from typing import Annotated

from pydantic import Field

from summit_contracts.values import Interval, InviteeCode, Key, Value
from summit_scheduling.domain.availability import MAX_STRETCHES, Availability, Blocked
from summit_scheduling.domain.ports import Unit
from summit_scheduling.handlers.command import Command
from summit_scheduling.handlers.desk import edition


class BlockedStretch(Value):
    """A stretch in which somebody cannot be met."""

    interval: Interval
    member_id: Key | None = None
    """Whose time it is: the head's or an alternate's; none means the whole delegation's."""


class StateAvailability(Command):
    """These stretches, and no others, are blocked."""

    invitee: InviteeCode
    blocked: Annotated[tuple[BlockedStretch, ...], Field(max_length=MAX_STRETCHES)]
    expected_revision: int | None = None


async def state_availability(command: StateAvailability, *, unit: Unit) -> Availability:
    """The next timetable respects it.

    Raises:
        EditionUnknown: no such edition was published.
        AvailabilityChanged, MemberUnknown, TooManyStretches: as `Availability.block` says.
    """
    await edition(command.edition_id, unit=unit)
    found = await unit.availabilities.hold(command.edition_id, command.invitee)
    before = found or Availability(edition_id=command.edition_id, code=command.invitee)
    blocked = [Blocked(one.interval, one.member_id) for one in command.blocked]
    after = before.block(blocked, expected=command.expected_revision)
    if after != before:
        await unit.availabilities.save(after)
    return after
