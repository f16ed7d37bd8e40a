"""What one timetable changes, gathered until all of it has been heard, and then told once per delegation (E5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from summit_contracts.scheduling import (
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    TimetablePublished,
)
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.contents import Timetable, TimetableChange
from summit_notifications.domain.draft import Letter, LetterDraft

Placed = BilateralScheduled | BilateralMoved | BilateralUnplaced


@dataclass(frozen=True, slots=True)
class Calm:
    """How long to wait for the rest of a timetable."""

    after_the_last: timedelta = timedelta(seconds=15)
    """With as many meetings placed and moved as announced, where nobody says how many facts there are in all."""
    at_most: timedelta = timedelta(minutes=15)
    """Without them: then it is told as far as it is known, and what comes later is told in another letter."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One numbered timetable as far as it was heard; its facts come in any order."""

    edition_id: str
    number: int
    last_heard_at: datetime
    cause: str | None = None
    """The id of its TimetablePublished, once that was heard."""
    announced: tuple[int, int] | None = None
    """How many meetings it places anew and how many it moves."""
    expected: int | None = None
    """How many facts about single meetings belong to it; none where it was not said, or not heard yet."""
    heard: tuple[str, ...] = ()
    """The meetings whose fact was heard, whatever became of them since."""
    changes: Mapping[str, TimetableChange] = field(default_factory=dict)
    """By bilateral, what is still to be told."""
    part: int = 1
    """Counts the tellings; more than one only where part of it came late."""

    def with_announcement(self, fact: TimetablePublished, cause: str, at: datetime) -> Self:
        """The timetable's own fact was heard."""
        return replace(
            self,
            cause=cause,
            announced=(fact.newly_placed, fact.moved),
            expected=fact.told,
            last_heard_at=max(self.last_heard_at, at),
        )

    def with_change(self, fact: Placed, at: datetime) -> Self:
        """What it does to one meeting was heard."""
        changes = {**self.changes, fact.bilateral_id: change_of(fact)}
        heard = tuple(dict.fromkeys((*self.heard, fact.bilateral_id)))
        return replace(self, changes=changes, heard=heard, last_heard_at=max(self.last_heard_at, at))

    def without(self, bilateral_id: str) -> Self:
        """The meeting was cancelled before anybody was told where it was to be; there is nothing to tell."""
        return replace(
            self, changes={key: change for key, change in self.changes.items() if key != bilateral_id}
        )

    def is_ripe(self, now: datetime, calm: Calm) -> bool:
        """Whether it can be told: all that was announced is there and nothing more comes, or too long was waited.

        Where the timetable says how many facts belong to it, nobody has to wait for silence.
        """
        if self.expected is not None and len(self.heard) >= self.expected:
            return True
        silence = now - self.last_heard_at
        if silence >= calm.at_most:
            return True
        kinds = [change.kind for change in self.changes.values()]
        heard = (kinds.count("scheduled"), kinds.count("moved"))
        is_complete = (
            self.expected is None
            and self.announced is not None
            and all(have >= want for have, want in zip(heard, self.announced, strict=True))
        )
        return is_complete and silence >= calm.after_the_last

    def told(self) -> Self:
        """All that was heard so far has been put into letters; what may still come goes into others."""
        return replace(self, changes={}, announced=(0, 0), expected=None, part=self.part + 1)

    def letters(self, calendar: Mapping[str, CalendarEntry]) -> list[LetterDraft]:
        """One letter for each delegation that it changes something for, with the calendar entries as they are now."""
        changes = self.changes.values()
        return [
            self._letter(party, [change for change in changes if party in change.parties], calendar)
            for party in sorted({party for change in changes for party in change.parties})
        ]

    def _letter(
        self, party: str, changes: Iterable[TimetableChange], calendar: Mapping[str, CalendarEntry]
    ) -> LetterDraft:
        told = tuple(changes)
        entries = tuple(calendar[change.bilateral_id] for change in told if change.bilateral_id in calendar)
        content = Timetable(number=self.number, changes=told, calendar=entries)
        cause = self.cause or f"timetable/{self.edition_id}/{self.number}"
        return LetterDraft(self.edition_id, Letter.TIMETABLE, party, content, cause, part=self.part)


def change_of(fact: Placed) -> TimetableChange:
    """What the fact says, without what a party knows already."""
    parties = (fact.requester, *fact.counterparts)
    match fact:
        case BilateralScheduled():
            return TimetableChange(
                kind="scheduled",
                bilateral_id=fact.bilateral_id,
                parties=parties,
                topic=fact.topic,
                placement=fact.placement,
            )
        case BilateralMoved():
            return TimetableChange(
                kind="moved",
                bilateral_id=fact.bilateral_id,
                parties=parties,
                topic=fact.topic,
                placement=fact.moved_to,
                was=fact.moved_from,
                why=fact.why,
            )
        case BilateralUnplaced():
            return TimetableChange(
                kind="unplaced",
                bilateral_id=fact.bilateral_id,
                parties=parties,
                topic=fact.topic,
                was=fact.was,
                why=fact.why,
            )
