"""What the use cases of webhooks need of the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_webhooks.domain.delivery import Attempt, Delivery, Outcome
from summit_webhooks.domain.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Standing:
    """A webhook and its deliveries, counted."""

    webhook: Webhook
    waiting: int
    delivered: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted, and to whom."""

    webhook: Webhook
    delivery: Delivery
    body: bytes
    """The whole event, CloudEvents in structured JSON."""


class Webhooks(Protocol):
    """The webhooks there are."""

    async def find(self, name: str) -> Webhook | None:
        """The webhook of that name, held until the transaction ends; or none."""

    async def add(self, webhook: Webhook) -> None:
        """It is there, and every fact that was ever heard and fits its filter waits to be posted to it."""

    async def save(self, webhook: Webhook) -> None:
        """It is as given."""

    async def remove(self, name: str) -> None:
        """It is gone, with its deliveries and its log."""

    async def every(self) -> list[Webhook]:
        """All of them, by name, held until the transaction ends."""

    async def standings(self) -> list[Standing]:
        """All of them, by name."""


class Deliveries(Protocol):
    """What is to be posted, and what became of it."""

    def hear(self, event: Envelope[Fact]) -> None:
        """With this transaction the fact is kept, and waits for every webhook whose filter it fits."""

    async def receivers_due(self, now: datetime) -> list[str]:
        """The webhooks that are active, do not rest, and have something that is due, by name."""

    async def take_due(self, name: str, now: datetime, limit: int) -> list[Post]:
        """Up to `limit` deliveries that may be attempted now, of this webhook if it is active and does not rest; nobody else
        takes them.
        """

    async def save(self, delivery: Delivery) -> None:
        """It is as given."""

    async def find(self, name: str, event_id: str) -> Delivery | None:
        """The delivery of this fact to this webhook, held until the transaction ends; or none."""

    async def again(self, name: str, now: datetime) -> int:
        """Everything given up waits again; how many those are."""

    async def note(self, name: str, attempt: Attempt) -> None:
        """The attempt stands in the webhook's log."""

    async def heard(self, edition_id: str) -> int:
        """How many facts of an edition are kept."""

    async def log(self, name: str, limit: int) -> list[Attempt]:
        """The last attempts, the newest first."""


class Unit(Protocol):
    """One transaction's places."""

    @property
    def webhooks(self) -> Webhooks:
        """The webhooks."""

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries."""


class Seal(Protocol):
    """Makes of a secret what may lie in a database, and the secret of that again."""

    def close(self, secret: str) -> str:
        """The secret, sealed with the newest key."""

    def open(self, sealed: str) -> str:
        """The secret.

        Raises:
            SealedByAnother: none of the keys opens it.
        """

    def anew(self, sealed: str) -> str:
        """The same secret, sealed with the newest key; as given where it is already.

        Raises:
            SealedByAnother: none of the keys opens it.
        """


class SealedByAnother(Exception):
    """A secret was sealed with a key that is not at hand."""


class Carrier(Protocol):
    """Brings a post to its receiver."""

    async def bring(self, post: Post, secrets: Sequence[str]) -> Outcome:
        """What the receiver made of it, dated with the real time. Never raises for what a receiver or the network does."""
