"""What pledges need from outside: places to keep things, and a way out for facts.

All of a unit's places belong to one transaction: what is saved and staged becomes true together, or not at all.
`hold` reads for a change: until the transaction ends, nobody else holds the same. `get` reads for an answer and holds nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_pledges.domain.compact import Adherence
from summit_pledges.domain.history import Stage
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.readers import Reader


class Editions(Protocol):
    """The editions as registration published them last."""

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        ...

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless a higher revision is known already."""
        ...


@dataclass(frozen=True, slots=True)
class Sought:
    """Which pledges are asked for; none means all."""

    pledger: str | None = None
    stage: Stage | None = None
    category: str | None = None
    need_id: str | None = None


class Pledges(Protocol):
    """All pledges."""

    async def add(self, pledge: Pledge) -> None:
        """The pledge is kept from now on.

        Raises:
            ReferenceTaken: the edition has a pledge with its register number.
        """
        ...

    async def get(self, edition_id: str, pledge_id: str) -> Pledge | None:
        """The pledge, or none."""
        ...

    async def hold(self, edition_id: str, pledge_id: str) -> Pledge | None:
        """The same, for a change."""
        ...

    async def save(self, pledge: Pledge) -> None:
        """The pledge stands so from now on; it is held.

        Raises:
            ReferenceTaken: the edition has another pledge with its register number.
        """
        ...

    async def discard(self, pledge: Pledge) -> None:
        """The draft is gone."""
        ...

    async def by_reference(self, edition_id: str, references: Sequence[str]) -> Mapping[str, Pledge]:
        """Those of these register numbers, by number."""
        ...

    async def page(
        self, edition_id: str, sought: Sought, *, reader: Reader, after: str | None, limit: int
    ) -> Sequence[Pledge]:
        """Up to `limit` pledges that the reader sees and whose id stands behind `after`, in the order of ids."""
        ...

    async def register(self, edition_id: str, sought: Sought, *, reader: Reader) -> Sequence[Pledge]:
        """All that the reader sees and that hold or were kept, in the order in which they were written down."""
        ...

    async def hold_under_lapsed_embargo(self, now: datetime, *, limit: int) -> Sequence[Pledge]:
        """Pledges that were made, were not published and may be since their embargo has passed, for a change."""
        ...


class Needs(Protocol):
    """All needs."""

    async def add(self, need: PublishedNeed) -> None:
        """The need is kept from now on."""
        ...

    async def get(self, edition_id: str, need_id: str) -> PublishedNeed | None:
        """The need, or none."""
        ...

    async def hold(self, edition_id: str, need_id: str) -> PublishedNeed | None:
        """The same, for a change."""
        ...

    async def save(self, need: PublishedNeed) -> None:
        """The need stands so from now on; it is held."""
        ...

    async def page(self, edition_id: str, *, after: str | None, limit: int) -> Sequence[PublishedNeed]:
        """Up to `limit` needs whose id stands behind `after`, in the order of ids."""
        ...


class Adherences(Protocol):
    """What every invitee has said about every compact."""

    async def get(self, edition_id: str, compact: str, adherent: str) -> Adherence | None:
        """The adherence, or none where nothing was said."""
        ...

    async def hold(self, edition_id: str, compact: str, adherent: str) -> Adherence | None:
        """The same, for a change."""
        ...

    async def add(self, adherence: Adherence) -> None:
        """The adherence is kept from now on.

        Raises:
            PledgeChanged: somebody said something about it at the same moment.
        """
        ...

    async def save(self, adherence: Adherence) -> None:
        """The adherence stands so from now on; it is held."""
        ...

    async def of(self, edition_id: str, compact: str) -> Sequence[Adherence]:
        """All about this compact, in the order of codes."""
        ...


@dataclass(frozen=True, slots=True)
class Census:
    """What pledges themselves count, of what was published."""

    needs: int
    by_state: Mapping[Stage, int]
    by_category: Mapping[str, int]
    adherences: int
    """Who adheres now, over all compacts."""


class Unit(Protocol):
    """One transaction's places."""

    @property
    def editions(self) -> Editions:
        """The editions."""
        ...

    @property
    def pledges(self) -> Pledges:
        """All pledges."""
        ...

    @property
    def needs(self) -> Needs:
        """All needs."""
        ...

    @property
    def adherences(self) -> Adherences:
        """All adherences to compacts."""
        ...

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits; those of one aggregate in this order."""
        ...

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        ...
