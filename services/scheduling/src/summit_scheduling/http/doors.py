"""What every route of scheduling is handed: a door to one transaction, and who is calling."""

from typing import Annotated

from fastapi import Depends, Request

from summit_chassis.http import Door
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_scheduling.domain.errors.bilaterals import NotAParty
from summit_scheduling.domain.ports import Unit


async def _door(request: Request) -> Door[Unit]:
    door: Door[Unit] = request.app.state.door
    return door


DoorTo = Annotated[Door[Unit], Depends(_door)]
Scheduler = Annotated[Caller, allow(Role.SCHEDULING)]
"""The secretariat's desk for bilaterals."""
SchedulerOrNominator = Annotated[Caller, allow(Role.SCHEDULING, Role.NOMINATOR)]
"""The desk, or the nominator of a party."""
Counter = Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]


def must_be_party(caller: Caller, edition_id: str, bilateral_id: str, parties: tuple[str, ...]) -> None:
    """Nothing, for the secretariat and for the nominators of those who are to meet.

    Raises:
        NotAParty: it is no meeting of the caller's.
    """
    if caller.is_any_of(SECRETARIAT):
        return
    if caller.edition_id != edition_id or caller.invitee not in parties:
        raise NotAParty(caller.invitee or caller.account, bilateral_id)
