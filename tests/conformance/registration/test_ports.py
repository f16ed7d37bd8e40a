"""Registration's ports promise the same in memory and in PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.values import FieldChange, Function
from summit_registration.domain.access import digest_of
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.invitation import InvitationState
from summit_registration.domain.people import ReviewStage
from summit_registration.domain.ports import Census, Held, Published, Unit
from summit_registration.domain.review import Decision, decided
from summit_testkit.builders.registration import (
    EDITION_ID,
    OPENED_AT,
    a_head,
    a_nominee,
    an_edition,
    focal_points,
    registration_of_ke,
)
from summit_testkit.builders.registration_kept import (
    EDITION,
    OTHER,
    a_busy_delegation,
    a_busy_invitation,
    a_drafted_delegation,
    an_invitation,
    given,
)
from summit_testkit.places import Places


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
        assert await unit.delegations.hold(EDITION_ID, "KE") == Held(None)
        assert list(await unit.delegations.page(EDITION_ID, after=None, limit=9, states=tuple(State))) == []
        assert list(await unit.history.page(EDITION_ID, invitee=None, after=None, limit=9)) == []
        assert await unit.census(EDITION_ID) == Census(invitations={}, delegations={}, members=0, wishes=0)
    assert await places.published() == ()


async def test_what_a_unit_saved_it_reads_itself(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        await unit.editions.save(Published(EDITION, 1))
        await unit.invitations.save(a_busy_invitation())
        await unit.delegations.save(a_busy_delegation())
        assert await unit.delegations.get(EDITION_ID, "KE") is not None


async def test_who_has_withdrawn_is_known_among_those_asked_about(places: Places[Unit]) -> None:
    withdrawn = replace(a_busy_delegation(), state=State.WITHDRAWN)
    await given(places)
    async with places.unit() as unit:
        await unit.delegations.save(withdrawn)
    async with places.unit() as unit:
        assert await unit.delegations.hold(EDITION_ID, "FR", {"KE", "RW", "XX"}) == Held(
            None, frozenset({"KE"})
        )
        assert await unit.delegations.hold(EDITION_ID, "FR", {"RW"}) == Held(None)
        assert await unit.delegations.hold("another-edition", "FR", {"KE"}) == Held(None)
        assert await unit.delegations.hold(EDITION_ID, "KE", {"RW"}) == Held(withdrawn)


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
    busy = a_busy_invitation()
    declined, _ = an_invitation("FR").decline(None)
    async with places.unit() as unit:
        await unit.invitations.save(busy, declined)
        await unit.invitations.save()
    async with places.unit() as unit:
        for code, saved in (("KE", busy), ("FR", declined)):
            assert await unit.invitations.get(EDITION_ID, code) == saved
            assert await unit.invitations.hold(EDITION_ID, code) == saved
        assert await unit.invitations.hold_by_link(busy.link.digest) == busy
        everybody = {"KE": busy, "FR": declined, "INTERPOL": an_invitation("INTERPOL")}
        assert dict(await unit.invitations.hold_all(EDITION_ID)) == everybody
        assert await unit.invitations.get(OTHER.edition_id, "KE") == an_invitation("KE", edition=OTHER)


async def test_a_renewed_invitation_is_found_by_its_new_link_only(places: Places[Unit]) -> None:
    await given(places)
    renewed, _ = an_invitation().renew(EDITION, focal_points(), link="a-newer-link", now=OPENED_AT)
    async with places.unit() as unit:
        await unit.invitations.save(renewed)
    async with places.unit() as unit:
        assert await unit.invitations.hold_by_link(digest_of("a-newer-link")) == renewed
        assert await unit.invitations.hold_by_link(an_invitation().link.digest) is None


@pytest.mark.parametrize(
    "delegation",
    [
        a_busy_delegation(),
        registration_of_ke().after,
        a_drafted_delegation(),
        Delegation.blank(an_invitation("INTERPOL")),
    ],
    ids=["with everything", "with little", "a draft", "with nothing"],
)
async def test_a_delegation_is_read_as_it_was_saved(places: Places[Unit], delegation: Delegation) -> None:
    await given(places, delegation)
    async with places.unit() as unit:
        assert await unit.delegations.get(EDITION_ID, delegation.invitee) == delegation
        assert await unit.delegations.hold(EDITION_ID, delegation.invitee) == Held(delegation)
        assert await unit.delegations.get(OTHER.edition_id, delegation.invitee) is None


async def test_members_and_wishes_that_left_a_delegation_are_gone(places: Places[Unit]) -> None:
    busy = a_busy_delegation()
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
    busy = a_busy_delegation()
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
    everybody = (a_drafted_delegation(), Delegation.blank(an_invitation("INTERPOL")), a_busy_delegation())
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
    await given(places, a_busy_delegation(), a_drafted_delegation())
    async with places.unit() as unit:
        drafts = await unit.delegations.page(EDITION_ID, after=None, limit=9, states=(State.DRAFT,))
        assert list(drafts) == [a_drafted_delegation()]
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


async def test_the_history_is_read_without_what_is_left_out_and_its_pages_are_full(
    places: Places[Unit],
) -> None:
    held, confirmed = Action.DELEGATE_HELD, Action.DELEGATION_CONFIRMED
    actions = (held, confirmed, held, held, confirmed, confirmed)
    entries = [replace(entry(number), action=action) for number, action in enumerate(actions)]
    async with places.unit() as unit:
        await unit.history.append(*entries)
    async with places.unit() as unit:
        page = await unit.history.page(EDITION_ID, invitee="KE", after=None, limit=2, without=(held,))
        assert [row.entry.revision for row in page] == [1, 4]
        rest = await unit.history.page(
            EDITION_ID, invitee="KE", after=page[-1].place, limit=2, without=(held,)
        )
        assert [row.entry.revision for row in rest] == [5]


async def test_the_census_counts_what_is_there(places: Places[Unit]) -> None:
    await given(places, a_busy_delegation(), a_drafted_delegation())
    declined, _ = an_invitation("INTERPOL").decline("Nobody is free")
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
            await unit.invitations.save(a_busy_invitation())
            await unit.delegations.save(a_busy_delegation())
            await unit.history.append(entry(1))
            unit.stage(DelegationWithdrawn(edition_id=EDITION_ID, invitee="KE"))
            raise Thought

    await given(places)
    with pytest.raises(Thought):
        await change_everything_and_think_again()
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) == Published(EDITION, 1)
        assert await unit.invitations.get(EDITION_ID, "KE") == an_invitation()
        assert await unit.delegations.get(EDITION_ID, "KE") is None
        assert list(await unit.history.page(EDITION_ID, invitee=None, after=None, limit=9)) == []
    assert await places.published() == ()


async def test_facts_are_published_in_the_order_in_which_they_were_staged(places: Places[Unit]) -> None:
    facts = tuple(DelegationWithdrawn(edition_id=EDITION_ID, invitee=code) for code in ("KE", "FR", "KE"))
    async with places.unit() as unit:
        unit.stage(*facts[:2])
        unit.stage(facts[2])
    assert await places.published() == facts


async def test_nominations_are_listed_by_stage_and_counted(places: Places[Unit]) -> None:
    delegation = registration_of_ke(
        a_head("Grace"), a_nominee("Amina"), a_nominee("Otieno"), a_nominee("Njeri")
    ).after
    ids = [member.member_id for member in delegation.members]
    decisions = zip(ids, (Decision.HOLD, Decision.CLEAR, Decision.ACCREDIT), strict=False)
    for member_id, decision in decisions:
        delegation = decided(delegation, member_id, decision, seen_since=None, reason=None, note="Why?").after
    await given(places, delegation)
    async with places.unit() as unit:
        for stage, member_id in (
            (ReviewStage.HELD, ids[0]),
            (ReviewStage.SECURITY, ids[1]),
            (ReviewStage.ACCREDITED, ids[2]),
            (ReviewStage.POLICE_DIVISION, ids[3]),
        ):
            (listed,) = await unit.delegations.nominations(EDITION_ID, stage=stage, after=None, limit=9)
            assert (listed.invitee, listed.member) == ("KE", delegation.member(member_id))
            assert not await unit.delegations.nominations(EDITION_ID, stage=stage, after=member_id, limit=9)
            assert not await unit.delegations.nominations(OTHER.edition_id, stage=stage, after=None, limit=9)
        counted = await unit.delegations.stages(EDITION_ID)
        assert dict(counted) == {stage: 1 for stage in ReviewStage if stage is not ReviewStage.REFUSED}
