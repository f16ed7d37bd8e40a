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
from summit_contracts.fact import Fact
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_registration.domain.delegation import Delegation
from summit_registration.domain.invitation import FocalPoint, FocalPoints
from summit_registration.domain.people import Nominee, Person
from summit_registration.domain.ports import Published
from summit_registration.domain.wishes import WishForm
from summit_registration.handlers.issue_invitations import Addressee, IssueInvitations, issue_invitations
from summit_testkit.clock import FixedClock
from summit_testkit.memory.registration import CountingMint, InMemoryRegistration

EDITION_ID = "small-2022"
FIRST_DAY, PLENARY_DAY, LAST_DAY = date(2022, 8, 31), date(2022, 9, 1), date(2022, 9, 2)
NOMINATE_BY_AT = datetime(2022, 7, 15, 22, tzinfo=UTC)
CONFIRM_BY_AT = datetime(2022, 8, 3, 22, tzinfo=UTC)
WISHES_BY_AT = datetime(2022, 8, 12, 22, tzinfo=UTC)
QUOTA = 4


def an_edition(**changed: Any) -> Edition:
    """Three days, two of them for bilaterals; KE, FR and INTERPOL may send four people each, and wish three bilaterals."""
    kinds = {
        "FR": InviteeKind.MEMBER_STATE,
        "KE": InviteeKind.MEMBER_STATE,
        "RW": InviteeKind.MEMBER_STATE,
        "INTERPOL": InviteeKind.ORGANIZATION,
        "UN-POLAD": InviteeKind.PRINCIPAL,
    }
    edition = Edition(
        edition_id=EDITION_ID,
        title="A small summit",
        place="New York",
        time_zone="America/New_York",
        days=tuple(
            Day(on=on, purposes=(purpose,), opens=time(9), closes=time(18))
            for on, purpose in (
                (FIRST_DAY, DayPurpose.BILATERALS),
                (PLENARY_DAY, DayPurpose.PLENARY),
                (LAST_DAY, DayPurpose.BILATERALS),
            )
        ),
        rooms=(
            Room(code="A", name="Room A", seats=8, days=(FIRST_DAY, LAST_DAY)),
            Room(code="B", name="Room B", seats=20, days=(LAST_DAY,)),
        ),
        slots=Slots(minutes=20, gap_minutes=10),
        deadlines=Deadlines(
            nominate_by_at=NOMINATE_BY_AT,
            confirm_by_at=CONFIRM_BY_AT,
            wishes_by_at=WISHES_BY_AT,
            pledges_by_at=WISHES_BY_AT,
        ),
        quotas=(
            Quota(kind=InviteeKind.MEMBER_STATE, members=QUOTA),
            Quota(kind=InviteeKind.ORGANIZATION, members=QUOTA),
        ),
        languages=(Language.ENGLISH, Language.FRENCH),
        fallback_language=Language.ENGLISH,
        invitees=tuple(
            EditionInvitee(
                code=code, kind=kind, language=Language.FRENCH if code == "FR" else Language.ENGLISH
            )
            for code, kind in kinds.items()
        ),
        wishes_per_delegation=3,
    )
    return Edition.model_validate(edition.model_dump() | changed)


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


class RegistrationDesk:
    """Registration in memory, with the doors' habits: one unit per command, dated with the clock."""

    def __init__(self, edition: Edition | None = None) -> None:
        self.memory = InMemoryRegistration()
        self.mint = CountingMint()
        self.clock = FixedClock(datetime(2022, 6, 1, 9, tzinfo=UTC))
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

    async def delegation(self, invitee: str = "KE") -> Delegation:
        """The delegation as it is kept."""
        async with self.memory.unit() as unit:
            found = await unit.delegations.get(EDITION_ID, invitee)
        assert found is not None, f"{invitee} has no delegation"
        return found

    def facts_since(self, count: int) -> tuple[Fact, ...]:
        """The facts behind the first `count`."""
        return self.memory.facts[count:]
