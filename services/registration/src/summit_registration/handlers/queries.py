"""What can be read of registration. Nothing here changes anything or holds anybody up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from summit_chassis.answers import Page
from summit_chassis.answers import page as page_of
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.errors.delegations import DelegationUnknown
from summit_registration.domain.errors.invitations import NotInvited
from summit_registration.domain.history import Action
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.people import ReviewStage
from summit_registration.domain.ports import Census, Listed, Nomination, Published, Unit
from summit_registration.domain.terms import Terms
from summit_registration.handlers import workspace
from summit_registration.handlers.workspace import Workspace

T = TypeVar("T")
PUBLIC_STATES = (State.NOMINATED, State.CONFIRMED, State.WITHDRAWN)


async def editions(*, unit: Unit) -> Sequence[str]:
    """The names of all editions, in order."""
    return await unit.editions.ids()


async def edition(edition_id: str, *, unit: Unit) -> Published:
    """The edition in its last revision.

    Raises:
        EditionUnknown: it was never published.
    """
    return await workspace.published(edition_id, unit=unit)


async def open_workspace(edition_id: str, invitee: str, *, unit: Unit, now: datetime) -> Workspace:
    """What the invitee's nominator works on: terms (quota, deadlines, fair use) and the delegation so far.

    Raises:
        EditionUnknown, NotInvited: there is none.
    """
    published = await edition(edition_id, unit=unit)
    invitation = await unit.invitations.get(edition_id, invitee)
    if invitation is None:
        raise NotInvited(invitee)
    delegation = await unit.delegations.get(edition_id, invitee)
    return Workspace(Terms(published.edition, invitation, now), delegation or Delegation.blank(invitation))


async def delegation(edition_id: str, invitee: str, *, unit: Unit) -> Delegation:
    """A delegation that was registered at some time.

    Raises:
        DelegationUnknown: there is none, or only a draft, which is nobody's business.
    """
    found = await unit.delegations.get(edition_id, invitee)
    if found is None or found.state is State.DRAFT:
        raise DelegationUnknown(invitee)
    return found


async def delegations(
    edition_id: str,
    *,
    unit: Unit,
    after: str | None = None,
    limit: int = 100,
    states: Sequence[State] = PUBLIC_STATES,
) -> Page[Delegation]:
    """Delegations in these states, in the order of codes."""
    rows = await unit.delegations.page(edition_id, after=after, limit=limit + 1, states=states)
    return page_of(rows, limit, lambda row: row.invitee)


async def invitations(
    edition_id: str, *, unit: Unit, after: str | None = None, limit: int = 100
) -> Page[Invitation]:
    """Invitations, in the order of codes."""
    rows = await unit.invitations.page(edition_id, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.invitee)


async def history(
    edition_id: str,
    *,
    unit: Unit,
    invitee: str | None = None,
    after: int | None = None,
    limit: int = 100,
    without: Collection[Action] = (),
) -> Page[Listed]:
    """Who did what when and why, oldest first; `invitee` none means of everybody."""
    rows = await unit.history.page(edition_id, invitee=invitee, after=after, limit=limit + 1, without=without)
    return page_of(rows, limit, lambda row: str(row.place))


async def nominations(
    edition_id: str, *, unit: Unit, stage: ReviewStage, after: str | None = None, limit: int = 100
) -> Page[Nomination]:
    """Nominations at this stage, in the order in which their places were made."""
    rows = await unit.delegations.nominations(edition_id, stage=stage, after=after, limit=limit + 1)
    return page_of(rows, limit, lambda row: row.member.member_id)


async def stages(edition_id: str, *, unit: Unit) -> Mapping[ReviewStage, int]:
    """How many nominations stand at each stage, 0 included."""
    found = await unit.delegations.stages(edition_id)
    return {stage: found.get(stage, 0) for stage in ReviewStage}


async def census(edition_id: str, *, unit: Unit) -> Census:
    """What registration itself counts, for comparing with what its facts add up to.

    Raises:
        EditionUnknown: the edition was never published.
    """
    await edition(edition_id, unit=unit)
    return await unit.census(edition_id)
