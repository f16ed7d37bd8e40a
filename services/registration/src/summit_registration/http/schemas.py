"""What comes in and goes out over HTTP, besides the domain's own values."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from summit_chassis.answers import Answer, Body
from summit_chassis.identity import SECRETARIAT, Caller
from summit_contracts.editions import Cap, Edition, SummitInstant
from summit_contracts.registration import Accreditation, RefusalReason, Step
from summit_contracts.values import (
    FieldChange,
    Function,
    InviteeKind,
    Language,
    LongText,
    Rank,
)
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.draft import Draft
from summit_registration.domain.history import Action
from summit_registration.domain.invitation import FocalPoints, Invitation, InvitationState
from summit_registration.domain.people import Member, Nominees, Person
from summit_registration.domain.ports import Census, Listed
from summit_registration.domain.wishes import Wish, WishForm, WishForms
from summit_registration.handlers.issue_invitations import Addressee
from summit_registration.handlers.workspace import Workspace


class Reasoned(Body):
    """A step that may say why."""

    reason: LongText | None = None


class InvitationsBody(Body):
    """Whom to invite, and whom each invitation goes to."""

    addressees: Annotated[tuple[Addressee, ...], Field(min_length=1, max_length=1000)]
    is_renewal: bool = False
    """Whether who is invited already gets a new link, and who declined is invited again."""


class ExtensionBody(Body):
    """More time for one step."""

    step: Step
    until_at: SummitInstant
    reason: LongText


class RegistrationForm(Body):
    """The finished form: people and wishes."""

    language: Language | None = None
    """The language letters are written in; none means the invitation's."""
    members: Nominees
    wishes: WishForms = ()


class AmendmentForm(Body):
    """The delegation as it is to be, whole: who is not in it has left, who has no `member_id` is new."""

    members: Nominees
    language: Language | None = None
    reason: LongText | None = None


class SuccessorForm(Body):
    """Who takes a member's place."""

    successor: Person
    rank: Rank | None = None
    reason: LongText | None = None


class WishesForm(Body):
    """Bilaterals that are asked for in addition."""

    wishes: Annotated[tuple[WishForm, ...], Field(min_length=1, max_length=200)]


class RefusalBody(Body):
    """Why somebody may not enter."""

    reason: RefusalReason


class EditionAnswer(Answer):
    """An edition in its last revision."""

    edition_id: str
    revision: int
    edition: Edition


class AppliedEditionAnswer(Answer):
    """What came of an edition file."""

    edition_id: str
    revision: int
    is_changed: bool
    invitees: int


class IssuedAnswer(Answer):
    """Who was invited."""

    issued: list[str]
    renewed: list[str]
    left_alone: list[str]


class InvitationAnswer(Answer):
    """An invitation, without its link."""

    invitee: str
    kind: InviteeKind
    language: Language
    state: InvitationState
    focal: FocalPoints
    extensions: dict[Step, datetime]
    revision: int

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationAnswer":
        """The invitation as the desk sees it."""
        return cls(
            invitee=invitation.invitee,
            kind=invitation.kind,
            language=invitation.language,
            state=invitation.state,
            focal=invitation.focal,
            extensions={step: extension.until_at for step, extension in invitation.extensions.items()},
            revision=invitation.revision,
        )


class MemberAnswer(Answer):
    """A member as its own delegation and the secretariat see them."""

    member_id: str
    person: Person
    function: Function
    rank: Rank
    arrives_on: date | None
    leaves_on: date | None
    accreditation: Accreditation
    refused_for: RefusalReason | None

    @classmethod
    def of(cls, member: Member) -> "MemberAnswer":
        """The member with name and address."""
        return cls(**{name: getattr(member, name) for name in cls.model_fields})


class WishAnswer(Answer):
    """A wish and the bilateral it became."""

    bilateral_id: str
    asked: WishForm
    requested_at: datetime

    @classmethod
    def of(cls, wish: Wish) -> "WishAnswer":
        """The wish."""
        return cls(bilateral_id=wish.bilateral_id, asked=wish.asked, requested_at=wish.requested_at)


class DelegationAnswer(Answer):
    """A delegation as its own nominator and the secretariat see it."""

    edition_id: str
    invitee: str
    kind: InviteeKind
    language: Language
    state: State
    members: list[MemberAnswer]
    wishes: list[WishAnswer]
    draft: Draft | None
    """For the nominator alone: it is nobody else's business before it is sent."""
    revision: int

    @classmethod
    def of(cls, delegation: Delegation, *, to: Caller) -> "DelegationAnswer":
        """The delegation as this caller may see it."""
        return cls(
            edition_id=delegation.edition_id,
            invitee=delegation.invitee,
            kind=delegation.kind,
            language=delegation.language,
            state=delegation.state,
            members=[MemberAnswer.of(member) for member in delegation.members],
            wishes=[WishAnswer.of(wish) for wish in delegation.wishes],
            draft=None if to.is_any_of(SECRETARIAT) else delegation.draft,
            revision=delegation.revision,
        )


class WorkspaceAnswer(Answer):
    """What a nominator works on: the delegation so far and the terms it takes part on."""

    delegation: DelegationAnswer
    invitation: InvitationState
    focal: FocalPoints
    """Whom letters go to besides the members that have an address."""
    quota: int
    wishes_per_delegation: int
    fair_use: Cap
    """What holds for this invitee, to be seen before it asks (B15)."""
    equipment: tuple[str, ...]
    """What a wish may need: all that any room has."""
    nominate_by_at: datetime
    confirm_by_at: datetime
    wishes_by_at: datetime

    @classmethod
    def of(cls, workspace: Workspace, *, to: Caller) -> "WorkspaceAnswer":
        """The workspace with this invitee's own deadlines."""
        terms = workspace.terms
        edition = terms.edition
        invitee = edition.invitee(workspace.delegation.invitee)
        cap = edition.cap_of(invitee) if invitee else Cap(wishes=edition.wishes_per_delegation)
        return cls(
            delegation=DelegationAnswer.of(workspace.delegation, to=to),
            invitation=terms.invitation.state,
            focal=terms.invitation.focal,
            quota=terms.quota,
            wishes_per_delegation=edition.wishes_per_delegation if cap.wishes is None else cap.wishes,
            fair_use=cap,
            equipment=tuple(sorted({code for room in edition.rooms for code in room.equipment})),
            nominate_by_at=terms.closes_at("nominate"),
            confirm_by_at=terms.closes_at("confirm"),
            wishes_by_at=terms.closes_at("wishes"),
        )


class EntryAnswer(Answer):
    """One thing that was done."""

    place: int
    invitee: str | None
    at: datetime
    by: str
    action: Action
    why: str | None
    subject: str | None
    fields: list[FieldChange]
    revision: int

    @classmethod
    def of(cls, listed: Listed) -> "EntryAnswer":
        """The entry with its place."""
        entry = listed.entry
        named = {name: getattr(entry, name) for name in cls.model_fields if name not in ("place", "fields")}
        return cls(place=listed.place, fields=list(entry.fields), **named)


class SignedInAnswer(Answer):
    """A token to act with."""

    token: str
    edition_id: str
    invitee: str
    expires_at: datetime


class CountsAnswer(Answer):
    """What registration itself counts."""

    invited: int
    declined: int
    registered: int
    """Nominated, confirmed or withdrawn: whoever registered once."""
    confirmed: int
    withdrawn: int
    members: int
    wishes: int

    @classmethod
    def of(cls, census: Census) -> "CountsAnswer":
        """The counts in the words of the facts."""
        by_state = census.delegations
        confirmed, withdrawn = by_state.get(State.CONFIRMED, 0), by_state.get(State.WITHDRAWN, 0)
        return cls(
            invited=sum(census.invitations.values()),
            declined=census.invitations.get(InvitationState.DECLINED, 0),
            registered=by_state.get(State.NOMINATED, 0) + confirmed + withdrawn,
            confirmed=confirmed,
            withdrawn=withdrawn,
            members=census.members,
            wishes=census.wishes,
        )
