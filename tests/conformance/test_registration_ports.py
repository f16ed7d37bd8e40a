"""Registration's ports promise the same in memory and in PostgreSQL; and what PostgreSQL alone can hold, it holds."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.values import FieldChange, Function, Language, Rank
from summit_registration.app import service
from summit_registration.domain.access import FocalRole, digest_of
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.draft import Draft, DraftPerson, DraftWish
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import Extension, Invitation, InvitationState
from summit_registration.domain.ports import Census, Published, Unit
from summit_testkit.builders.registration import (
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    OPENED_AT,
    a_head,
    a_nominee,
    a_wish,
    an_edition,
    focal_points,
    registration_of_ke,
)
from summit_testkit.databases import Databases
from summit_testkit.memory.registration import InMemoryRegistration
from summit_testkit.places import Places, SqlPlaces, one_after_the_other, sql_places

EDITION = an_edition()
OTHER = an_edition(edition_id="other-2024", title="Another summit")


@pytest.fixture(params=["memory", "postgresql"])
async def places(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[Places[Unit]]:
    if request.param == "memory":
        yield InMemoryRegistration()
        return
    async with sql_places(service, databases) as places:
        yield places


@pytest.fixture
async def sql(databases: Databases) -> AsyncIterator[SqlPlaces[Unit]]:
    async with sql_places(service, databases) as places:
        yield places


def invitation(code: str = "KE", *, edition: Any = EDITION, with_backup: bool = True) -> Invitation:
    row = edition.invitee(code)
    assert row is not None
    focal = focal_points(code, with_backup=with_backup)
    issued, _ = Invitation.issue(
        edition, row, focal, link=f"link-of-{edition.edition_id}-{code}", now=OPENED_AT
    )
    return issued


def busy_invitation() -> Invitation:
    """Everything an invitation can remember is there."""
    until_at = EDITION.deadlines.nominate_by_at + timedelta(days=3, microseconds=1)
    extension = Extension(until_at, "secretariat/one", "Note verbale of 28 July")
    extended, _ = invitation().extend("nominate", extension, deadlines=EDITION.deadlines, now=OPENED_AT)
    link = "link-of-small-2022-KE"
    asked, _ = extended.request_code(FocalRole.BACKUP, link=link, code="12345678", now=OPENED_AT)
    tried, _ = asked.sign_in(link=link, code="00000000", now=OPENED_AT)
    return tried


def busy_delegation() -> Delegation:
    """Everything a registered delegation can remember is there."""
    person = {"title": "Inspector General", "email": "g@ke.example", "language": Language.FRENCH}
    head = a_head("Élodie Wanjirũ 王", arrives_on=FIRST_DAY, leaves_on=LAST_DAY, **person)
    registered = registration_of_ke(
        head, a_nominee("Second", Function.ALTERNATE), a_nominee("Third"), wishes=(a_wish("FR"), a_wish("RW"))
    ).after
    second, third = registered.members[1:]
    accredited = registered.accredit(second.member_id).after
    return accredited.refuse(third.member_id, "incomplete_papers").after


def drafted_delegation(code: str = "FR") -> Delegation:
    person = DraftPerson(name="Half a na", email="not-yet", function=Function.HEAD, rank=Rank.MINISTER)
    wish = DraftWish(counterparts=("KE",), priority=2, topic="…", size=0, days=(FIRST_DAY,))
    draft = Draft(language=Language.FRENCH, members=(person,), wishes=(wish,), remark="Ask the Ambassador")
    return Delegation.blank(invitation(code)).write(draft)


async def given(places: Places[Unit], *delegations: Delegation) -> None:
    """Both editions, invitations of KE, FR and INTERPOL to the first and of KE to the other, and these delegations."""
    async with places.unit() as unit:
        await unit.editions.save(Published(EDITION, 1))
        await unit.editions.save(Published(OTHER, 1))
        await unit.invitations.save(*map(invitation, ("KE", "FR", "INTERPOL")))
        await unit.invitations.save(invitation("KE", edition=OTHER))
        for one in delegations:
            await unit.delegations.save(one)


async def test_nothing_is_there_before_it_is_saved(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) is await unit.editions.hold(EDITION_ID) is None
        assert list(await unit.editions.ids()) == []
        assert await unit.invitations.get(EDITION_ID, "KE") is None
        assert await unit.invitations.hold(EDITION_ID, "KE") is None
        assert await unit.invitations.hold_by_link(digest_of("a-link")) is None
        assert dict(await unit.invitations.hold_all(EDITION_ID)) == {}
        assert list(await unit.invitations.page(EDITION_ID, after=None, limit=9)) == []
        assert await unit.delegations.get(EDITION_ID, "KE") is None
        assert await unit.delegations.hold(EDITION_ID, "KE") is None
        assert list(await unit.delegations.page(EDITION_ID, after=None, limit=9, states=tuple(State))) == []
        assert list(await unit.history.page(EDITION_ID, invitee=None, after=None, limit=9)) == []
        assert await unit.census(EDITION_ID) == Census(invitations={}, delegations={}, members=0, wishes=0)
    assert await places.published() == ()


async def test_what_a_unit_saved_it_reads_itself(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        await unit.editions.save(Published(EDITION, 1))
        await unit.invitations.save(busy_invitation())
        await unit.delegations.save(busy_delegation())
        assert await unit.delegations.get(EDITION_ID, "KE") is not None


async def test_an_edition_is_read_as_it_was_saved_last(places: Places[Unit]) -> None:
    await given(places)
    changed = Published(an_edition(title="A smaller summit", rooms=()), 2)
    async with places.unit() as unit:
        await unit.editions.save(changed)
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) == changed
        assert await unit.editions.hold(EDITION_ID) == changed
        assert await unit.editions.get(OTHER.edition_id) == Published(OTHER, 1)
        assert list(await unit.editions.ids()) == [OTHER.edition_id, EDITION_ID]


async def test_an_invitation_is_read_as_it_was_saved_last(places: Places[Unit]) -> None:
    await given(places)
    busy = busy_invitation()
    declined, _ = invitation("FR").decline(None)
    async with places.unit() as unit:
        await unit.invitations.save(busy, declined)
        await unit.invitations.save()
    async with places.unit() as unit:
        for code, saved in (("KE", busy), ("FR", declined)):
            assert await unit.invitations.get(EDITION_ID, code) == saved
            assert await unit.invitations.hold(EDITION_ID, code) == saved
        assert await unit.invitations.hold_by_link(busy.link.digest) == busy
        everybody = {"KE": busy, "FR": declined, "INTERPOL": invitation("INTERPOL")}
        assert dict(await unit.invitations.hold_all(EDITION_ID)) == everybody
        assert await unit.invitations.get(OTHER.edition_id, "KE") == invitation("KE", edition=OTHER)


async def test_a_renewed_invitation_is_found_by_its_new_link_only(places: Places[Unit]) -> None:
    await given(places)
    renewed, _ = invitation().renew(EDITION, focal_points(), link="a-newer-link", now=OPENED_AT)
    async with places.unit() as unit:
        await unit.invitations.save(renewed)
    async with places.unit() as unit:
        assert await unit.invitations.hold_by_link(digest_of("a-newer-link")) == renewed
        assert await unit.invitations.hold_by_link(invitation().link.digest) is None


@pytest.mark.parametrize(
    "delegation",
    [
        busy_delegation(),
        registration_of_ke().after,
        drafted_delegation(),
        Delegation.blank(invitation("INTERPOL")),
    ],
    ids=["with everything", "with little", "a draft", "with nothing"],
)
async def test_a_delegation_is_read_as_it_was_saved(places: Places[Unit], delegation: Delegation) -> None:
    await given(places, delegation)
    async with places.unit() as unit:
        assert await unit.delegations.get(EDITION_ID, delegation.invitee) == delegation
        assert await unit.delegations.hold(EDITION_ID, delegation.invitee) == delegation
        assert await unit.delegations.get(OTHER.edition_id, delegation.invitee) is None


async def test_members_and_wishes_that_left_a_delegation_are_gone(places: Places[Unit]) -> None:
    busy = busy_delegation()
    await given(places, busy)
    fewer = replace(
        busy, members=(busy.members[2], busy.members[0]), wishes=busy.wishes[1:], revision=busy.revision + 1
    )
    async with places.unit() as unit:
        await unit.delegations.save(fewer)
    async with places.unit() as unit:
        assert await unit.delegations.get(EDITION_ID, "KE") == fewer
        census = await unit.census(EDITION_ID)
        assert (census.members, census.wishes) == (2, 1)


async def test_another_head_takes_over_within_one_save(places: Places[Unit]) -> None:
    busy = busy_delegation()
    await given(places, busy)
    head, second, third = busy.members
    swapped = replace(
        busy,
        members=(replace(second, function=Function.HEAD), replace(head, function=Function.MEMBER), third),
    )
    async with places.unit() as unit:
        await unit.delegations.save(swapped)
    async with places.unit() as unit:
        assert await unit.delegations.get(EDITION_ID, "KE") == swapped


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
async def test_pages_hold_everybody_once_in_the_order_of_codes(places: Places[Unit], limit: int) -> None:
    everybody = (drafted_delegation(), Delegation.blank(invitation("INTERPOL")), busy_delegation())
    await given(places, *reversed(everybody))
    invited: list[str] = []
    registered: list[Delegation] = []
    async with places.unit() as unit:
        after = None
        while rows := await unit.invitations.page(EDITION_ID, after=after, limit=limit):
            assert len(rows) <= limit
            invited += [row.invitee for row in rows]
            after = rows[-1].invitee
        after = None
        while found := await unit.delegations.page(EDITION_ID, after=after, limit=limit, states=tuple(State)):
            assert len(found) <= limit
            registered += list(found)
            after = found[-1].invitee
    assert invited == ["FR", "INTERPOL", "KE"]
    assert registered == list(everybody)


async def test_a_page_of_delegations_holds_the_states_asked_for_only(places: Places[Unit]) -> None:
    await given(places, busy_delegation(), drafted_delegation())
    async with places.unit() as unit:
        drafts = await unit.delegations.page(EDITION_ID, after=None, limit=9, states=(State.DRAFT,))
        assert list(drafts) == [drafted_delegation()]
        assert list(await unit.delegations.page(EDITION_ID, after=None, limit=9, states=())) == []


def entry(number: int, invitee: str | None = "KE", edition_id: str = EDITION_ID) -> Entry:
    change = FieldChange(path="members[1].rank", before="minister", after="expert")
    return Entry(
        edition_id=edition_id,
        invitee=invitee,
        at=OPENED_AT + timedelta(microseconds=number),
        by="KE/nominator",
        action=Action.DELEGATION_AMENDED,
        why="Because." if number % 2 else None,
        subject=f"subject-{number}",
        fields=(change, FieldChange(path="members[1].name", is_personal=True)),
        revision=number,
    )


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_the_history_is_read_in_the_order_it_was_written(places: Places[Unit], limit: int) -> None:
    about_ke = [entry(number) for number in range(5)]
    async with places.unit() as unit:
        await unit.history.append(*about_ke[:2], entry(90, "FR"))
        await unit.history.append()
    async with places.unit() as unit:
        await unit.history.append(
            entry(91, None), entry(92, edition_id=OTHER.edition_id), about_ke[2], *about_ke[3:]
        )
    read = []
    async with places.unit() as unit:
        after = None
        while rows := await unit.history.page(EDITION_ID, invitee="KE", after=after, limit=limit):
            assert len(rows) <= limit
            read += [row.entry for row in rows]
            after = rows[-1].place
        everybody = await unit.history.page(EDITION_ID, invitee=None, after=None, limit=99)
    assert read == about_ke
    assert [row.entry.revision for row in everybody] == [0, 1, 90, 91, 2, 3, 4]
    assert [row.place for row in everybody] == sorted({row.place for row in everybody})


async def test_the_census_counts_what_is_there(places: Places[Unit]) -> None:
    await given(places, busy_delegation(), drafted_delegation())
    declined, _ = invitation("INTERPOL").decline("Nobody is free")
    async with places.unit() as unit:
        await unit.invitations.save(declined)
        assert await unit.census(EDITION_ID) == Census(
            invitations={InvitationState.ISSUED: 2, InvitationState.DECLINED: 1},
            delegations={State.NOMINATED: 1, State.DRAFT: 1},
            members=3,
            wishes=2,
        )
        assert (await unit.census(OTHER.edition_id)).invitations == {InvitationState.ISSUED: 1}


class Thought(Exception):
    """Somebody thinks again."""


async def test_a_unit_that_fails_leaves_nothing(places: Places[Unit]) -> None:
    async def change_everything_and_think_again() -> None:
        async with places.unit() as unit:
            await unit.editions.save(Published(EDITION, 2))
            await unit.invitations.save(busy_invitation())
            await unit.delegations.save(busy_delegation())
            await unit.history.append(entry(1))
            unit.stage(DelegationWithdrawn(edition_id=EDITION_ID, invitee="KE"))
            raise Thought

    await given(places)
    with pytest.raises(Thought):
        await change_everything_and_think_again()
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) == Published(EDITION, 1)
        assert await unit.invitations.get(EDITION_ID, "KE") == invitation()
        assert await unit.delegations.get(EDITION_ID, "KE") is None
        assert list(await unit.history.page(EDITION_ID, invitee=None, after=None, limit=9)) == []
    assert await places.published() == ()


async def test_facts_are_published_in_the_order_in_which_they_were_staged(places: Places[Unit]) -> None:
    facts = tuple(DelegationWithdrawn(edition_id=EDITION_ID, invitee=code) for code in ("KE", "FR", "KE"))
    async with places.unit() as unit:
        unit.stage(*facts[:2])
        unit.stage(facts[2])
    assert await places.published() == facts


Hold = Callable[[Unit], Awaitable[Any]]
_LINK = invitation().link.digest
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
    "a delegation": (lambda unit: unit.delegations.hold(EDITION_ID, "KE"),) * 2,
}


@pytest.mark.parametrize(("first", "second"), HOLDS.values(), ids=HOLDS)
async def test_nobody_else_holds_what_is_held(places: Places[Unit], first: Hold, second: Hold) -> None:
    await given(places, busy_delegation())
    await one_after_the_other(places, first, second)


async def test_who_had_to_wait_sees_what_was_changed(places: Places[Unit]) -> None:
    await given(places, busy_delegation())

    async def decline_and_withdraw(unit: Unit) -> None:
        held = await unit.invitations.hold(EDITION_ID, "KE")
        delegation = await unit.delegations.hold(EDITION_ID, "KE")
        assert held is not None
        assert delegation is not None
        await unit.invitations.save(held.decline(None)[0])
        await unit.delegations.save(replace(delegation, members=delegation.members[:1], revision=99))

    async def look(unit: Unit) -> tuple[InvitationState, int, int]:
        held = await unit.invitations.hold(EDITION_ID, "KE")
        delegation = await unit.delegations.hold(EDITION_ID, "KE")
        assert held is not None
        assert delegation is not None
        return held.state, len(delegation.members), delegation.revision

    seen = await one_after_the_other(places, decline_and_withdraw, look)
    assert seen == (InvitationState.DECLINED, 1, 99)


async def test_reading_holds_nobody_up(sql: SqlPlaces[Unit]) -> None:
    await given(sql, busy_delegation())
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
    await given(sql, busy_delegation())
    with pytest.raises(IntegrityError):
        async with sql.database.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_the_database_refuses_a_delegation_with_two_heads(sql: SqlPlaces[Unit]) -> None:
    busy = busy_delegation()
    heads = tuple(replace(member, function=Function.HEAD) for member in busy.members)
    with pytest.raises(IntegrityError, match="members_one_head"):
        await given(sql, replace(busy, members=heads))
