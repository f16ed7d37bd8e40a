"""Examples of the facts that registration publishes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from summit_contracts.editions import (
    Calendar,
    Cap,
    Day,
    DayPurpose,
    Deadlines,
    Edition,
    EditionInvitee,
    Obligation,
    Pause,
    Quota,
    Resource,
    Room,
    Slots,
    TurnRound,
)
from summit_contracts.fact import Fact
from summit_contracts.registration import (
    AccessCodeIssued,
    BilateralRequested,
    Contact,
    ContactsNamed,
    DeadlineExtended,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    EditionPublished,
    InvitationDeclined,
    InvitationIssued,
    MemberSummary,
)
from summit_contracts.values import FieldChange, Function, Interval, InviteeKind, Language, Rank

_EDITION = "uncops-2022"
_FIRST_DAY, _SECOND_DAY = date(2022, 8, 31), date(2022, 9, 1)
_NOMINATE_BY_AT = datetime(2022, 7, 15, 21, 0, tzinfo=UTC)
_CONFIRM_BY_AT = datetime(2022, 8, 19, 21, 0, tzinfo=UTC)

_DEADLINES = Deadlines(
    nominate_by_at=_NOMINATE_BY_AT,
    confirm_by_at=_CONFIRM_BY_AT,
    wishes_by_at=datetime(2022, 8, 12, 21, 0, tzinfo=UTC),
    pledges_by_at=datetime(2022, 9, 30, 21, 0, tzinfo=UTC),
)

_FULL_EDITION = Edition(
    edition_id=_EDITION,
    title="United Nations Chiefs of Police Summit 2022",
    place="United Nations Headquarters, New York",
    time_zone="America/New_York",
    days=(
        Day(
            on=_FIRST_DAY,
            purposes=(DayPurpose.BILATERALS, DayPurpose.SIDE_EVENTS),
            opens=time(9),
            closes=time(18),
            pauses=(Pause(start=time(13), end=time(14, 30), title="Lunch"),),
        ),
        Day(
            on=_SECOND_DAY,
            purposes=(DayPurpose.PLENARY,),
            opens=time(10),
            closes=time(18),
            pauses=(Pause(start=time(13), end=time(15), title="Lunch"),),
        ),
    ),
    rooms=(
        Room(
            code="CR-A",
            name="Conference Room A",
            seats=16,
            days=(_FIRST_DAY,),
            equipment=("interpretation", "flags"),
            turn_round_minutes=15,
        ),
        Room(code="CR-B", name="Conference Room B", seats=10, days=(_FIRST_DAY,), equipment=("flags",)),
    ),
    slots=Slots(minutes=20, gap_minutes=10),
    deadlines=_DEADLINES,
    quotas=(Quota(kind=InviteeKind.MEMBER_STATE, members=4), Quota(invitee="INTERPOL", members=3)),
    languages=tuple(Language),
    fallback_language=Language.ENGLISH,
    invitees=(
        EditionInvitee(code="KE", kind=InviteeKind.MEMBER_STATE, language=Language.ENGLISH),
        EditionInvitee(code="RW", kind=InviteeKind.MEMBER_STATE, language=Language.FRENCH),
        EditionInvitee(code="INTERPOL", kind=InviteeKind.ORGANIZATION, language=Language.ENGLISH),
        EditionInvitee(code="UN-USG-DPO", kind=InviteeKind.PRINCIPAL, language=Language.ENGLISH),
    ),
    obligations=(
        Obligation(
            title="Opening of the Summit",
            interval=Interval(
                start_at=datetime(2022, 8, 31, 13, 0, tzinfo=UTC),
                end_at=datetime(2022, 8, 31, 14, 0, tzinfo=UTC),
            ),
            invitees=("UN-USG-DPO",),
            code="opening",
            purpose="speaking_slot",
        ),
    ),
    wishes_per_delegation=10,
    resources=(Resource(code="interpretation", count=4, title="Teams of interpreters"),),
    turn_round=(TurnRound(level=Rank.MINISTER, minutes=20),),
    caps=(
        Cap(wishes=10, meetings=12, meetings_per_day=8, moves=2),
        Cap(kind=InviteeKind.PRINCIPAL, meetings_per_day=6),
        Cap(invitee="INTERPOL", wishes=20),
    ),
    calendars=(
        Calendar(
            invitee="UN-USG-DPO",
            open=(
                Interval(
                    start_at=datetime(2022, 8, 31, 14, 0, tzinfo=UTC),
                    end_at=datetime(2022, 8, 31, 17, 0, tzinfo=UTC),
                ),
            ),
        ),
    ),
    freeze_minutes=120,
)

_MINIMAL_EDITION = Edition(
    edition_id=_EDITION,
    title="United Nations Chiefs of Police Summit 2022",
    place="United Nations Headquarters, New York",
    time_zone="America/New_York",
    days=(Day(on=_FIRST_DAY, purposes=(DayPurpose.BILATERALS,), opens=time(9), closes=time(18)),),
    rooms=(),
    slots=Slots(minutes=20, gap_minutes=0),
    deadlines=_DEADLINES,
    quotas=(Quota(kind=InviteeKind.MEMBER_STATE, members=4),),
    languages=(Language.ENGLISH,),
    fallback_language=Language.ENGLISH,
    invitees=(EditionInvitee(code="KE", kind=InviteeKind.MEMBER_STATE, language=Language.ENGLISH),),
)

_HEAD = MemberSummary(
    member_id="mem-01",
    function=Function.HEAD,
    rank=Rank.HEAD_OF_POLICE,
    accreditation="accredited",
    arrives_on=_FIRST_DAY,
    leaves_on=_SECOND_DAY,
)
_MEMBER = MemberSummary(
    member_id="mem-02",
    function=Function.MEMBER,
    rank=Rank.SENIOR_OFFICER,
    accreditation="pending",
    arrives_on=_FIRST_DAY,
    leaves_on=_FIRST_DAY,
)
_MINIMAL_HEAD = MemberSummary(member_id="mem-01", function=Function.HEAD, rank=Rank.HEAD_OF_POLICE)
_ISSUED = InvitationIssued(
    edition_id=_EDITION,
    invitee="KE",
    kind=InviteeKind.MEMBER_STATE,
    language=Language.ENGLISH,
    quota=4,
    nominate_by_at=_NOMINATE_BY_AT,
    confirm_by_at=_CONFIRM_BY_AT,
)
_EXTENDED = DeadlineExtended(
    edition_id=_EDITION,
    invitee="KE",
    step="nominate",
    until_at=datetime(2022, 7, 22, 21, 0, tzinfo=UTC),
    granted_by="secretariat.registration-03",
    reason="The note verbale arrived after the deadline.",
)
_ACCREDITED = DelegateAccredited(
    edition_id=_EDITION, invitee="KE", member_id="mem-01", function=Function.HEAD, rank=Rank.HEAD_OF_POLICE
)
_REFUSED = DelegateRefused(edition_id=_EDITION, invitee="KE", member_id="mem-02", reason="incomplete_papers")
_CODE_ISSUED = AccessCodeIssued(
    edition_id=_EDITION,
    invitee="KE",
    purpose="sign_in_code",
    secret="402913",  # noqa: S106  # an example opens nothing
    expires_at=datetime(2022, 7, 1, 12, 10, tzinfo=UTC),
)


def _registered(*members: MemberSummary) -> DelegationRegistered:
    return DelegationRegistered(
        edition_id=_EDITION,
        invitee="KE",
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.NOMINATED,
        language=Language.ENGLISH,
        members=members,
    )


def _confirmed(*members: MemberSummary) -> DelegationConfirmed:
    return DelegationConfirmed(
        edition_id=_EDITION,
        invitee="KE",
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.CONFIRMED,
        language=Language.ENGLISH,
        members=members,
    )


def _amended(change: FieldChange, *members: MemberSummary) -> DelegationAmended:
    return DelegationAmended(
        edition_id=_EDITION,
        invitee="KE",
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.CONFIRMED,
        language=Language.ENGLISH,
        members=members,
        changes=(change,),
    )


def _wished(*counterparts: str, needs: tuple[str, ...] = ()) -> BilateralRequested:
    return BilateralRequested(
        edition_id=_EDITION,
        invitee="KE",
        bilateral_id="bil-01",
        counterparts=counterparts,
        priority=1,
        topic="Pre-deployment training for formed police units",
        level=Rank.HEAD_OF_POLICE,
        language=Language.ENGLISH,
        size=6,
        days=(_FIRST_DAY,),
        needs=needs,
        requested_at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
    )


def _contacts(*contacts: Contact) -> ContactsNamed:
    return ContactsNamed(edition_id=_EDITION, invitee="KE", contacts=contacts)


_NOMINATOR = Contact(
    role="nominator",
    name="Permanent Mission, police section",
    email="police@mission.example",
    language=Language.ENGLISH,
)
_HEAD_CONTACT = Contact(
    role="member",
    member_id="mem-01",
    name="Office of the head",
    email="head@police.example",
    language=Language.ENGLISH,
)

EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {
    EditionPublished: (
        EditionPublished(edition_id=_EDITION, revision=2, edition=_FULL_EDITION),
        EditionPublished(edition_id=_EDITION, revision=1, edition=_MINIMAL_EDITION),
    ),
    InvitationIssued: (_ISSUED, _ISSUED),
    InvitationDeclined: (
        InvitationDeclined(
            edition_id=_EDITION, invitee="FR", reason="The chief of police attends another meeting."
        ),
        InvitationDeclined(edition_id=_EDITION, invitee="FR"),
    ),
    DeadlineExtended: (_EXTENDED, _EXTENDED),
    DelegationRegistered: (_registered(_HEAD, _MEMBER), _registered(_MINIMAL_HEAD)),
    DelegationConfirmed: (_confirmed(_HEAD, _MEMBER), _confirmed(_MINIMAL_HEAD)),
    DelegationAmended: (
        _amended(
            FieldChange(path="members[1].rank", before="expert", after="senior_officer", is_personal=False),
            _HEAD,
            _MEMBER,
        ),
        _amended(FieldChange(path="members[0].name"), _MINIMAL_HEAD),
    ),
    DelegationWithdrawn: (
        DelegationWithdrawn(edition_id=_EDITION, invitee="BD", reason="A flood at home needs every officer."),
        DelegationWithdrawn(edition_id=_EDITION, invitee="BD"),
    ),
    BilateralRequested: (_wished("RW", "INTERPOL", needs=("interpretation",)), _wished("RW")),
    DelegateAccredited: (_ACCREDITED, _ACCREDITED),
    DelegateRefused: (_REFUSED, _REFUSED),
    ContactsNamed: (_contacts(_NOMINATOR, _HEAD_CONTACT), _contacts(_NOMINATOR)),
    AccessCodeIssued: (_CODE_ISSUED.model_copy(update={"role": "backup"}), _CODE_ISSUED),
}
