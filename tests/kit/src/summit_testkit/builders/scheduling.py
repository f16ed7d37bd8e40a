"""A small summit with slots and rooms, and bilaterals at any point of their way."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from summit_contracts.editions import (
    Day,
    DayPurpose,
    Deadlines,
    Edition,
    EditionInvitee,
    Pause,
    Quota,
    Room,
    Slots,
)
from summit_contracts.meetings import BilateralTerms
from summit_contracts.registration import BilateralRequested, MemberSummary
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.grid import Grid

EDITION_ID = "small-2022"
FIRST_DAY, PLENARY_DAY, LAST_DAY = date(2022, 8, 31), date(2022, 9, 1), date(2022, 9, 2)
BEFORE = datetime(2022, 8, 1, 9, tzinfo=UTC)
"""When wishes are made and answered."""


def an_edition(**changed: Any) -> Edition:
    """Two days for bilaterals, 10:00 to 15:00 in New York with lunch from 12:00 to 13:00: eight half hours each, two rooms."""
    fields: dict[str, Any] = {
        "edition_id": EDITION_ID,
        "title": "A small summit",
        "place": "New York",
        "time_zone": "America/New_York",
        "days": (
            _day(FIRST_DAY, DayPurpose.BILATERALS),
            _day(PLENARY_DAY, DayPurpose.PLENARY),
            _day(LAST_DAY, DayPurpose.BILATERALS),
        ),
        "rooms": (
            Room(code="A", name="Room A", seats=8, days=(FIRST_DAY, LAST_DAY)),
            Room(code="B", name="Room B", seats=20, days=(LAST_DAY,)),
        ),
        "slots": Slots(minutes=20, gap_minutes=10),
        "deadlines": Deadlines(
            nominate_by_at=BEFORE, confirm_by_at=BEFORE, wishes_by_at=BEFORE, pledges_by_at=BEFORE
        ),
        "quotas": (Quota(kind=InviteeKind.MEMBER_STATE, members=4),),
        "languages": (Language.ENGLISH, Language.FRENCH),
        "fallback_language": Language.ENGLISH,
        "invitees": tuple(
            EditionInvitee(code=code, kind=InviteeKind.MEMBER_STATE, language=Language.ENGLISH)
            for code in ("FR", "KE", "RW")
        ),
    }
    return Edition(**{**fields, **changed})


def a_grid(**changed: Any) -> Grid:
    """The grid of the small summit."""
    return Grid.of(an_edition(**changed))


def a_wish(
    bilateral_id: str = "b1", requester: str = "KE", *counterparts: str, **changed: Any
) -> BilateralRequested:
    """KE should like to meet RW on either day, with six people, at the level of heads of police."""
    fields: dict[str, Any] = {
        "edition_id": EDITION_ID,
        "invitee": requester,
        "bilateral_id": bilateral_id,
        "counterparts": counterparts or ("RW",),
        "priority": 2,
        "topic": "Training",
        "level": Rank.HEAD_OF_POLICE,
        "language": Language.ENGLISH,
        "size": 6,
        "days": (FIRST_DAY, LAST_DAY),
        "requested_at": BEFORE,
    }
    return BilateralRequested(**{**fields, **changed})


def a_bilateral(
    bilateral_id: str = "b1", requester: str = "KE", *counterparts: str, **changed: Any
) -> Bilateral:
    """The same, waiting for its answer."""
    return Bilateral.request(a_wish(bilateral_id, requester, *counterparts, **changed), a_grid())


def an_agreed_bilateral(
    bilateral_id: str = "b1", requester: str = "KE", *counterparts: str, **changed: Any
) -> Bilateral:
    """The same, after every counterpart has said yes."""
    bilateral = a_bilateral(bilateral_id, requester, *counterparts, **changed)
    for party in bilateral.counterparts:
        bilateral = bilateral.accept(party, now=BEFORE).after
    return bilateral


def terms(**changed: Any) -> BilateralTerms:
    """What `a_wish` asks for."""
    fields: dict[str, Any] = {
        "level": Rank.HEAD_OF_POLICE,
        "minutes": 20,
        "size": 6,
        "days": (FIRST_DAY, LAST_DAY),
    }
    return BilateralTerms(**{**fields, **changed})


def members(*people: tuple[str, Function, Rank], **changed: Any) -> Sequence[MemberSummary]:
    """The people of a delegation as registration tells of them."""
    return [
        MemberSummary(member_id=member_id, function=function, rank=rank, **changed)
        for member_id, function, rank in people
    ]


def in_new_york(on: date, hour: int, minute: int = 0) -> datetime:
    """That wall-clock time in summer, as an instant."""
    return datetime(on.year, on.month, on.day, hour + 4, minute, tzinfo=UTC)


def _day(on: date, purpose: DayPurpose) -> Day:
    lunch = Pause(start=time(12), end=time(13))
    return Day(on=on, purposes=(purpose,), opens=time(10), closes=time(15), pauses=(lunch,))
