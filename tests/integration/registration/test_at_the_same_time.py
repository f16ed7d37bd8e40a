"""Two who act at the same moment: one of them is told, nothing is lost, and no rule is broken by a race."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import DelegationAmended, DelegationRegistered, EditionPublished
from summit_testkit.desk import Desk
from summit_testkit.forms import Nominator, addressee, form, head, kept_members, member, refusal, wish

MANY = 8
"""More than half of the connections of the pool, so that they are at work side by side."""


def outcomes(answers: Sequence[httpx.Response]) -> Counter[Any]:
    """How many got through, and how many were refused for what."""
    return Counter(answer.status_code if answer.is_success else refusal(answer)[1] for answer in answers)


async def quota_of(kenya: Nominator) -> int:
    return int((await kenya.ask("GET")).json()["quota"])


async def test_of_many_registrations_at_once_one_counts(kenya: Nominator) -> None:
    answers = await asyncio.gather(
        *(kenya.ask("POST", json=form(head(f"Head {number}"), wishes=(wish(),))) for number in range(MANY))
    )
    assert outcomes(answers) == {201: 1, "already-registered": MANY - 1}
    facts = [fact for fact in await kenya.desk.facts() if isinstance(fact.data, DelegationRegistered)]
    assert len(facts) == 1
    winner = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (await kenya.delegation())["members"] == winner["members"]
    counts = (await kenya.desk.ask("GET", "/editions/uncops-2022/counts")).json()
    assert (counts["registered"], counts["members"], counts["wishes"]) == (1, 1, 1)


async def test_the_quota_holds_when_two_fill_it_at_once(kenya: Nominator) -> None:
    quota = await quota_of(kenya)
    before = await kenya.register(head(), *(member(f"M{number}") for number in range(quota - 2)))
    kept, etag = kept_members(before), before["revision"]
    newcomers = ([member("First")], [member("Second")], [member("Third"), member("Fourth")])
    answers = await asyncio.gather(
        *(kenya.change("", {"members": [*kept, *new]}, on=etag) for new in newcomers * 2)
    )
    assert outcomes(answers)[200] == 1
    assert set(outcomes(answers)) <= {200, "delegation-changed", "over-quota"}
    assert len((await kenya.delegation())["members"]) == quota
    facts = [fact.data for fact in await kenya.desk.facts()]
    sizes = [
        len(fact.members) for fact in facts if isinstance(fact, DelegationRegistered | DelegationAmended)
    ]
    assert sizes == [quota - 1, quota]


async def test_the_quota_holds_when_delegations_are_registered_with_too_many_at_once(
    kenya: Nominator,
) -> None:
    quota = await quota_of(kenya)
    sizes = [quota, quota + 1] * (MANY // 2)
    answers = await asyncio.gather(
        *(
            kenya.ask("POST", json=form(head(), *(member(f"M{one}") for one in range(size - 1))))
            for size in sizes
        )
    )
    counted = outcomes(answers)
    assert counted[201] == 1
    assert counted["already-registered"] + counted["over-quota"] == MANY - 1
    assert len((await kenya.delegation())["members"]) == quota


async def test_fair_use_holds_when_many_wishes_come_at_once(kenya: Nominator) -> None:
    await kenya.register()
    edition = (await kenya.desk.ask("GET", "/editions/uncops-2022")).json()["edition"]
    codes = [one["code"] for one in edition["invitees"] if one["code"] != "KE"]

    async def ask_for(code: str) -> httpx.Response:
        while True:  # as a person would who is told that somebody else was quicker
            answer = await kenya.change("/wishes", {"wishes": [wish(code)]})
            if answer.status_code != 412:
                return answer

    allowed = edition["wishes_per_delegation"]
    answers = await asyncio.gather(*(ask_for(code) for code in codes[: allowed + 3]))
    assert outcomes(answers) == {200: allowed, "too-many-wishes": 3}
    assert len((await kenya.delegation())["wishes"]) == allowed


async def test_confirming_and_withdrawing_at_once_ends_in_one_of_the_two(kenya: Nominator) -> None:
    revision = (await kenya.register())["revision"]
    answers = await asyncio.gather(
        kenya.change("/confirm", on=revision), kenya.change("/withdraw", on=revision)
    )
    assert outcomes(answers) == {200: 1, "delegation-changed": 1}
    state = next(answer.json()["state"] for answer in answers if answer.status_code == 200)
    assert (await kenya.delegation())["state"] == state


async def test_declining_and_registering_at_once_ends_in_one_of_the_two(kenya: Nominator) -> None:
    declining = kenya.desk.ask(
        "POST", "/editions/uncops-2022/invitations/KE/decline", as_invitee="KE", json={}
    )
    answers = await asyncio.gather(declining, kenya.ask("POST", json=form()))
    assert sorted(map(str, outcomes(answers))) in (
        ["200", "invitation-was-declined"],
        ["201", "delegation-stands"],
    )


async def test_the_same_request_sent_at_once_is_one_request(kenya: Nominator) -> None:
    key = {"idempotency-key": "the-same"}
    answers = await asyncio.gather(*(kenya.ask("POST", json=form(), headers=key) for _ in range(MANY)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replay") for answer in answers]
    assert Counter(replayed) == {None: 1, "true": MANY - 1}


async def test_an_edition_published_by_two_at_once_has_one_first_revision(
    empty_desk: Desk, edition_text: str
) -> None:
    texts = [edition_text.replace("Police Summit 2022", f"Police Summit 2022, {one}") for one in range(4)]
    answers = await asyncio.gather(*(empty_desk.ask("POST", "/editions", content=text) for text in texts))
    assert sorted(answer.json()["revision"] for answer in answers) == [1, 2, 3, 4]
    facts = [fact.data for fact in await empty_desk.facts()]
    assert [fact.revision for fact in facts if isinstance(fact, EditionPublished)] == [1, 2, 3, 4]
    last = facts[-1]
    assert isinstance(last, EditionPublished)
    held = (await empty_desk.ask("GET", "/editions/uncops-2022")).json()
    assert (held["revision"], held["edition"]["title"]) == (4, last.edition.title)


async def test_an_invitee_invited_by_two_at_once_has_one_invitation(registration: Desk) -> None:
    sent = {"addressees": [addressee("DE"), addressee("AT")]}
    other = {"addressees": [addressee("AT"), addressee("DE")]}
    answers = await asyncio.gather(
        *(
            registration.ask("POST", "/editions/uncops-2022/invitations", json=one)
            for one in (sent, other) * 3
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    issued = [code for answer in answers for code in answer.json()["issued"]]
    assert sorted(issued) == ["AT", "DE"]


@pytest.mark.parametrize("role", [(), (Role.REGISTRATION,)], ids=["the nominator", "the secretariat"])
async def test_of_two_amendments_of_one_revision_one_is_told(
    kenya: Nominator, role: tuple[Role, ...]
) -> None:
    before = await kenya.register()
    kept = kept_members(before)
    answers = await asyncio.gather(
        kenya.change("", {"members": [*kept, member("One")]}, on=before["revision"]),
        kenya.change("", {"members": [*kept, member("Other")]}, on=before["revision"], roles=role),
    )
    assert outcomes(answers) == {200: 1, "delegation-changed": 1}
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (await kenya.delegation())["members"] == winner["members"]


async def test_delegations_of_many_invitees_hold_nobody_up(registration: Desk) -> None:
    edition = (await registration.ask("GET", "/editions/uncops-2022")).json()["edition"]
    codes = [one["code"] for one in edition["invitees"] if one["kind"] == "member_state"][:24]
    invited = await registration.ask(
        "POST", "/editions/uncops-2022/invitations", json={"addressees": [addressee(code) for code in codes]}
    )
    assert invited.status_code == 201
    answers = await asyncio.gather(
        *(Nominator(registration, code).ask("POST", json=form(wishes=(wish("INTERPOL"),))) for code in codes)
    )
    assert outcomes(answers) == {201: len(codes)}
    wishes = [one["bilateral_id"] for answer in answers for one in answer.json()["wishes"]]
    assert len(set(wishes)) == len(codes)
    versions: dict[str, list[int]] = {}
    for fact in await registration.facts():
        versions.setdefault(str(fact.aggregateid), []).append(int(fact.aggregateversion or 0))
    assert all(known == list(range(1, len(known) + 1)) for known in versions.values())
