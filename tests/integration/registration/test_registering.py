"""From an edition file to a registered delegation, over HTTP and in PostgreSQL."""

import pytest

from summit_testkit.desk import Desk
from summit_testkit.forms import Json, Nominator, addressee, form, refusal, wish


async def test_a_form_becomes_a_delegation_and_its_wishes_become_requests(
    empty_desk: Desk, edition_text: str
) -> None:
    await empty_desk.ask("POST", "/editions", content=edition_text)
    sent = {"addressees": [addressee("KE")]}
    invited = await empty_desk.ask("POST", "/editions/uncops-2022/invitations", json=sent)
    assert invited.json()["issued"] == ["KE"]
    answer = await Nominator(empty_desk).ask("POST", json=form(wishes=(wish("NO"),)))
    assert answer.status_code == 201, answer.text
    assert (answer.headers["location"], answer.headers["etag"]) == (
        "/editions/uncops-2022/delegations/KE",
        '"1"',
    )
    assert answer.json()["state"] == "nominated"
    kinds = [(fact.type.split(".")[2], fact.aggregateversion) for fact in await empty_desk.facts()]
    assert kinds == [
        ("edition_published", 1),
        ("contacts_named", 1),
        ("invitation_issued", 1),
        ("access_code_issued", 1),
        ("delegation_registered", 1),
        ("bilateral_requested", 2),
        ("contacts_named", 2),
    ]


async def test_the_same_request_twice_registers_once(kenya: Nominator) -> None:
    headers = {"idempotency-key": "one"}
    first = await kenya.ask("POST", json=form(), headers=headers)
    count = len(await kenya.desk.facts())
    again = await kenya.ask("POST", json=form(), headers=headers)
    other = await kenya.ask("POST", json=form(language="fr"), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert (again.headers["etag"], again.headers["location"]) == (
        first.headers["etag"],
        first.headers["location"],
    )
    assert refusal(other) == (422, "idempotency-key-reused")
    assert len(await kenya.desk.facts()) == count


async def test_a_refused_request_leaves_its_key_free_for_a_better_one(kenya: Nominator) -> None:
    headers = {"idempotency-key": "one"}
    assert (await kenya.ask("POST", json={"members": []}, headers=headers)).status_code == 422
    refused = await kenya.ask("POST", json=form(wishes=(wish("KE"),)), headers=headers)
    assert refusal(refused) == (422, "wish-for-oneself")
    assert (await kenya.ask("POST", json=form(), headers=headers)).status_code == 201


async def test_the_keys_of_two_accounts_are_two_keys(kenya: Nominator) -> None:
    headers = {"idempotency-key": "one"}
    assert (await kenya.ask("POST", json=form(), headers=headers)).status_code == 201
    france = await Nominator(kenya.desk, "FR").ask("POST", json=form(), headers=headers)
    assert france.status_code == 201


@pytest.mark.parametrize("language", [{}, {"language": "fr"}], ids=["of the invitation", "of their own"])
async def test_letters_go_out_in_the_language_that_was_chosen(kenya: Nominator, language: Json) -> None:
    delegation = await kenya.register(**language)
    assert delegation["language"] == language.get("language", "en")


async def test_a_nominator_of_one_invitee_is_kept_from_another(registration: Desk) -> None:
    answer = await registration.ask("GET", "/editions/uncops-2022/delegations/NO", as_invitee="KE")
    assert refusal(answer) == (403, "foreign-invitee")


async def test_a_nominator_sees_its_own_contacts_and_how_its_invitation_stands(kenya: Nominator) -> None:
    opened = (await kenya.ask("GET")).json()
    assert opened["invitation"] == "issued"
    assert opened["focal"]["nominator"]["email"] == addressee("KE")["focal"]["nominator"]["email"]
    other = await kenya.desk.ask("GET", "/editions/uncops-2022/delegations/KE", as_invitee="NO")
    assert other.status_code == 403
    assert "focal" not in other.json()
