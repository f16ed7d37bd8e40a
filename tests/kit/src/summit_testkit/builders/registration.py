"""A small summit, its people and its wishes; and a desk at which commands are given as a door would give them."""

from datetime import UTC, date, datetime, time
from typing import Any

from summit_contracts.editions import (
    Day,
    DayPurpose,
    Deadlines,
    Edition,
    EditionInvitee,
    Quota,
    Room,
    Slots,
)
from summit_contracts.errors import Refusal
from summit_contracts.fact import Fact
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.invitation import FocalPoint, FocalPoints, Invitation
from summit_registration.domain.people import Nominee, Person
from summit_registration.domain.ports import Published
from summit_registration.domain.terms import Terms
from summit_registration.domain.wishes import WishForm
from summit_registration.handlers.issue_invitations import Addressee, IssueInvitations, issue_invitations
from summit_registration.handlers.register_delegation import RegisterDelegation, register_delegation
from summit_testkit.clock import FixedClock
from summit_testkit.memory.registration import CountingMint, InMemoryRegistration

EDITION_ID = "small-2022"
FIRST_DAY, PLENARY_DAY, LAST_DAY = date(2022, 8, 31), date(2022, 9, 1), date(2022, 9, 2)
NOMINATE_BY_AT = datetime(2022, 7, 15, 22, tzinfo=UTC)
CONFIRM_BY_AT = datetime(2022, 8, 3, 22, tzinfo=UTC)
WISHES_BY_AT = datetime(2022, 8, 12, 22, tzinfo=UTC)
OPENED_AT = datetime(2022, 6, 1, 9, tzinfo=UTC)
"""When every step is still open."""
QUOTA = 4
MINT = CountingMint()
"""For keys that no other test object has."""


_KINDS = {
    "FR": InviteeKind.MEMBER_STATE,
    "KE": InviteeKind.MEMBER_STATE,
    "RW": InviteeKind.MEMBER_STATE,
    "INTERPOL": InviteeKind.ORGANIZATION,
    "UN-POLAD": InviteeKind.PRINCIPAL,
}
_PURPOSES = {
    FIRST_DAY: DayPurpose.BILATERALS,
    PLENARY_DAY: DayPurpose.PLENARY,
    LAST_DAY: DayPurpose.BILATERALS,
}


def an_edition(**changed: Any) -> Edition:
    """Three days, two of them for bilaterals; KE, FR and INTERPOL may send four people each, and wish three bilaterals."""
    fields: dict[str, Any] = {
        "edition_id": EDITION_ID,
        "title": "A small summit",
        "place": "New York",
        "time_zone": "America/New_York",
        "days": tuple(
            Day(on=on, purposes=(purpose,), opens=time(9), closes=time(18))
            for on, purpose in _PURPOSES.items()
        ),
        "rooms": (
            Room(code="A", name="Room A", seats=8, days=(FIRST_DAY, LAST_DAY)),
            Room(code="B", name="Room B", seats=20, days=(LAST_DAY,)),
        ),
        "slots": Slots(minutes=20, gap_minutes=10),
        "deadlines": Deadlines(
            nominate_by_at=NOMINATE_BY_AT,
            confirm_by_at=CONFIRM_BY_AT,
            wishes_by_at=WISHES_BY_AT,
            pledges_by_at=WISHES_BY_AT,
        ),
        "quotas": tuple(
            Quota(kind=kind, members=QUOTA) for kind in (InviteeKind.MEMBER_STATE, InviteeKind.ORGANIZATION)
        ),
        "languages": (Language.ENGLISH, Language.FRENCH),
        "fallback_language": Language.ENGLISH,
        "invitees": tuple(_invited(code, kind) for code, kind in _KINDS.items()),
        "wishes_per_delegation": 3,
    }
    return Edition.model_validate(fields | changed)


def _invited(code: str, kind: InviteeKind) -> EditionInvitee:
    return EditionInvitee(
        code=code, kind=kind, language=Language.FRENCH if code == "FR" else Language.ENGLISH
    )


def focal_points(invitee: str = "KE", *, with_backup: bool = False) -> FocalPoints:
    """The focal point of an invitee's mission, and its backup if wanted."""
    backup = FocalPoint(name=f"Backup of {invitee}", email=f"backup@{invitee.lower()}.example")
    return FocalPoints(
        nominator=FocalPoint(name=f"Focal point of {invitee}", email=f"focal@{invitee.lower()}.example"),
        backup=backup if with_backup else None,
    )


def a_nominee(name: str = "Amina Odhiambo", function: Function = Function.MEMBER, **changed: Any) -> Nominee:
    """Somebody the form names, without an address unless `email` is given."""
    person = {field: changed.pop(field) for field in ("title", "email", "language") if field in changed}
    fields = {"rank": Rank.SENIOR_OFFICER} | changed
    return Nominee(person=Person(name=name, **person), function=function, **fields)


def a_head(name: str = "Grace Wanjiru", **changed: Any) -> Nominee:
    """The head of a delegation."""
    return a_nominee(name, Function.HEAD, **({"rank": Rank.HEAD_OF_POLICE} | changed))


def a_wish(*counterparts: str, **changed: Any) -> WishForm:
    """A wish to meet these on any day for bilaterals; RW where nobody is named."""
    fields: dict[str, Any] = {
        "counterparts": counterparts or ("RW",),
        "priority": 1,
        "topic": "Training before deployment",
        "level": Rank.HEAD_OF_POLICE,
        "language": Language.ENGLISH,
        "size": 6,
        "days": (FIRST_DAY, LAST_DAY),
    }
    return WishForm(**(fields | changed))


def terms_of_ke(now: datetime = OPENED_AT, *, edition: Edition | None = None) -> Terms:
    """What KE may do at that moment, with an invitation that nothing has happened to."""
    edition = edition or an_edition()
    row = edition.invitee("KE")
    assert row is not None, "the edition invites KE"
    invitation, _ = Invitation.issue(edition, row, focal_points(), link="the-secret-of-a-link", now=OPENED_AT)
    return Terms(edition, invitation, now)


def registration_of_ke(
    *nominees: Nominee,
    wishes: tuple[WishForm, ...] = (),
    terms: Terms | None = None,
    delegation: Delegation | None = None,
) -> Change:
    """KE's delegation is registered: a head and one member with an address, unless others are given."""
    terms = terms or terms_of_ke()
    return (delegation or Delegation.blank(terms.invitation)).register(
        nominees or (a_head(), a_nominee(email="amina@police.example")),
        wishes,
        language=None,
        terms=terms,
        new_key=MINT.key,
    )


def form_of(delegation: Delegation) -> list[Nominee]:
    """The delegation's members as its nominator would send them back, unchanged."""
    return [
        Nominee(
            member_id=member.member_id,
            person=member.person,
            function=member.function,
            rank=member.rank,
            arrives_on=member.arrives_on,
            leaves_on=member.leaves_on,
        )
        for member in delegation.members
    ]


class RegistrationDesk:
    """Registration in memory, with the doors' habits: one unit per command, dated with the clock."""

    def __init__(self, edition: Edition | None = None) -> None:
        self.memory = InMemoryRegistration()
        self.mint = CountingMint()
        self.clock = FixedClock(OPENED_AT)
        self.edition = edition or an_edition()

    async def do(self, handler: Any, command: Any, *, mint: bool = False) -> Any:
        """What the handler answers to the command, once its unit is committed."""
        ports: dict[str, Any] = {"mint": self.mint} if mint else {}
        async with self.memory.unit() as unit:
            return await handler(command, unit=unit, now=self.clock.now(), **ports)

    async def invite(self, *invitees: str, with_backup: bool = False) -> None:
        """The edition is published as it is, and these hold an invitation."""
        async with self.memory.unit() as unit:
            await unit.editions.save(Published(self.edition, 1))
        addressees = tuple(
            Addressee(invitee=invitee, focal=focal_points(invitee, with_backup=with_backup))
            for invitee in invitees
        )
        command = IssueInvitations(by="secretariat", edition_id=EDITION_ID, addressees=addressees)
        await self.do(issue_invitations, command, mint=True)

    async def register(self, **changed: Any) -> Delegation:
        """KE's delegation is registered: a head, a member with an address, and one wish, unless others are given."""
        fields = {
            "members": (a_head(), a_nominee(email="amina@police.example")),
            "wishes": (a_wish("RW"),),
        } | changed
        command = RegisterDelegation(by="KE/nominator", edition_id=EDITION_ID, invitee="KE", **fields)
        delegation: Delegation = await self.do(register_delegation, command, mint=True)
        return delegation

    async def delegation(self, invitee: str = "KE") -> Delegation:
        """The delegation as it is kept."""
        async with self.memory.unit() as unit:
            found = await unit.delegations.get(EDITION_ID, invitee)
        assert found is not None, f"{invitee} has no delegation"
        return found

    async def is_refused(
        self, refusal: type[Refusal], handler: Any, command: Any, *, mint: bool = False
    ) -> Refusal:
        """The refusal, once it is sure that nothing was kept, published or remembered.

        Raises:
            AssertionError: it was not refused, or something changed.
        """
        before = self.memory.kept
        try:
            await self.do(handler, command, mint=mint)
        except refusal as refused:
            if self.memory.kept != before:
                raise AssertionError(f"{refused!r} left something behind") from refused
            return refused
        raise AssertionError(f"{command!r} was not refused")

    def facts_since(self, count: int) -> tuple[Fact, ...]:
        """The facts behind the first `count`."""
        return self.memory.facts[count:]

    def published_since(self, count: int) -> list[type[Fact]]:
        """The classes of the facts behind the first `count`."""
        return [type(fact) for fact in self.facts_since(count)]
