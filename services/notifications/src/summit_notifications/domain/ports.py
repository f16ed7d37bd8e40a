"""What notifications asks of the world: places to keep things, and somebody who brings mails away."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_contracts.registration import Contact, InvitationIssued, Step
from summit_notifications.domain.answers import Outcome
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.delivery import Delivery
from summit_notifications.domain.digest import Publication
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.feed import Feed
from summit_notifications.domain.known import Contacts, Known
from summit_notifications.domain.mail import Mail

HandOver = Callable[[], Awaitable[bool]]
"""Puts on record that the mail may leave from here on; false where this attempt must not go on."""


class Postman(Protocol):
    """Brings mails to a mail server."""

    async def deliver(self, mail: Mail, *, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        """The mail was offered once; what the mail server made of it.

        `hand_over` is awaited when nothing but the end of the mail is missing, and not before; when it says no or fails,
        the mail has not left. On the last attempt the mail goes to those who can have it, instead of waiting for all.
        Never raises for what a mail server or the way to it does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter as it was drafted, and how far it has come."""

    draft: LetterDraft | None
    """None once it is settled and held a secret: then what it said is forgotten."""
    delivery: Delivery
    written_at: datetime


class Heard(Protocol):
    """What was heard that letters rest on."""

    async def known(self, edition_id: str) -> Known:
        """Everything heard about the edition; it grows with what is heard in this transaction."""
        ...

    async def published(self, edition_id: str) -> Edition | None:
        """The edition, or none where it was not heard of."""
        ...

    async def contacts(self, edition_id: str, invitees: Collection[str]) -> Mapping[str, Contacts]:
        """Whom letters to each of these invitees go to; nobody where nobody was named yet."""
        ...

    async def edition(self, edition: Edition, revision: int) -> None:
        """An edition was published; a lower revision than the one known changes nothing."""
        ...

    async def invitation(self, issued: InvitationIssued) -> None:
        """An invitee was invited."""
        ...

    async def extension(self, edition_id: str, invitee: str, step: Step, until_at: datetime) -> None:
        """An invitee has more time."""
        ...

    async def named(self, edition_id: str, invitee: str, contacts: Sequence[Contact]) -> None:
        """Whom letters to the invitee go to from now on."""
        ...

    async def calendar(self, entry: CalendarEntry) -> None:
        """A meeting stands in calendars like this."""
        ...


class Feeds(Protocol):
    """Which calendar feeds are open; a delegation has one at most."""

    async def of(self, edition_id: str, invitee: str) -> Feed | None:
        """The invitee's open feed, or none."""
        ...

    async def by_digest(self, edition_id: str, digest: str) -> Feed | None:
        """The open feed whose secret has this digest, or none."""
        ...

    async def open(self, feed: Feed) -> None:
        """The invitee's feed is this one; the one before is closed."""
        ...

    async def close(self, edition_id: str, invitee: str) -> None:
        """The invitee has no feed."""
        ...


class Publications(Protocol):
    """Timetables that are being gathered, to be told once per delegation."""

    async def hold(self, edition_id: str, number: int) -> Publication | None:
        """The one of this number, for a change; none where nothing of it was heard."""
        ...

    async def hold_open(self, edition_id: str | None = None) -> Sequence[Publication]:
        """Those with something still to be told, for a change; of every edition where none is named."""
        ...

    async def save(self, publication: Publication) -> None:
        """It is as given; open as long as it has changes that nobody was told."""
        ...


class Letters(Protocol):
    """Every letter that was ever written, and how far it has come."""

    async def add(self, drafts: Sequence[LetterDraft], *, now: datetime) -> None:
        """They wait to be sent; one that was drafted before is not written twice."""
        ...

    async def get(self, edition_id: str, letter_id: str) -> Kept | None:
        """The letter, or none."""
        ...

    async def hold(self, *letter_ids: str) -> Mapping[str, Kept]:
        """Those of these letters that there are, by their ids, for a change."""
        ...

    async def hold_due(self, now: datetime, *, limit: int) -> Sequence[Kept]:
        """Up to `limit` letters that are due, or whose attempt's time is over, the longest due first; held by nobody else."""
        ...

    async def wake(self, edition_id: str, invitee: str) -> None:
        """Letters to the invitee that wait are attempted at once: an address has become known."""
        ...

    async def page(
        self, edition_id: str, *, invitee: str | None, state: str | None, after: str | None, limit: int
    ) -> Sequence[Kept]:
        """Up to `limit` letters, the newest first, that were written before the one of id `after`."""
        ...

    async def save(self, *deliveries: Delivery) -> None:
        """They are as given once the transaction ends; until then nobody reads them again."""
        ...

    async def forget(self, letter_id: str) -> None:
        """What the letter said is not kept any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What notifications itself counts in an edition."""

    by_state: Mapping[str, int]
    by_language: Mapping[str, int]
    """Of letters that were sent."""
    by_letter: Mapping[str, int]


class Unit(Protocol):
    """One transaction's places, and the way out for facts."""

    @property
    def heard(self) -> Heard:
        """What was heard."""
        ...

    @property
    def publications(self) -> Publications:
        """The timetables that are being gathered."""
        ...

    @property
    def feeds(self) -> Feeds:
        """The calendar feeds."""
        ...

    @property
    def letters(self) -> Letters:
        """The letters."""
        ...

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        ...

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        ...
