"""Facts that registration publishes: who is invited, who comes, whom they wish to meet."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.meetings import Needs, Priority, Size
from summit_contracts.values import (
    FieldChange,
    Function,
    Instant,
    InviteeCode,
    InviteeKind,
    Key,
    Language,
    LongText,
    Rank,
    ShortText,
    Value,
    without_control_characters,
)

Step = Literal["nominate", "confirm", "wishes"]
"""What a delegation does by a deadline."""

Accreditation = Literal["pending", "accredited", "refused"]
"""Whether a person may enter."""

RefusalReason = Literal["incomplete_papers", "security", "over_quota", "duplicate", "other"]
"""Why a person may not enter."""

EmailAddress = Annotated[
    str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$"), AfterValidator(without_control_characters)
]
"""Has one @ and no blank or control character; only a letter shows whether it works."""


class _RegistrationFact(Fact):
    OWNER: ClassVar[Service] = Service.REGISTRATION
    STREAM: ClassVar[Stream] = Stream.REGISTRATION


class _PersonalFact(Fact):
    OWNER: ClassVar[Service] = Service.REGISTRATION
    STREAM: ClassVar[Stream] = Stream.PERSONAL


class EditionPublished(_RegistrationFact):
    """A summit was announced, or what was announced about it changed.

    Why: the secretariat applied an edition file. Published by: registration.
    Rely on: the whole edition stands in it; `revision` counts from 1 and the highest holds.
    Not promised: that a later revision keeps days, rooms or deadlines; that every invitee is invited already.
    """

    TYPE: ClassVar[str] = "summit.registration.edition_published.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.edition_published.v1.edition"
    AGGREGATE: ClassVar[str] = "edition/{edition_id}"

    revision: Annotated[int, Field(ge=1)]
    edition: Edition


class _InviteeFact(_RegistrationFact):
    invitee: InviteeCode


class _InvitationFact(_InviteeFact):
    AGGREGATE: ClassVar[str] = "invitation/{edition_id}/{invitee}"


class InvitationIssued(_InvitationFact):
    """An invitee was invited to send a delegation, and may nominate one from now on.

    Why: the secretariat issued it, alone or with all invitees of an edition. Published by: registration.
    Rely on: at most one per invitee and edition, but for one more after each InvitationDeclined that was thought over.
    Not promised: that anybody has read it; how to reach the invitee (that is personal: ContactsNamed).
    """

    TYPE: ClassVar[str] = "summit.registration.invitation_issued.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.invitation_issued.v1.{invitee}"

    kind: InviteeKind
    language: Language
    """The language the invitation is written in."""
    quota: Annotated[int, Field(ge=0)]
    """How many people the invitee may send, head included."""
    nominate_by_at: Instant
    confirm_by_at: Instant


class InvitationDeclined(_InvitationFact):
    """An invitee answered that it will send no delegation.

    Why: its nominator, or the secretariat on its word, declined. Published by: registration.
    Rely on: no DelegationRegistered follows unless a new invitation is issued. Not promised: a reason.
    """

    TYPE: ClassVar[str] = "summit.registration.invitation_declined.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.invitation_declined.v1.{invitee}"

    reason: LongText | None = None
    """In its own words; public as the fact is, and not confidential."""


class DeadlineExtended(_InvitationFact):
    """One invitee was given more time for one step, and somebody answers for that (A17).

    Why: the secretariat granted it. Published by: registration. Rely on: `until_at` replaces the edition's deadline for
    this invitee and step. Not promised: that the invitee makes use of it.
    """

    TYPE: ClassVar[str] = "summit.registration.deadline_extended.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.deadline_extended.v1.{invitee}"

    step: Step
    until_at: Instant
    granted_by: ShortText
    """The account of the person of the secretariat, not a name."""
    reason: LongText


class DelegationState(StrEnum):
    """How far a delegation has come. A draft is nobody's business and is not published."""

    NOMINATED = "nominated"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class MemberSummary(Value):
    """One person of a delegation, without a name."""

    member_id: Key
    function: Function
    rank: Rank
    accreditation: Accreditation = "pending"
    arrives_on: date | None = None
    """First day of attendance; none means from the edition's first day."""
    leaves_on: date | None = None
    """Last day of attendance; none means until the edition's last day."""


class _DelegationFact(_InviteeFact):
    AGGREGATE: ClassVar[str] = "delegation/{edition_id}/{invitee}"


class _DelegationStatement(_DelegationFact):
    """The delegation as it stands after this fact."""

    kind: InviteeKind
    state: DelegationState
    language: Language
    """The language its focal point is written to in."""
    members: Annotated[tuple[MemberSummary, ...], Field(min_length=1)]
    """Exactly one has the function `head`."""


class DelegationRegistered(_DelegationStatement):
    """A delegation was nominated, for the first time or after a withdrawal: who heads it, how large it is, when it is there.

    Why: its nominator sent the form. Published by: registration, in one transaction with the row, together with one
    BilateralRequested per wish in the form. Rely on: exactly one head; never more members than the quota at that moment.
    Not promised: that its members are accredited; names and addresses (they are personal: ContactsNamed).
    """

    TYPE: ClassVar[str] = "summit.registration.delegation_registered.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegation_registered.v1.{invitee}"


class DelegationConfirmed(_DelegationStatement):
    """A nominated delegation was confirmed: its members are final but for amendments (A3).

    Why: its nominator confirmed by the second deadline. Published by: registration. Rely on: it follows a
    DelegationRegistered of the same aggregate. Not promised: that no amendment follows.
    """

    TYPE: ClassVar[str] = "summit.registration.delegation_confirmed.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegation_confirmed.v1.{invitee}"


class DelegationAmended(_DelegationStatement):
    """A delegation changed: a field, a member added, withdrawn or replaced (A7, A8).

    Why: its nominator or the secretariat amended it. Published by: registration. Rely on: the statement is the whole
    delegation after the change; `changes` names each field, with personal values left out; a replaced member keeps its
    `member_id`, so whatever hangs on the place follows the successor. Not promised: that a change is visible in the
    statement (a corrected name is not).
    """

    TYPE: ClassVar[str] = "summit.registration.delegation_amended.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegation_amended.v1.{invitee}"

    changes: Annotated[tuple[FieldChange, ...], Field(min_length=1)]


class DelegationWithdrawn(_DelegationFact):
    """A delegation will not come after all.

    Why: its nominator or the secretariat withdrew it. Published by: registration. Rely on: its bilaterals are void and
    its places free. Not promised: a reason; that it does not register again (then a new DelegationRegistered says so).
    """

    TYPE: ClassVar[str] = "summit.registration.delegation_withdrawn.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegation_withdrawn.v1.{invitee}"

    reason: LongText | None = None
    """In its own words; public as the fact is, and not confidential."""


class DelegateAccredited(_DelegationFact):
    """One member of a delegation may enter.

    Why: the secretariat approved the person. Published by: registration. Rely on: it holds until DelegateRefused or a
    DelegationAmended that replaces the person. Not promised: that a badge was printed.
    """

    TYPE: ClassVar[str] = "summit.registration.delegate_accredited.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegate_accredited.v1.{invitee}"

    member_id: Key
    function: Function
    rank: Rank


class DelegateRefused(_DelegationFact):
    """One member of a delegation may not enter, and the secretariat says why.

    Why: the secretariat refused the person. Published by: registration. Rely on: a reason from the vocabulary.
    Not promised: that the delegation names somebody else.
    """

    TYPE: ClassVar[str] = "summit.registration.delegate_refused.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.delegate_refused.v1.{invitee}"

    member_id: Key
    reason: RefusalReason


class BilateralWish(Value):
    """Whom a delegation wishes to meet, and how."""

    counterparts: Annotated[tuple[InviteeCode, ...], Field(min_length=1, max_length=9)]
    """Whom it wishes to meet; more than one for a trilateral or a group (B6)."""
    priority: Priority
    """1 must, 2 should, 3 could."""
    topic: ShortText
    """What it is to be about, in the requester's words; public to both sides and the secretariat."""
    level: Rank
    """The rank at which the requester wishes to meet."""
    language: Language
    """The language the requester would speak."""
    size: Size
    """People in the room, all sides together."""
    days: Annotated[tuple[date, ...], Field(min_length=1)]
    """On which of the edition's days for bilaterals it may be held."""
    needs: Needs = ()
    """Equipment that the room is to have, e.g. `interpretation`; what the edition's rooms do not have is refused."""


class BilateralRequested(BilateralWish, _DelegationFact):
    """A delegation wishes to meet others.

    Why: the wish stood in its form or in an amendment. Published by: registration, as part of the delegation's history.
    Rely on: requester and counterparts differ; the days are days for bilaterals; `bilateral_id` is what every later fact
    about this meeting is keyed by. Not promised: that a counterpart is registered, agrees, or that a place is found.
    """

    TYPE: ClassVar[str] = "summit.registration.bilateral_requested.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.registration.bilateral_requested.v1.{invitee}"

    bilateral_id: Key
    requested_at: Instant


class Contact(Value):
    """Somebody letters go to."""

    role: Literal["nominator", "backup", "member"]
    member_id: Key | None = None
    """For members: who of the delegation it is."""
    name: ShortText
    email: EmailAddress
    language: Language


class _ContactFact(_PersonalFact):
    invitee: InviteeCode


class ContactsNamed(_ContactFact):
    """Whom letters to this invitee go to, from now on.

    Why: the invitation named a focal point, or the delegation's form or an amendment changed people. Published by:
    registration, on the personal stream only, which forgets after its time of retention.
    Rely on: the list is complete and replaces the one before. Not promised: that an address works.
    """

    TYPE: ClassVar[str] = "summit.registration.contacts_named.v1"
    SUBJECT: ClassVar[str] = "summit-personal.{edition_id}.registration.contacts_named.v1.{invitee}"
    AGGREGATE: ClassVar[str] = "contacts/{edition_id}/{invitee}"

    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


class AccessCodeIssued(_ContactFact):
    """A secret was made that must reach the invitee's focal point: the link of its invitation, or a code to sign in with.

    Why: an invitation was issued, or somebody who holds the link asked to sign in. Published by: registration, on the
    personal stream only. Rely on: it is void after `expires_at`, and a later one of the same purpose replaces it.
    Not promised: that it is used. A link alone opens nothing; the code goes to the address on record.
    """

    TYPE: ClassVar[str] = "summit.registration.access_code_issued.v1"
    SUBJECT: ClassVar[str] = "summit-personal.{edition_id}.registration.access_code_issued.v1.{invitee}"
    AGGREGATE: ClassVar[str] = "access/{edition_id}/{invitee}"

    purpose: Literal["invitation_link", "sign_in_code"]
    secret: Annotated[str, Field(min_length=6, max_length=200)]
    expires_at: Instant
    role: Literal["nominator", "backup"] | None = None
    """Whose address it goes to; none means the nominator's."""
