"""Registration's ports in memory: what is saved and staged in a unit of work becomes true together, or not at all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from summit_contracts.fact import Fact
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.people import ReviewStage
from summit_registration.domain.ports import Census, Held, Listed, Nomination, Published

_OfInvitee = tuple[str, str]


@dataclass(slots=True)
class Kept:
    """Everything a registration service remembers."""

    editions: dict[str, Published] = field(default_factory=dict)
    invitations: dict[_OfInvitee, Invitation] = field(default_factory=dict)
    delegations: dict[_OfInvitee, Delegation] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def copy(self) -> "Kept":
        """The same, to be changed without changing this one."""
        return Kept(
            dict(self.editions),
            dict(self.invitations),
            dict(self.delegations),
            list(self.entries),
            list(self.facts),
        )


class InMemoryEditions:
    """The editions that were published."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str) -> Published | None:
        """The edition in its last revision, or none."""
        return self._kept.editions.get(edition_id)

    async def hold(self, edition_id: str) -> Published | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id)

    async def save(self, published: Published) -> None:
        """This revision is the last one."""
        self._kept.editions[published.edition.edition_id] = published

    async def ids(self) -> Sequence[str]:
        """The names of all editions, in order."""
        return sorted(self._kept.editions)


class InMemoryInvitations:
    """One per edition and invitee."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str, invitee: str) -> Invitation | None:
        """The invitation, or none."""
        return self._kept.invitations.get((edition_id, invitee))

    async def hold(self, edition_id: str, invitee: str) -> Invitation | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id, invitee)

    async def hold_by_link(self, digest: str) -> Invitation | None:
        """The invitation whose link has this digest, or none."""
        return next((one for one in self._kept.invitations.values() if one.link.digest == digest), None)

    async def hold_all(self, edition_id: str) -> dict[str, Invitation]:
        """All of an edition's invitations by invitee."""
        return {one.invitee: one for one in self._kept.invitations.values() if one.edition_id == edition_id}

    async def save(self, *invitations: Invitation) -> None:
        """They are as given."""
        self._kept.invitations.update({(one.edition_id, one.invitee): one for one in invitations})

    async def page(self, edition_id: str, *, after: str | None, limit: int) -> Sequence[Invitation]:
        """Up to `limit` invitations whose code stands behind `after`, in the order of codes."""
        codes = sorted(
            code for of, code in self._kept.invitations if of == edition_id and code > (after or "")
        )
        return [self._kept.invitations[edition_id, code] for code in codes[:limit]]


class InMemoryDelegations:
    """One per edition and invitee, from the first draft on."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str, invitee: str) -> Delegation | None:
        """The delegation, or none where nothing was ever written."""
        return self._kept.delegations.get((edition_id, invitee))

    async def hold(self, edition_id: str, invitee: str, asked: Collection[str] = ()) -> Held:
        """The same; one unit works at a time, so that it is held anyway. And who of these has withdrawn."""
        others = [await self.get(edition_id, code) for code in asked]
        away = frozenset(one.invitee for one in others if one and one.state is State.WITHDRAWN)
        return Held(await self.get(edition_id, invitee), away)

    async def save(self, delegation: Delegation) -> None:
        """It is as given."""
        self._kept.delegations[delegation.edition_id, delegation.invitee] = delegation

    async def page(
        self, edition_id: str, *, after: str | None, limit: int, states: Sequence[State]
    ) -> Sequence[Delegation]:
        """Up to `limit` delegations in one of the states whose code stands behind `after`, in the order of codes."""
        rows = (one for (of, _), one in sorted(self._kept.delegations.items()) if of == edition_id)
        return [one for one in rows if one.state in states and one.invitee > (after or "")][:limit]

    async def nominations(
        self, edition_id: str, *, stage: ReviewStage, after: str | None, limit: int
    ) -> Sequence[Nomination]:
        """Up to `limit` nominations at this stage whose place stands behind `after`, in the order of member ids."""
        rows = sorted(self._places(edition_id), key=lambda one: one.member.member_id)
        return [one for one in rows if one.member.stage is stage and one.member.member_id > (after or "")][
            :limit
        ]

    async def stages(self, edition_id: str) -> Mapping[ReviewStage, int]:
        """How many nominations stand at each stage."""
        return Counter(one.member.stage for one in self._places(edition_id))

    def _places(self, edition_id: str) -> list[Nomination]:
        of_edition = (one for one in self._kept.delegations.values() if one.edition_id == edition_id)
        return [Nomination(one.invitee, member) for one in of_edition for member in one.members]


class InMemoryHistory:
    """Entries are added and never altered."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def append(self, *entries: Entry) -> None:
        """They stand at the end."""
        self._kept.entries.extend(entries)

    async def page(
        self,
        edition_id: str,
        *,
        invitee: str | None,
        after: int | None,
        limit: int,
        without: Collection[Action] = (),
    ) -> Sequence[Listed]:
        """Up to `limit` entries behind the place `after`, oldest first."""
        rows = (
            Listed(place, entry)
            for place, entry in enumerate(self._kept.entries, start=1)
            if entry.edition_id == edition_id and invitee in (None, entry.invitee) and place > (after or 0)
            if entry.action not in without
        )
        return list(rows)[:limit]


class InMemoryUnit:
    """One transaction's places."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.editions = InMemoryEditions(kept)
        self.invitations = InMemoryInvitations(kept)
        self.delegations = InMemoryDelegations(kept)
        self.history = InMemoryHistory(kept)

    def stage(self, *facts: Fact) -> None:
        """These facts are published when the unit is left without an error."""
        self._kept.facts.extend(facts)

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        delegations = [one for one in self._kept.delegations.values() if one.edition_id == edition_id]
        registered = [one for one in delegations if one.is_registered]
        invitations = await self.invitations.hold_all(edition_id)
        return Census(
            invitations=Counter(one.state for one in invitations.values()),
            delegations=Counter(one.state for one in delegations),
            members=sum(len(one.members) for one in registered),
            wishes=sum(len(one.wishes) for one in registered),
        )


class InMemoryRegistration:
    """A registration service's whole memory. `facts` are those of the units that were committed, in order."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    @property
    def kept(self) -> Kept:
        """All there is, as of now."""
        return self._kept.copy()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was published, oldest first."""
        return tuple(self._kept.facts)

    async def published(self) -> tuple[Fact, ...]:
        """The same, asked as of any place where a service keeps things."""
        return self.facts

    async def held_up(self) -> int:
        """How many units wait for the one that is at work."""
        return self._waiting

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The whole history, oldest first."""
        return tuple(self._kept.entries)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[InMemoryUnit]:
        """Becomes true when left without an error; otherwise nothing of it happened."""
        self._waiting += 1
        async with self._one_at_a_time:
            self._waiting -= 1
            kept = self._kept.copy()
            yield InMemoryUnit(kept)
            self._kept = kept


class CountingMint:
    """Keys and secrets that are unique and easy to tell apart in a failure: the first of everything ends with 1."""

    def __init__(self) -> None:
        self._given = 0

    def key(self) -> str:
        """`key-000001`, then `key-000002`."""
        return f"key-{self._next():06}"

    def link_secret(self) -> str:
        """Forty-four characters."""
        return f"link-{self._next():039}"

    def code(self) -> str:
        """Eight digits."""
        return f"{self._next():08}"

    def _next(self) -> int:
        self._given += 1
        return self._given
