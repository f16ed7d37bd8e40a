"""A pledge is begun: by its pledger, or by the secretariat that takes it down or promises something itself."""

from datetime import datetime

from summit_pledges.domain.history import Actor
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.ports import Unit
from summit_pledges.domain.terms import check_invited, check_pledging_open
from summit_pledges.handlers.desk import TAXONOMY, check_need_open, edition


async def draft_pledge(
    command: DraftPledge, *, by: Actor, pledge_id: str, is_made: bool, unit: Unit, now: datetime
) -> Pledge:
    """The draft is kept for its own side; with `is_made` it is a pledge at once, and published if it is public.

    Raises:
        EditionUnknown: no such edition was published.
        NotAnInvitee: nobody of the pledger's code is invited.
        NeedUnknown, NeedClosed: it answers no open need.
        PledgingClosed: with `is_made`, a pledger comes too late.
        ReferenceTaken: a pledge of its register number was recorded already.
        Refusal: as `Pledge.draft` and, with `is_made`, `Pledge.make` say.
    """
    terms = await edition(command.edition_id, unit=unit)
    check_invited(terms, command.pledger)
    await check_need_open(command.edition_id, command.promise.need_id, unit=unit)
    pledge = Pledge.draft(command, pledge_id=pledge_id, by=by, at=now, taxonomy=TAXONOMY)
    if not is_made:
        await unit.pledges.add(pledge)
        return pledge
    check_pledging_open(terms, by=by, at=now)
    made, facts = pledge.make(by=by, at=now)
    await unit.pledges.add(made)
    unit.stage(*facts)
    return made
