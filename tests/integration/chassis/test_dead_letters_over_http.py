"""An operator sees what was set aside, with its original, and has it applied again."""

from base64 import b64decode

import pytest

from summit_chassis.broker import Outgoing, close, connect, publish
from summit_chassis.identity import Role
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Stream
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe import application
from summit_testkit.probe.services import applied_reasons, hearing, withdrawn
from summit_testkit.probe.services import publish as commit
from summit_testkit.probe.serving import Served, bearer, serving, settings_of

ADMIN = bearer(Role.ADMIN)


async def letters(hearer: Served) -> list[dict[str, object]]:
    answer = await hearer.http.get("/admin/dead-letters", headers=ADMIN)
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()
    return found


async def states(hearer: Served) -> list[object]:
    return [letter["state"] for letter in await letters(hearer)]


async def test_from_a_poison_to_its_replay(
    databases: Databases, probe_template: str, provisioned_nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, sink = databases.fresh(probe_template), databases.fresh(probe_template)
    url = provisioned_nats.url
    heard = hearing()
    monkeypatch.setattr(application.hearer.subscribers, "_handlers", heard._handlers)
    async with (
        serving(application.publisher, settings_of(source, url)) as publisher,
        serving(application.hearer, settings_of(sink, url, max_attempts=1)) as hearer,
    ):
        await commit(publisher.database, *map(withdrawn, ("fine", "poison", "behind it")))

        async def one_is_dead_and_one_waits() -> None:
            assert await states(hearer) == ["dead", "parked"]

        await eventually(one_is_dead_and_one_waits)
        dead = (await letters(hearer))[0]
        assert dead["reason"] == "RuntimeError: poison"
        assert dead["attempts"] == 1
        assert dead["stream"] == "REGISTRATION"
        shown = (await hearer.http.get(f"/admin/dead-letters/{dead['dead_letter_id']}", headers=ADMIN)).json()
        assert b'"reason":"poison"' in b64decode(shown["payload_base64"])
        assert shown["headers"]["content-type"] == "application/cloudevents+json"

        async def healed(event: object, unit: object) -> None:
            return None

        monkeypatch.setitem(heard._handlers, "summit.registration.delegation_withdrawn.v1", healed)
        again = await hearer.http.post(f"/admin/dead-letters/{dead['dead_letter_id']}/replay", headers=ADMIN)
        assert (again.status_code, again.json()) == (202, {"marked": 1})

        async def nothing_waits() -> None:
            assert await states(hearer) == []

        await eventually(nothing_waits)
        assert await applied_reasons(hearer.database) == ["fine"]
        gone = await hearer.http.post(f"/admin/dead-letters/{dead['dead_letter_id']}/replay", headers=ADMIN)
        assert gone.status_code == 404
        kept = await hearer.http.get(f"/admin/dead-letters/{dead['dead_letter_id']}", headers=ADMIN)
        assert kept.json()["state"] == "replayed"
        assert kept.json()["asked_by"] == "officer-1"
        assert kept.json()["asked_at"] is not None


async def test_all_are_replayed_at_once_and_what_still_fails_stays(
    probe_url: str, provisioned_nats: NatsServer
) -> None:
    client = await connect(provisioned_nats.url, service="test")
    subject = "summit.probe.registration.delegation_withdrawn.v1.AA"
    broken = [Outgoing(f"broken-{number}", subject, b"{" * (number + 1), {}) for number in range(3)]
    await publish(client, Stream.REGISTRATION.value, broken)
    await close(client)
    async with serving(application.hearer, settings_of(probe_url, provisioned_nats.url)) as hearer:

        async def three_are_dead(attempts: int) -> None:
            assert [(letter["state"], letter["attempts"]) for letter in await letters(hearer)] == [
                ("dead", attempts)
            ] * 3

        await eventually(lambda: three_are_dead(1))
        limited = await hearer.http.get("/admin/dead-letters?limit=2", headers=ADMIN)
        assert len(limited.json()) == 2
        assert [letter["asked_by"] for letter in await letters(hearer)] == [None] * 3
        answer = await hearer.http.post("/admin/dead-letters/replay", headers=ADMIN)
        assert answer.json() == {"marked": 3}
        await eventually(lambda: three_are_dead(2))
        again = bearer(Role.ADMIN, account="officer-2")
        dead_letter_id = (await letters(hearer))[0]["dead_letter_id"]
        await hearer.http.post(f"/admin/dead-letters/{dead_letter_id}/replay", headers=again)
        asked = {letter["dead_letter_id"]: letter["asked_by"] for letter in await letters(hearer)}
        assert asked.pop(dead_letter_id) == "officer-2"
        assert list(asked.values()) == ["officer-1"] * 2


@pytest.mark.parametrize("dead_letter_id", ["nobody", "a%00b", "%F0%9F%92%A3", "x" * 2000, "..%2F.."])
async def test_a_letter_that_is_not_there_is_unknown(served: Served, dead_letter_id: str) -> None:
    for answer in (
        await served.http.get(f"/admin/dead-letters/{dead_letter_id}", headers=ADMIN),
        await served.http.post(f"/admin/dead-letters/{dead_letter_id}/replay", headers=ADMIN),
    ):
        assert answer.status_code in (404, 422)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_dead_letters_are_for_the_administrators_alone(served: Served, role: Role) -> None:
    for method, path in (
        ("GET", "/admin/dead-letters"),
        ("GET", "/admin/dead-letters/x"),
        ("POST", "/admin/dead-letters/x/replay"),
        ("POST", "/admin/dead-letters/replay"),
    ):
        assert (await served.http.request(method, path)).status_code == 401
        assert (await served.http.request(method, path, headers=bearer(role))).status_code == 403
