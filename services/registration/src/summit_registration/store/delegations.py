"""Delegations as rows: one for the delegation, one for each member, one for each wish."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, any_, bindparam, case, delete, func, or_, select, tuple_

from summit_chassis.database import Transaction
from summit_chassis.driven import Statement
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.draft import Draft
from summit_registration.domain.people import Member, Person, ReviewStage
from summit_registration.domain.ports import Held, Nomination
from summit_registration.domain.wishes import Wish, WishForm
from summit_registration.store.tables import delegations, members, wishes

_Key = tuple[str, str]

_STAGE = case(
    (members.c.accreditation != "pending", members.c.accreditation),
    (members.c.held_for.is_not(None), ReviewStage.HELD.value),
    (members.c.is_cleared, ReviewStage.SECURITY.value),
    else_=ReviewStage.POLICE_DIVISION.value,
)
"""What `Member.stage` says, as the database says it."""
_ONE = Statement(
    select(delegations).where(
        delegations.c.edition_id == bindparam("of_edition"), delegations.c.invitee == bindparam("of_invitee")
    )
)
_HOLD = Statement(
    select(delegations).where(
        delegations.c.edition_id == bindparam("of_edition"),
        delegations.c.invitee == any_(bindparam("among", type_=ARRAY(Text))),
        or_(delegations.c.invitee == bindparam("of_invitee"), delegations.c.state == State.WITHDRAWN.value),
    )
)
"""Nothing is locked here: its invitation is."""
_CLEAR = [
    Statement(
        delete(table).where(
            table.c.edition_id == bindparam("of_edition"), table.c.invitee == bindparam("of_invitee")
        )
    )
    for table in (members, wishes)
]
"""Statements of every request, made once: making them costs SQLAlchemy as much as running them."""


class SqlDelegations:
    """One per edition and invitee, from the first draft on."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, edition_id: str, invitee: str) -> Delegation | None:
        """The delegation, or none where nothing was ever written."""
        of = {"of_edition": edition_id, "of_invitee": invitee}
        found = await self._whole(await self._transaction.run(_ONE, of))
        return found[0] if found else None

    async def hold(self, edition_id: str, invitee: str, asked: Collection[str] = ()) -> Held:
        """The same, for a change by who holds its invitation; and who of these has withdrawn."""
        of = {"of_edition": edition_id, "of_invitee": invitee, "among": sorted({invitee, *asked})}
        rows = await self._transaction.run(_HOLD, of)
        found = await self._whole([row for row in rows if row.invitee == invitee])
        away = frozenset(row.invitee for row in rows if row.state == State.WITHDRAWN)
        return Held(found[0] if found else None, away.intersection(asked))

    async def save(self, delegation: Delegation) -> None:
        """It is as given."""
        key = {"edition_id": delegation.edition_id, "invitee": delegation.invitee}
        if delegation.revision > 1:
            for clear in _CLEAR:
                await self._transaction.run(
                    clear, {"of_edition": delegation.edition_id, "of_invitee": delegation.invitee}
                )
        people = [{**key, **_member_row(place, one)} for place, one in enumerate(delegation.members)]
        asked = [{**key, **_wish_row(place, one)} for place, one in enumerate(delegation.wishes)]
        self._transaction.put({delegations: [_row(delegation)], members: people, wishes: asked})

    async def page(
        self, edition_id: str, *, after: str | None, limit: int, states: Sequence[State]
    ) -> Sequence[Delegation]:
        """Up to `limit` delegations in one of the states whose code stands behind `after`, in the order of codes."""
        query = (
            select(delegations)
            .where(
                delegations.c.edition_id == edition_id,
                delegations.c.invitee > (after or ""),
                delegations.c.state.in_([state.value for state in states]),
            )
            .order_by(delegations.c.invitee)
            .limit(limit)
        )
        return await self._whole((await self._transaction.ask(query)).all())

    async def nominations(
        self, edition_id: str, *, stage: ReviewStage, after: str | None, limit: int
    ) -> Sequence[Nomination]:
        """Up to `limit` nominations at this stage whose place stands behind `after`, in the order of member ids."""
        query = (
            select(members)
            .where(
                members.c.edition_id == edition_id,
                members.c.member_id > (after or ""),
                _STAGE.is_not_distinct_from(stage.value),
            )
            .order_by(members.c.member_id)
            .limit(limit)
        )
        return [Nomination(row.invitee, _member(row)) for row in await self._transaction.ask(query)]

    async def stages(self, edition_id: str) -> Mapping[ReviewStage, int]:
        """How many nominations stand at each stage."""
        query = select(_STAGE, func.count()).where(members.c.edition_id == edition_id).group_by(_STAGE)
        return {ReviewStage(row[0]): row[1] for row in await self._transaction.ask(query)}

    async def _whole(self, found: Sequence[Any]) -> list[Delegation]:
        """The delegations of these rows, with their members and wishes, by two queries for all; by none where there are none."""
        if not found:
            return []
        keys = [(row.edition_id, row.invitee) for row in found]
        people = await self._by_delegation(members, keys)
        asked = await self._by_delegation(wishes, keys)
        return [
            _delegation(row, people.get(key, ()), asked.get(key, ()))
            for row, key in zip(found, keys, strict=True)
        ]

    async def _by_delegation(self, table: Any, keys: Sequence[_Key]) -> Mapping[_Key, list[Any]]:
        found: dict[_Key, list[Any]] = {}
        query = (
            select(table).where(tuple_(table.c.edition_id, table.c.invitee).in_(keys)).order_by(table.c.place)
        )
        for row in await self._transaction.ask(query):
            found.setdefault((row.edition_id, row.invitee), []).append(row)
        return found


def _row(delegation: Delegation) -> dict[str, Any]:
    return {
        "edition_id": delegation.edition_id,
        "invitee": delegation.invitee,
        "kind": delegation.kind,
        "language": delegation.language,
        "state": delegation.state,
        "draft": delegation.draft,
        "revision": delegation.revision,
    }


def _member_row(place: int, member: Member) -> dict[str, Any]:
    return {
        "member_id": member.member_id,
        "place": place,
        "person": member.person,
        "function": member.function,
        "rank": member.rank,
        "arrives_on": member.arrives_on,
        "leaves_on": member.leaves_on,
        "accreditation": member.accreditation,
        "refused_for": member.refused_for,
        "waits_since": member.waits_since,
        "is_cleared": member.is_cleared,
        "held_for": member.held_for,
    }


def _wish_row(place: int, wish: Wish) -> dict[str, Any]:
    return {
        "bilateral_id": wish.bilateral_id,
        "place": place,
        "asked": wish.asked,
        "requested_at": wish.requested_at,
    }


def _delegation(row: Any, people: Sequence[Any], asked: Sequence[Any]) -> Delegation:
    return Delegation(
        edition_id=row.edition_id,
        invitee=row.invitee,
        kind=InviteeKind(row.kind),
        language=Language(row.language),
        state=State(row.state),
        members=tuple(_member(one) for one in people),
        wishes=tuple(
            Wish(one.bilateral_id, WishForm.model_validate(one.asked), one.requested_at) for one in asked
        ),
        draft=Draft.model_validate(row.draft) if row.draft is not None else None,
        revision=row.revision,
    )


def _member(row: Any) -> Member:
    return Member(
        member_id=row.member_id,
        person=Person.model_validate(row.person),
        function=Function(row.function),
        rank=Rank(row.rank),
        arrives_on=row.arrives_on,
        leaves_on=row.leaves_on,
        accreditation=row.accreditation,
        refused_for=row.refused_for,
        waits_since=row.waits_since,
        is_cleared=row.is_cleared,
        held_for=row.held_for,
    )
