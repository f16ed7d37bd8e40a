"""Examples of the facts that scheduling publishes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from summit_contracts.fact import Fact
from summit_contracts.meetings import BilateralTerms
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralArranged,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    CancelReason,
    DeclineReason,
    Level,
    MovedObligation,
    MoveReason,
    Placement,
    PlanStatus,
    TimetableCause,
    TimetablePublished,
    UnplacedReason,
)
from summit_contracts.values import Interval, Language, Rank

_EDITION = "uncops-2022"
_ID = "bil-01"
_DAY, _OTHER_DAY = date(2022, 8, 31), date(2022, 9, 2)
_SAID_AT = datetime(2022, 7, 4, 14, 5, tzinfo=UTC)
_HASH = "4f2d8a51c0b7e963d14e5f8062a9b37c5d1e0f8a9b6c3d2e7f40516283947a5b"
_TOPIC = "Pre-deployment training for formed police units"

_TERMS = BilateralTerms(level=Rank.HEAD_OF_POLICE, minutes=20, size=6, days=(_DAY,))
_NARROW_TERMS = BilateralTerms(
    level=Rank.DEPUTY_HEAD_OF_POLICE,
    minutes=40,
    size=8,
    days=(_DAY, _OTHER_DAY),
    starts_at=(datetime(2022, 8, 31, 13, 30, tzinfo=UTC), datetime(2022, 9, 2, 18, 0, tzinfo=UTC)),
    needs=("interpretation",),
)
_LATER = Interval(
    start_at=datetime(2022, 8, 31, 14, 0, tzinfo=UTC), end_at=datetime(2022, 8, 31, 15, 0, tzinfo=UTC)
)
_MORNING = Placement(
    start_at=datetime(2022, 8, 31, 13, 30, tzinfo=UTC),
    end_at=datetime(2022, 8, 31, 13, 50, tzinfo=UTC),
    on=_DAY,
    room="BOOTH-1",
    room_name="Bilateral booth 1",
)
_AFTERNOON = Placement(
    start_at=datetime(2022, 9, 2, 18, 0, tzinfo=UTC),
    end_at=datetime(2022, 9, 2, 18, 20, tzinfo=UTC),
    on=_OTHER_DAY,
    room="CR-A",
    room_name="Conference Room A",
)


def _arranged(terms: BilateralTerms, *counterparts: str) -> BilateralArranged:
    return BilateralArranged(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=counterparts,
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        arranged_at=_SAID_AT,
    )


def _accepted(terms: BilateralTerms, *counterparts: str, awaiting: tuple[str, ...] = ()) -> BilateralAccepted:
    return BilateralAccepted(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=counterparts,
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        by="RW",
        awaiting=awaiting,
        answered_at=_SAID_AT,
    )


def _declined(terms: BilateralTerms, note: str | None = None) -> BilateralDeclined:
    return BilateralDeclined(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=("RW",),
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        by="RW",
        reason=DeclineReason.NO_TIME,
        note=note,
        answered_at=_SAID_AT,
    )


def _countered(terms: BilateralTerms, note: str | None = None) -> BilateralCountered:
    return BilateralCountered(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=("RW",),
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        by="RW",
        round=1,
        awaiting=("KE",),
        note=note,
        countered_at=_SAID_AT,
    )


_CANCELLED_FULL = BilateralCancelled(
    edition_id=_EDITION,
    bilateral_id=_ID,
    requester="KE",
    counterparts=("RW",),
    priority=1,
    topic=_TOPIC,
    language=Language.ENGLISH,
    terms=_NARROW_TERMS,
    by="RW",
    reason=CancelReason.JOINED,
    joined_with="bil-00",
    note="We had asked for the same meeting.",
    was=_MORNING,
    cancelled_at=_SAID_AT,
)
_CANCELLED_MINIMAL = BilateralCancelled(
    edition_id=_EDITION,
    bilateral_id=_ID,
    requester="KE",
    counterparts=("RW",),
    priority=1,
    topic=_TOPIC,
    language=Language.ENGLISH,
    terms=_TERMS,
    reason=CancelReason.SECRETARIAT,
    cancelled_at=_SAID_AT,
)
_PUBLISHED = TimetablePublished(
    edition_id=_EDITION,
    number=2,
    published_at=_SAID_AT,
    status=PlanStatus.OPTIMAL,
    objective=2098,
    bound=2098,
    solver="lp_then_highs",
    solver_version="9.15.6755",
    seed=1,
    input_hash=_HASH,
    seconds=1.25,
    agreed=500,
    at_most=471,
    placed=451,
    newly_placed=12,
    moved=3,
    unplaced=49,
)
_PUBLISHED_FULL = _PUBLISHED.model_copy(
    update={
        "told": 18,
        "name": "After the withdrawals of 20 August",
        "cause": TimetableCause.REPAIRED.value,
        "like": 1,
        "levels": (
            Level(code="weight", objective=2098, bound=2098, is_proven=True, seconds=0.75),
            Level(code="moves", objective=3, bound=2, is_proven=False, seconds=0.5),
        ),
        "obligations": (MovedObligation(code="opening", interval=_LATER),),
    }
)


def _scheduled(terms: BilateralTerms) -> BilateralScheduled:
    return BilateralScheduled(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=("RW",),
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        timetable=1,
        placement=_MORNING,
    )


def _moved(terms: BilateralTerms) -> BilateralMoved:
    return BilateralMoved(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=("RW",),
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        timetable=2,
        moved_from=_MORNING,
        moved_to=_AFTERNOON,
        why=MoveReason.PARTY_UNAVAILABLE,
    )


def _unplaced(terms: BilateralTerms, was: Placement | None = None) -> BilateralUnplaced:
    return BilateralUnplaced(
        edition_id=_EDITION,
        bilateral_id=_ID,
        requester="KE",
        counterparts=("RW",),
        priority=1,
        topic=_TOPIC,
        language=Language.ENGLISH,
        terms=terms,
        timetable=2,
        why=UnplacedReason.NO_COMMON_TIME,
        was=was,
    )


EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {
    BilateralArranged: (_arranged(_NARROW_TERMS, "RW", "INTERPOL"), _arranged(_TERMS, "RW")),
    BilateralAccepted: (
        _accepted(_NARROW_TERMS, "RW", "INTERPOL", awaiting=("INTERPOL",)),
        _accepted(_TERMS, "RW"),
    ),
    BilateralDeclined: (
        _declined(_NARROW_TERMS, "Our chief of police leaves on the first evening."),
        _declined(_TERMS),
    ),
    BilateralCountered: (
        _countered(_NARROW_TERMS, "We would rather meet on the second day."),
        _countered(_TERMS),
    ),
    BilateralCancelled: (_CANCELLED_FULL, _CANCELLED_MINIMAL),
    TimetablePublished: (_PUBLISHED_FULL, _PUBLISHED),
    BilateralScheduled: (_scheduled(_NARROW_TERMS), _scheduled(_TERMS)),
    BilateralMoved: (_moved(_NARROW_TERMS), _moved(_TERMS)),
    BilateralUnplaced: (_unplaced(_NARROW_TERMS, _MORNING), _unplaced(_TERMS)),
}
