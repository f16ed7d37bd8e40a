"""Who holds something of registration's is alone with it; and what the database itself can hold, it holds."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from summit_contracts.values import Function
from summit_registration.domain.invitation import InvitationState
from summit_registration.domain.ports import Unit
from summit_testkit.builders.registration import EDITION_ID
from summit_testkit.builders.registration_kept import a_busy_delegation, an_invitation, given
from summit_testkit.places import Places, SqlPlaces, one_after_the_other

Hold = Callable[[Unit], Awaitable[Any]]
_LINK = an_invitation().link.digest
HOLDS: dict[str, tuple[Hold, Hold]] = {
    "an edition": (lambda unit: unit.editions.hold(EDITION_ID),) * 2,
    "an edition that is not there yet": (lambda unit: unit.editions.hold("not-yet"),) * 2,
    "an invitation": (lambda unit: unit.invitations.hold(EDITION_ID, "KE"),) * 2,
    "an invitation by its link": (lambda unit: unit.invitations.hold_by_link(_LINK),) * 2,
    "an invitation, by code and by link": (
        lambda unit: unit.invitations.hold(EDITION_ID, "KE"),
        lambda unit: unit.invitations.hold_by_link(_LINK),
    ),
    "all invitations and one": (
        lambda unit: unit.invitations.hold_all(EDITION_ID),
        lambda unit: unit.invitations.hold(EDITION_ID, "INTERPOL"),
    ),
    "one invitation and all": (
        lambda unit: unit.invitations.hold(EDITION_ID, "INTERPOL"),
        lambda unit: unit.invitations.hold_all(EDITION_ID),
    ),
}


@pytest.mark.parametrize(("first", "second"), HOLDS.values(), ids=HOLDS)
async def test_nobody_else_holds_what_is_held(places: Places[Unit], first: Hold, second: Hold) -> None:
    await given(places, a_busy_delegation())
    await one_after_the_other(places, first, second)


async def test_who_had_to_wait_sees_what_was_changed(places: Places[Unit]) -> None:
    await given(places, a_busy_delegation())

    async def decline_and_withdraw(unit: Unit) -> None:
        held = await unit.invitations.hold(EDITION_ID, "KE")
        delegation, _ = await unit.delegations.hold(EDITION_ID, "KE")
        assert held is not None
        assert delegation is not None
        await unit.invitations.save(held.decline(None)[0])
        await unit.delegations.save(replace(delegation, members=delegation.members[:1], revision=99))

    async def look(unit: Unit) -> tuple[InvitationState, int, int]:
        held = await unit.invitations.hold(EDITION_ID, "KE")
        delegation, _ = await unit.delegations.hold(EDITION_ID, "KE")
        assert held is not None
        assert delegation is not None
        return held.state, len(delegation.members), delegation.revision

    seen = await one_after_the_other(places, decline_and_withdraw, look)
    assert seen == (InvitationState.DECLINED, 1, 99)


async def test_reading_holds_nobody_up(sql: SqlPlaces[Unit]) -> None:
    await given(sql, a_busy_delegation())
    async with sql.unit() as busy, sql.unit() as reader:
        await busy.editions.hold(EDITION_ID)
        await busy.invitations.hold_all(EDITION_ID)
        await busy.delegations.hold(EDITION_ID, "KE")
        assert await reader.editions.get(EDITION_ID) is not None
        assert await reader.invitations.get(EDITION_ID, "KE") is not None
        assert await reader.delegations.get(EDITION_ID, "KE") is not None
        assert await reader.invitations.page(EDITION_ID, after=None, limit=9)
        assert (await reader.census(EDITION_ID)).members == 3


async def test_who_holds_one_invitee_holds_up_nobody_of_another(sql: SqlPlaces[Unit]) -> None:
    await given(sql)
    async with sql.unit() as of_ke, sql.unit() as of_fr:
        await of_ke.invitations.hold(EDITION_ID, "KE")
        assert await of_fr.invitations.hold(EDITION_ID, "FR") is not None


BROKEN_RULES = {
    "a second head": "UPDATE members SET function = 'head' WHERE function = 'alternate'",
    "a stay that ends before it begins": "UPDATE members SET arrives_on = '2022-09-02', leaves_on = '2022-08-31'",
    "a link that belongs to two": "UPDATE invitations SET link_digest = 'the same'",
    "an invitation to no edition": "UPDATE invitations SET edition_id = 'nowhere' WHERE invitee = 'INTERPOL'",
    "a delegation that nobody invited": "UPDATE delegations SET invitee = 'RW' WHERE invitee = 'KE'",
    "a member of no delegation": "UPDATE members SET invitee = 'FR'",
    "a wish of no delegation": "UPDATE wishes SET invitee = 'FR'",
    "two wishes of one name": "UPDATE wishes SET bilateral_id = 'one'",
    "an edition that vanishes": "DELETE FROM editions",
}


@pytest.mark.parametrize("statement", BROKEN_RULES.values(), ids=BROKEN_RULES)
async def test_the_database_itself_refuses(sql: SqlPlaces[Unit], statement: str) -> None:
    await given(sql, a_busy_delegation())
    with pytest.raises(IntegrityError):
        async with sql.database.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_the_database_refuses_a_delegation_with_two_heads(sql: SqlPlaces[Unit]) -> None:
    busy = a_busy_delegation()
    heads = tuple(replace(member, function=Function.HEAD) for member in busy.members)
    with pytest.raises(IntegrityError, match="members_one_head"):
        await given(sql, replace(busy, members=heads))
