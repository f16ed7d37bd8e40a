"""A focal point signs in with the link of its invitation and a code that goes to the address on record; a link is no key."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from summit_contracts.registration import AccessCodeIssued
from summit_registration.app import service
from summit_registration.settings import RegistrationSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import SIGNING_KEY, Desk, desk, emptied
from summit_testkit.forms import Json, Nominator, addressee, form, refusal

INVITATIONS = "/editions/uncops-2022/invitations"


async def secrets(desk: Desk, purpose: str, invitee: str = "KE") -> list[AccessCodeIssued]:
    """What went out to the invitee's focal point, oldest first."""
    found = [fact.data for fact in await desk.facts() if isinstance(fact.data, AccessCodeIssued)]
    return [one for one in found if (one.purpose, one.invitee) == (purpose, invitee)]


async def link_of(desk: Desk, invitee: str = "KE") -> str:
    return (await secrets(desk, "invitation_link", invitee))[-1].secret


async def ask_code(desk: Desk, link: str, **more: Any) -> httpx.Response:
    return await desk.ask("POST", "/sign-in/codes", json={"link": link, **more}, anonymous=True)


async def code_for(desk: Desk, link: str, **more: Any) -> str:
    """The code that was sent when it was asked for."""
    known = len(await secrets(desk, "sign_in_code"))
    assert (await ask_code(desk, link, **more)).status_code == 202
    codes = await secrets(desk, "sign_in_code")
    assert len(codes) == known + 1
    return codes[-1].secret


async def sign_in(desk: Desk, link: str, code: str) -> httpx.Response:
    return await desk.ask("POST", "/sign-in", json={"link": link, "code": code}, anonymous=True)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


async def actions(desk: Desk, since: int = 0) -> list[tuple[str, str]]:
    items = (await desk.ask("GET", "/editions/uncops-2022/delegations/KE/history")).json()["items"]
    return [(one["action"], one["by"]) for one in items][since:]


async def test_link_and_code_together_let_in_for_the_one_invitee(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    assert len(code) == 8
    entered = (await sign_in(registration, link, code)).json()
    assert (entered["edition_id"], entered["invitee"]) == ("uncops-2022", "KE")
    bearer = {"authorization": f"Bearer {entered['token']}"}
    own = await registration.ask(
        "POST", Nominator(registration).path, json=form(), headers=bearer, anonymous=True
    )
    assert own.status_code == 201, own.text
    foreign = await registration.ask(
        "GET", Nominator(registration, "NO").path, headers=bearer, anonymous=True
    )
    assert refusal(foreign) == (403, "foreign-invitee")
    assert await actions(registration, since=1) == [
        ("sign_in_code_requested", "KE/link"),
        ("signed_in", "KE/nominator"),
        ("delegation_registered", "KE/nominator"),
    ]


async def test_the_backup_signs_in_with_a_code_of_its_own(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link, role="backup")
    assert (await secrets(registration, "sign_in_code"))[-1].role == "backup"
    assert (await sign_in(registration, link, code)).status_code == 200
    assert (await actions(registration))[-1] == ("signed_in", "KE/backup")


async def test_whoever_asks_for_a_code_gets_the_same_answer(registration: Desk) -> None:
    link = await link_of(registration)
    count = len(await registration.facts())
    known = await ask_code(registration, link)
    for stranger in (
        await ask_code(registration, "a-link-that-nobody-was-sent"),
        await ask_code(registration, await link_of(registration, "NO"), role="backup"),  # NO named none
    ):
        assert (stranger.status_code, stranger.text) == (known.status_code, known.text)
    assert len(await registration.facts()) == count + 1


async def test_a_code_is_good_once(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    answers = await asyncio.gather(*(sign_in(registration, link, code) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403, 403]


async def test_a_code_is_void_as_soon_as_there_is_another(registration: Desk) -> None:
    link = await link_of(registration)
    first = await code_for(registration, link)
    second = await code_for(registration, link)
    assert refusal(await sign_in(registration, link, first)) == (403, "sign-in-refused")
    assert (await sign_in(registration, link, second)).status_code == 200


async def test_a_code_opens_no_other_invitation(registration: Desk) -> None:
    code = await code_for(registration, await link_of(registration))
    other = await link_of(registration, "NO")
    assert refusal(await sign_in(registration, other, code)) == (403, "sign-in-refused")


async def test_guessing_ends_after_five_attempts_also_when_they_come_at_once(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    wrong = await asyncio.gather(*(sign_in(registration, link, other_than(code)) for _ in range(5)))
    assert {refusal(answer) for answer in wrong} == {(403, "sign-in-refused")}
    assert refusal(await sign_in(registration, link, code)) == (403, "sign-in-refused")
    refused = [entry for entry in await actions(registration) if entry == ("sign_in_refused", "KE/link")]
    assert len(refused) == 6


async def test_four_wrong_guesses_leave_one_attempt(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    for _ in range(4):
        assert (await sign_in(registration, link, other_than(code))).status_code == 403
    assert (await sign_in(registration, link, code)).status_code == 200


async def test_few_codes_may_be_asked_for_in_an_hour_and_who_asks_more_is_not_told(
    registration: Desk,
) -> None:
    link = await link_of(registration)
    answers = await asyncio.gather(*(ask_code(registration, link) for _ in range(8)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    codes = await secrets(registration, "sign_in_code")
    assert len(codes) == 5
    assert (await sign_in(registration, link, codes[-1].secret)).status_code == 200


async def test_a_renewed_invitation_voids_the_old_link_and_every_code(registration: Desk) -> None:
    old = await link_of(registration)
    code = await code_for(registration, old)
    renewal = {"addressees": [addressee("KE")], "is_renewal": True}
    assert (await registration.ask("POST", INVITATIONS, json=renewal)).json()["renewed"] == ["KE"]
    new = await link_of(registration)
    assert new != old
    for link in (old, new):
        assert refusal(await sign_in(registration, link, code)) == (403, "sign-in-refused")
    assert (await sign_in(registration, new, await code_for(registration, new))).status_code == 200


async def test_inviting_again_without_renewal_leaves_the_link_alone(registration: Desk) -> None:
    count = len(await registration.facts())
    again = await registration.ask("POST", INVITATIONS, json={"addressees": [addressee("KE")]})
    assert again.json() == {"issued": [], "renewed": [], "left_alone": ["KE"]}
    assert len(await registration.facts()) == count


WRONG: dict[str, Json] = {
    "no link": {"code": "12345678"},
    "no code": {"link": "a-link-that-nobody-was-sent"},
    "a link with a NUL": {"link": "a-link\0that-nobody", "code": "12345678"},
    "a code with a NUL": {"link": "a-link-that-nobody-was-sent", "code": "1234\x005678"},
    "a link without end": {"link": "x" * 201, "code": "12345678"},
    "something else": {"link": "a-link-that-nobody-was-sent", "code": "12345678", "role": "admin"},
}


@pytest.mark.parametrize("sent", WRONG.values(), ids=WRONG)
async def test_what_is_no_link_and_code_is_refused(registration: Desk, sent: Json) -> None:
    answer = await registration.ask("POST", "/sign-in", json=sent, anonymous=True)
    assert refusal(answer) == (422, "invalid-request")
    assert not any(secret in answer.text for secret in sent.values()), "a refusal does not repeat a secret"


async def test_an_unknown_link_is_refused_like_a_wrong_code(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    unknown = await sign_in(registration, "a-link-that-nobody-was-sent", code)
    wrong = await sign_in(registration, link, other_than(code))
    assert (unknown.status_code, unknown.text) == (wrong.status_code, wrong.text)


async def test_secrets_are_kept_so_that_they_open_nothing(registration: Desk) -> None:
    link = await link_of(registration)
    code = await code_for(registration, link)
    async with registration.database.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT invitations::text || '' FROM invitations")
        kept = "".join(row[0] for row in rows)
        rows = await connection.exec_driver_sql("SELECT history::text || '' FROM history")
        kept += "".join(row[0] for row in rows)
    assert '"digest"' in kept
    assert link not in kept
    assert code not in kept


@pytest.fixture
async def later(databases: Databases, edition_text: str) -> Any:
    """Opens the same registration some time after the invitation went out."""
    url = await emptied(service, databases)
    start = datetime(2022, 6, 1, 9, tzinfo=UTC) - datetime.now(UTC)

    def open_after(time: timedelta) -> Any:
        return desk(
            service,
            RegistrationSettings,
            databases,
            url=url,
            offset=start + time,
            token_signing_key=SIGNING_KEY,
        )

    async with open_after(timedelta(0)) as first:
        await first.ask("POST", "/editions", content=edition_text)
        await first.ask("POST", INVITATIONS, json={"addressees": [addressee("KE")]})
        await code_for(first, await link_of(first))
    return open_after


async def test_a_code_runs_out_after_ten_minutes_and_more_may_be_asked_for_after_an_hour(later: Any) -> None:
    async with later(timedelta(minutes=11)) as then:
        link = await link_of(then)
        old = (await secrets(then, "sign_in_code"))[-1]
        assert refusal(await sign_in(then, link, old.secret)) == (403, "sign-in-refused")
        for _ in range(5):
            await ask_code(then, link)
        assert len(await secrets(then, "sign_in_code")) == 5
    async with later(timedelta(minutes=75)) as then:
        code = await code_for(then, link)
        assert (await sign_in(then, link, code)).status_code == 200


async def test_a_link_runs_out_after_a_year(later: Any) -> None:
    async with later(timedelta(days=366)) as then:
        link = await link_of(then)
        count = len(await then.facts())
        assert (await ask_code(then, link)).status_code == 202
        assert len(await then.facts()) == count


async def test_a_token_runs_out_when_it_says(later: Any) -> None:
    async with later(timedelta(minutes=1)) as then:
        link = await link_of(then)
        entered = (await sign_in(then, link, await code_for(then, link))).json()
    bearer = {"authorization": f"Bearer {entered['token']}"}
    expires_at = datetime.fromisoformat(entered["expires_at"])
    assert timedelta(hours=7) < expires_at - datetime(2022, 6, 1, 9, tzinfo=UTC) < timedelta(hours=9)
    async with later(timedelta(hours=9)) as then:
        answer = await then.ask("GET", Nominator(then).path, headers=bearer, anonymous=True)
        assert refusal(answer) == (401, "not-signed-in")
