"""A timetable is told once per delegation, when all of it was heard; calendars keep one entry per meeting."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_contracts.testing import HAPPENED_AT, examples_of
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.contents import Timetable
from summit_notifications.domain.digest import Calm, Placed, Publication

CALM = Calm(after_the_last=timedelta(seconds=15), at_most=timedelta(minutes=15))
SOON, LATE = HAPPENED_AT + timedelta(seconds=15), HAPPENED_AT + timedelta(minutes=15)


def placed(kind: type[Placed], number: int, *parties: str) -> Placed:
    requester, *counterparts = parties or ("KE", "RW")
    fact = examples_of(kind).full.model_copy(
        update={
            "bilateral_id": f"bil-{number}",
            "requester": requester,
            "counterparts": tuple(counterparts),
            "timetable": 1,
        }
    )
    assert isinstance(fact, Placed)
    return fact


def announced(newly_placed: int, moved: int, told: int | None = None) -> TimetablePublished:
    return TimetablePublished.model_validate(
        {
            **examples_of(TimetablePublished).full.model_dump(),
            "number": 1,
            "newly_placed": newly_placed,
            "moved": moved,
            "told": told,
        }
    )


def heard(*facts: Placed) -> Publication:
    publication = Publication("uncops-2022", 1, HAPPENED_AT)
    for fact in facts:
        publication = publication.with_change(fact, HAPPENED_AT)
    return publication


def test_a_delegation_gets_one_letter_about_all_its_meetings() -> None:
    publication = heard(
        placed(BilateralScheduled, 1, "KE", "RW"),
        placed(BilateralMoved, 2, "FR", "KE"),
        placed(BilateralUnplaced, 3, "KE", "INTERPOL"),
    ).with_announcement(announced(1, 1), "event-1", HAPPENED_AT)
    drafts = {draft.invitee: draft for draft in publication.letters({})}
    assert set(drafts) == {"KE", "RW", "FR", "INTERPOL"}
    kenya = drafts["KE"].content
    assert isinstance(kenya, Timetable)
    assert [change.kind for change in kenya.changes] == ["scheduled", "moved", "unplaced"]
    assert drafts["KE"].cause == "event-1"


def test_it_is_told_when_all_that_was_announced_is_there_and_nothing_more_comes() -> None:
    waiting = heard(placed(BilateralScheduled, 1)).with_announcement(announced(2, 0), "e", HAPPENED_AT)
    assert not waiting.is_ripe(SOON, CALM)
    complete = waiting.with_change(placed(BilateralScheduled, 2), HAPPENED_AT)
    assert not complete.is_ripe(HAPPENED_AT, CALM)
    assert complete.is_ripe(SOON, CALM)


def test_nobody_waits_for_silence_where_the_timetable_counts_its_facts() -> None:
    waiting = heard(placed(BilateralScheduled, 1)).with_announcement(
        announced(1, 0, told=2), "e", HAPPENED_AT
    )
    assert not waiting.is_ripe(SOON, CALM), "the unplaced one has not been heard of yet"
    complete = waiting.with_change(placed(BilateralUnplaced, 2), HAPPENED_AT)
    assert complete.is_ripe(HAPPENED_AT, CALM)
    assert complete.without("bil-1").is_ripe(HAPPENED_AT, CALM), (
        "a cancelled meeting's fact was heard as well"
    )
    assert complete.with_change(placed(BilateralUnplaced, 2), HAPPENED_AT) == complete, (
        "heard twice, counted once"
    )


def test_what_is_counted_and_never_comes_is_waited_for_no_longer_than_anything() -> None:
    waiting = heard(placed(BilateralScheduled, 1)).with_announcement(
        announced(1, 0, told=2), "e", HAPPENED_AT
    )
    assert waiting.is_ripe(LATE, CALM)


def test_without_the_announcement_it_waits_longer_but_not_for_ever() -> None:
    unannounced = heard(placed(BilateralScheduled, 1))
    assert not unannounced.is_ripe(SOON, CALM)
    assert unannounced.is_ripe(LATE, CALM)


def test_what_comes_late_is_told_in_another_letter() -> None:
    first = heard(placed(BilateralScheduled, 1)).with_announcement(announced(1, 0), "e", HAPPENED_AT)
    (before, _) = first.letters({})
    rest = first.told().with_change(placed(BilateralUnplaced, 2), SOON)
    (after, _) = rest.letters({})
    assert before.letter_id != after.letter_id
    assert isinstance(after.content, Timetable)
    assert [change.bilateral_id for change in after.content.changes] == ["bil-2"]


def test_a_meeting_cancelled_before_it_was_told_is_not_told() -> None:
    assert heard(placed(BilateralScheduled, 1)).without("bil-1").letters({}) == []


@given(st.permutations([0, 1, 2, 3]))
def test_the_order_in_which_facts_come_does_not_matter(order: list[int]) -> None:
    facts = [
        placed(BilateralScheduled, 1),
        placed(BilateralMoved, 2),
        placed(BilateralUnplaced, 3),
        announced(1, 1),
    ]
    publication = heard()
    for position in order:
        fact = facts[position]
        if isinstance(fact, TimetablePublished):
            publication = publication.with_announcement(fact, "event-1", HAPPENED_AT)
        else:
            publication = publication.with_change(fact, HAPPENED_AT)
    assert publication.is_ripe(SOON, CALM)
    told = [draft.content for draft in publication.letters({})]
    assert [
        sorted(change.bilateral_id for change in one.changes) for one in told if isinstance(one, Timetable)
    ] == [
        ["bil-1", "bil-2", "bil-3"],
        ["bil-1", "bil-2", "bil-3"],
    ]


def test_a_meeting_keeps_its_entry_through_all_its_changes() -> None:
    story = (
        placed(BilateralScheduled, 1),
        placed(BilateralMoved, 1),
        placed(BilateralUnplaced, 1),
        placed(BilateralScheduled, 1),
        examples_of(BilateralCancelled).full.model_copy(update={"bilateral_id": "bil-1"}),
    )
    entry, entries = None, list[CalendarEntry]()
    for fact in story:
        assert isinstance(fact, Placed | BilateralCancelled)
        entry = CalendarEntry.after(fact, entry, HAPPENED_AT)
        assert entry is not None
        entries.append(entry)
    assert {one.uid for one in entries} == {"bil-1@uncops-2022.summit"}
    assert [one.sequence for one in entries] == [0, 1, 2, 3, 4]
    assert [one.is_cancelled for one in entries] == [False, False, True, False, True]


def test_what_never_stood_in_a_calendar_is_not_removed_from_one() -> None:
    unplaced, cancelled = placed(BilateralUnplaced, 1), examples_of(BilateralCancelled).minimal
    assert isinstance(cancelled, BilateralCancelled)
    assert CalendarEntry.after(unplaced, None, HAPPENED_AT) is None
    assert CalendarEntry.after(cancelled, None, HAPPENED_AT) is None
