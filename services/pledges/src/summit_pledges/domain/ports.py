"""What handlers need from the outside: where pledges, needs and adherences are kept, and what is to be published."""

from datetime import datetime
from typing import Protocol

from summit_contracts.fact import Fact
from summit_pledges.domain.compact import Adherence
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.pledge import Pledge


class Pledges(Protocol):
    """All pledges."""

    async def add(self, pledge: Pledge) -> None:
        """The pledge is kept from now on.

        Raises:
            ReferenceTaken: the edition has a pledge with its register number.
        """
        ...

    async def get(self, edition_id: str, pledge_id: str) -> Pledge:
        """The pledge as it stands, held against changes by others until the transaction ends.

        Raises:
            PledgeUnknown: there is none.
        """
        ...

    async def save(self, pledge: Pledge) -> None:
        """The pledge stands so from now on; it was fetched with `get` in the same transaction."""
        ...

    async def discard(self, pledge: Pledge) -> None:
        """The draft is gone."""
        ...

    async def under_lapsed_embargo(self, now: datetime, *, at_most: int) -> tuple[Pledge, ...]:
        """Pledges that were made, were not published and may be since their embargo has passed; held as by `get`."""
        ...


class Needs(Protocol):
    """All needs."""

    async def add(self, need: PublishedNeed) -> None:
        """The need is kept from now on."""
        ...

    async def get(self, edition_id: str, need_id: str) -> PublishedNeed:
        """The need as it stands, held against changes by others until the transaction ends.

        Raises:
            NeedUnknown: there is none.
        """
        ...

    async def save(self, need: PublishedNeed) -> None:
        """The need stands so from now on; it was fetched with `get` in the same transaction."""
        ...


class Adherences(Protocol):
    """What every invitee has said about every compact."""

    async def find(self, edition_id: str, compact: str, adherent: str) -> Adherence | None:
        """The adherence as it stands, held against changes by others until the transaction ends; none if nothing was said."""
        ...

    async def save(self, adherence: Adherence) -> None:
        """The adherence stands so from now on, whether it is new or was fetched with `find` in the same transaction."""
        ...


class Unit(Protocol):
    """One transaction: what is kept and what is published is so together, or not at all."""

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

    async def stage(self, fact: Fact) -> None:
        """The fact is published when the transaction commits; facts of one aggregate in the order they were staged."""
        ...
