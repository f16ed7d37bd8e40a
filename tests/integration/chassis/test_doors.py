"""A creation may be repeated and is made once; a change is made on what was looked at, or not at all."""

import asyncio

import httpx
import pytest
from sqlalchemy import text

from summit_chassis.identity import Role
from summit_testkit.eventually import eventually
from summit_testkit.probe.serving import Served, bearer

KENYA = "/editions/probe/notes/KE"
OFFICER = bearer(Role.REGISTRATION)


async def make(
    served: Served, key: str | None = None, *, text: str = "seen", path: str = KENYA, **who: str
) -> httpx.Response:
    headers = {**(who or OFFICER), **({"idempotency-key": key} if key is not None else {})}
    return await served.http.post(path, json={"text": text}, headers=headers)


async def facts(served: Served) -> list[str]:
    async with served.database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT payload FROM outbox ORDER BY seq"))
        return [payload.decode() for (payload,) in rows]


def slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:summit:problem:")


async def test_the_same_request_with_the_same_key_gets_the_same_answer_and_changes_nothing(
    served: Served,
) -> None:
    first = await make(served, "key-1")
    again = await make(served, "key-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert {name: first.headers[name] for name in ("location", "etag", "content-type")} == {
        name: again.headers[name] for name in ("location", "etag", "content-type")
    }
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert len(await facts(served)) == 1


async def test_the_same_key_with_another_body_is_refused(served: Served) -> None:
    await make(served, "key-1")
    for other in (
        await make(served, "key-1", text="other"),
        await make(served, "key-1", path="/editions/probe/notes/RW"),
        await make(served, "key-1", path=f"{KENYA}?draft=1"),
    ):
        assert (other.status_code, slug(other)) == (422, "idempotency-key-reused")
        assert other.json()["field"] == "Idempotency-Key"
    assert len(await facts(served)) == 1


async def test_another_account_may_use_the_same_key(served: Served) -> None:
    await make(served, "key-1")
    other = bearer(Role.REGISTRATION, account="officer-2")
    answer = await make(served, "key-1", path="/editions/probe/notes/RW", **other)
    assert answer.status_code == 201
    assert len(await facts(served)) == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 101, "\x7f"])
async def test_a_key_that_is_none_is_refused(served: Served, key: str) -> None:
    answer = await make(served, key)
    assert (answer.status_code, slug(answer)) == (422, "malformed-header")


async def test_twenty_at_once_with_the_same_key_make_one(served: Served) -> None:
    answers = await asyncio.gather(*(make(served, "key-1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1
    assert len(await facts(served)) == 1


async def test_a_refused_creation_leaves_its_key_free(served: Served) -> None:
    await make(served)
    refused = await make(served, "key-1")
    assert (refused.status_code, slug(refused)) == (409, "note-exists")
    async with served.database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM notes"))
    assert (await make(served, "key-1")).status_code == 201


async def change(served: Served, named: str | None, text: str = "changed") -> httpx.Response:
    headers = OFFICER if named is None else {**OFFICER, "if-match": named}
    return await served.http.put(KENYA, json={"text": text}, headers=headers)


async def test_a_change_names_what_it_was_decided_on(served: Served) -> None:
    made = await make(served)
    changed = await change(served, made.headers["etag"])
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    stale = await change(served, made.headers["etag"])
    assert (stale.status_code, slug(stale), stale.json()["current_version"]) == (412, "stale-version", 2)
    assert len(await facts(served)) == 2


@pytest.mark.parametrize(
    ("named", "status", "expected"),
    [
        (None, 412, "if-match-needed"),
        ("1", 422, "malformed-header"),
        ("*", 422, "malformed-header"),
        ('"one"', 422, "malformed-header"),
        ('"1", "2"', 422, "malformed-header"),
        ('"-1"', 422, "malformed-header"),
        ('"' + "9" * 40 + '"', 422, "malformed-header"),
        ('"7"', 412, "stale-version"),
        ('W/"1"', 200, ""),
    ],
)
async def test_an_if_match_that_is_none_is_refused(
    served: Served, named: str | None, status: int, expected: str
) -> None:
    await make(served)
    answer = await change(served, named)
    assert answer.status_code == status
    assert not expected or slug(answer) == expected


async def test_of_many_changes_at_once_on_the_same_version_one_is_made(served: Served) -> None:
    made = await make(served)
    answers = await asyncio.gather(*(change(served, made.headers["etag"], f"{n}") for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert len(await facts(served)) == 2


async def test_a_fact_carries_the_correlation_id_of_its_request(served: Served) -> None:
    headers = {**OFFICER, "x-correlation-id": "case-7"}
    await served.http.post(KENYA, json={"text": "seen"}, headers=headers)
    assert '"correlationid":"case-7"' in (await facts(served))[0]


async def test_when_no_connection_is_free_the_answer_is_to_try_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.database.engine.pool, "_timeout", 0.3)
    pool = 10
    async with asyncio.TaskGroup() as group:
        enough = asyncio.Event()

        async def hold() -> None:
            async with served.database.engine.connect():
                await enough.wait()

        for _ in range(pool):
            group.create_task(hold())
        await eventually(lambda: all_are_taken(served, pool))
        answer = await make(served)
        enough.set()
    assert (answer.status_code, slug(answer)) == (503, "unavailable")
    assert await facts(served) == []


def all_are_taken(served: Served, pool: int) -> None:
    assert served.database.engine.pool.checkedout() == pool  # type: ignore[attr-defined]  # a queue pool has it
