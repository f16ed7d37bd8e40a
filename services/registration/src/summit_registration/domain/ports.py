"""What registration needs from outside: places to keep things, a way out for facts, and a mint for ids and secrets.

All of a unit's places belong to one transaction: what is saved and staged becomes true together, or not at all.
`hold` reads for a change: until the transaction ends, nobody else holds the same, so that no two changes cross. To hold an
invitation is to hold everything of its invitee. `get` reads for an answer and holds nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import Invitation, InvitationState
from summit_registration.domain.people import Member, ReviewStage


@dataclass(frozen=True, slots=True)
class Published:
    """An edition as it was published last."""

    edition: Edition
    revision: int


class Listed(NamedTuple):
    """An entry of the history with its place in it."""

    place: int
    """Rises with every entry; what a page ends with is where the next one begins."""
    entry: Entry


class Nomination(NamedTuple):
    """One place of a registered delegation, as the secretariat's queue shows it."""

    invitee: str
    member: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What registration itself counts in an edition: the figures that its facts must add up to."""

    invitations: Mapping[InvitationState, int]
    delegations: Mapping[State, int]
    members: int
    """Of delegations that are nominated or confirmed; so with the wishes."""
    wishes: int


class Editions(Protocol):
    """The editions that were published."""

    async def get(self, edition_id: str) -> Published | None:
        """The edition in its last revision, or none."""
        ...

    async def hold(self, edition_id: str) -> Published | None:
        """The same, for a change."""
        ...

    async def save(self, published: Published) -> None:
        """This revision is the last one."""
        ...

    async def ids(self) -> Sequence[str]:
        """The names of all editions, in order."""
        ...


class Invitations(Protocol):
    """One per edition and invitee."""

    async def get(self, edition_id: str, invitee: str) -> Invitation | None:
        """The invitation, or none."""
        ...

    async def hold(self, edition_id: str, invitee: str) -> Invitation | None:
        """The same, for a change."""
        ...

    async def hold_by_link(self, digest: str) -> Invitation | None:
        """The invitation whose link has this digest (`access.digest_of`), for a change, or none."""
        ...

    async def hold_all(self, edition_id: str) -> Mapping[str, Invitation]:
        """All of an edition's invitations by invitee, for a change."""
        ...

    async def save(self, *invitations: Invitation) -> None:
        """They are as given."""
        ...

    async def page(self, edition_id: str, *, after: str | None, limit: int) -> Sequence[Invitation]:
        """Up to `limit` invitations whose code stands behind `after`, in the order of codes."""
        ...


class Held(NamedTuple):
    """A delegation as a change finds it."""

    delegation: Delegation | None
    """None where nothing was ever written."""
    withdrawn: frozenset[str] = frozenset()
    """Of the invitees that were asked about, who has withdrawn and not registered again."""


class Delegations(Protocol):
    """One per edition and invitee, from the first draft on."""

    async def get(self, edition_id: str, invitee: str) -> Delegation | None:
        """The delegation, or none where nothing was ever written."""
        ...

    async def hold(self, edition_id: str, invitee: str, asked: Collection[str] = ()) -> Held:
        """The same, for a change by who holds its invitation; and who of these has withdrawn."""
        ...

    async def save(self, delegation: Delegation) -> None:
        """It is as given."""
        ...

    async def page(
        self, edition_id: str, *, after: str | None, limit: int, states: Sequence[State]
    ) -> Sequence[Delegation]:
        """Up to `limit` delegations in one of the states whose code stands behind `after`, in the order of codes."""
        ...

    async def nominations(
        self, edition_id: str, *, stage: ReviewStage, after: str | None, limit: int
    ) -> Sequence[Nomination]:
        """Up to `limit` nominations at this stage whose place stands behind `after`, in the order of member ids: as they were made."""
        ...

    async def stages(self, edition_id: str) -> Mapping[ReviewStage, int]:
        """How many nominations stand at each stage; a stage where nothing stands may be missing."""
        ...


class History(Protocol):
    """Entries are added and never altered."""

    async def append(self, *entries: Entry) -> None:
        """They stand at the end."""
        ...

    async def page(
        self,
        edition_id: str,
        *,
        invitee: str | None,
        after: int | None,
        limit: int,
        without: Collection[Action] = (),
    ) -> Sequence[Listed]:
        """Up to `limit` entries behind the place `after`, oldest first; `invitee` none means of everybody."""
        ...


class Unit(Protocol):
    """One transaction's places, and the way out for facts."""

    @property
    def editions(self) -> Editions:
        """The editions."""
        ...

    @property
    def invitations(self) -> Invitations:
        """The invitations."""
        ...

    @property
    def delegations(self) -> Delegations:
        """The delegations."""
        ...

    @property
    def history(self) -> History:
        """The history."""
        ...

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        ...

    def stage(self, *facts: Fact) -> None:
        """These facts are published if, and only if, the transaction commits."""
        ...


class Mint(Protocol):
    """Makes what must be unique or cannot be guessed."""

    def key(self) -> str:
        """An identifier that was never given before; later ones sort behind."""
        ...

    def link_secret(self) -> str:
        """At least 128 random bits, as text that is safe in an address."""
        ...

    def code(self) -> str:
        """Eight random digits."""
        ...
