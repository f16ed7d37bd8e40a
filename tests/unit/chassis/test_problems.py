"""Every way a request can fail has an answer that says what is wrong, where, and what to do."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

import httpx
import pytest
import structlog
from fastapi import FastAPI, Query
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from summit_chassis import problems, telemetry
from summit_chassis.answers import Body
from summit_chassis.faults import DatabaseSilent
from summit_chassis.frame import MAX_BODY, Frame
from summit_contracts.errors import Conflicting, Invalid, NotAllowed, Refusal, Stale, TooLate, Unknown
from summit_contracts.values import LongText, Value

KINDS = {
    Unknown: 404,
    NotAllowed: 403,
    Conflicting: 409,
    TooLate: 409,
    Stale: 412,
    Invalid: 422,
    Refusal: 400,
}


def driver_fault(state: str, *, is_lost: bool = False) -> DBAPIError:
    class Fault(Exception):
        sqlstate: ClassVar[str] = state

    return DBAPIError("SELECT 1", {}, Fault("of the driver"), connection_invalidated=is_lost)


class Inner(Value):
    many: Annotated[int, Field(ge=1)]


class Form(Body):
    text: LongText
    inner: Inner | None = None


FAILURES: dict[str, tuple[Exception, int, str]] = {
    "nothing foresaw it": (ZeroDivisionError("division by zero"), 500, "unexpected"),
    "the database is gone": (driver_fault("08006", is_lost=True), 503, "unavailable"),
    "the database restarts": (driver_fault("57P01"), 503, "unavailable"),
    "the database hangs": (DatabaseSilent("no answer"), 503, "unavailable"),
    "no connection is free": (PoolTimeout(), 503, "unavailable"),
    "nobody listens there": (ConnectionRefusedError("refused"), 503, "unavailable"),
    "two waited for each other": (driver_fault("40P01"), 503, "unavailable"),
    "a character that cannot be kept": (driver_fault("22021"), 422, "unstorable-text"),
    "a statement that is wrong": (driver_fault("42601"), 500, "unexpected"),
    "a handler's own time-out": (TimeoutError(), 500, "unexpected"),
    "no such page": (HTTPException(404, "Not Found"), 404, "no-such-page"),
    "not signed in": (HTTPException(401, "A bearer token is needed."), 401, "not-signed-in"),
}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(Frame, service="probe")

    @app.post("/forms")
    async def post(form: Form) -> str:
        return form.text

    @app.get("/failures/{name}")
    async def fail(name: str) -> None:
        structlog.get_logger().info("about.to_fail")
        raise FAILURES[name][0]

    @app.get("/refusals/{status}/{place}")
    async def refuse(status: int, place: int) -> None:
        kind = list(KINDS)[place]
        raise kind(
            "It is so.",
            remedy="Do otherwise.",
            field="members[2].rank",
            limit=3,
            days=[date(2022, 8, 31)],
            nothing=None,
        )

    @app.get("/pages")
    async def pages(limit: Annotated[int, Query(ge=1, le=100)]) -> int:
        return limit

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["detail"]
    return str(body["type"]).removeprefix("urn:summit:problem:")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refusal_of_every_kind_has_status_slug_field_and_remedy(
    kind: type[Refusal], http: httpx.AsyncClient
) -> None:
    answer = await http.get(f"/refusals/{KINDS[kind]}/{list(KINDS).index(kind)}")
    assert answer.status_code == KINDS[kind]
    assert slug(answer) == kind.slug
    body = answer.json()
    assert body["field"] == "members[2].rank"
    assert body["remedy"] == "Do otherwise."
    assert body["limit"] == 3
    assert body["days"] == ["2022-08-31"]
    assert "nothing" not in body


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_has_an_answer(name: str, http: httpx.AsyncClient) -> None:
    _, status, expected = FAILURES[name]
    answer = await http.get(f"/failures/{name}")
    assert (answer.status_code, slug(answer)) == (status, expected)
    assert "division" not in answer.text
    assert "driver" not in answer.text


BODIES: dict[str, tuple[bytes, str | None]] = {
    "nothing": (b"", "body"),
    "half a text": (b'{"text": "a"', None),
    "a NUL": (b"\x00", None),
    "NULs": (b"\x00" * 1000, None),
    "no text in UTF-8": (b'{"text": "\xff\xfe"}', None),
    "a list": (b"[1]", "body"),
    "a number": (b"7", "body"),
    "null": (b"null", "body"),
    "a wrong type": (b'{"text": 7}', "text"),
    "a control character": (b'{"text": "a\\u0000b"}', "text"),
    "an empty text": (b'{"text": ""}', "text"),
    "a lone surrogate": (b'{"text": "\\ud800"}', "text"),
    "a field nobody knows": (b'{"text": "a", "more": 1}', "more"),
    "a field nobody can name": (b'{"text": "a", "\\ud800": 1}', None),
    "a wrong field inside": (b'{"text": "a", "inner": {"many": 0}}', "inner.many"),
    "infinity": (b'{"text": "a", "inner": {"many": 1e999}}', "inner.many"),
    "a number of five thousand digits": (b'{"text": "a", "inner": {"many": ' + b"9" * 5000 + b"}}", None),
    "ten thousand brackets": (b"[" * 10_000, None),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_broken_body_is_refused(name: str, http: httpx.AsyncClient) -> None:
    content, field = BODIES[name]
    answer = await http.post("/forms", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    slug(answer)
    if field:
        assert answer.json()["field"] == field
        assert answer.json()["faults"][0]["field"] == field


async def test_a_wrong_parameter_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.get("/pages?limit=1000")
    assert (answer.status_code, slug(answer), answer.json()["field"]) == (422, "invalid-request", "limit")


async def test_a_page_or_method_that_is_not_there_is_a_problem_too(http: httpx.AsyncClient) -> None:
    assert slug(await http.get("/nowhere")) == "no-such-page"
    assert slug(await http.delete("/forms")) == "no-such-method"


def form_of(size: int) -> bytes:
    return json.dumps({"text": "x"}).encode().ljust(size)


async def test_a_body_at_the_limit_is_taken_and_one_beyond_is_not(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    assert (await http.post("/forms", content=form_of(MAX_BODY), headers=headers)).status_code == 200
    answer = await http.post("/forms", content=form_of(MAX_BODY + 1), headers=headers)
    assert (answer.status_code, slug(answer)) == (413, "body-too-large")


async def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(http: httpx.AsyncClient) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 50_000
            yield b" " * 50_000

    answer = await http.post("/forms", content=endless(), headers={"content-type": "application/json"})
    assert (answer.status_code, slug(answer)) == (413, "body-too-large")
    assert taken < 2 * MAX_BODY


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(Frame, service="probe", body_within=0.05)

    @app.post("/forms")
    async def take(form: Form) -> str:
        return form.text

    never = asyncio.Event()

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://probe.test") as slow:
        answer = await slow.post("/forms", content=trickle(), headers={"content-type": "application/json"})
    assert (answer.status_code, slug(answer)) == (408, "body-too-slow")


@pytest.mark.parametrize("length", ["-1", "many", "1e3", "٣", "9" * 40])
async def test_a_length_that_is_none_is_refused(length: str, http: httpx.AsyncClient) -> None:
    answer = await http.post("/forms", content=b"{}", headers=[(b"content-length", length.encode())])
    assert (answer.status_code, slug(answer)) == (413, "body-too-large")


async def test_every_answer_carries_a_correlation_id_also_where_nobody_foresaw_the_fault(
    http: httpx.AsyncClient,
) -> None:
    for path in ("/pages?limit=1", "/nowhere", "/failures/nothing foresaw it"):
        answer = await http.get(path, headers={"x-correlation-id": "mine-1"})
        assert answer.headers["x-correlation-id"] == "mine-1"
    for strange in ("", "a b", "x" * 65, "<script>"):
        answer = await http.get("/nowhere", headers={"x-correlation-id": strange})
        assert answer.headers["x-correlation-id"] not in ("", strange)


@pytest.fixture
def logged() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the service has logged since."""
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    telemetry.configure("probe")
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_what_is_logged_about_a_request_carries_its_correlation_id_and_the_service(
    http: httpx.AsyncClient, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    await http.get("/failures/nothing foresaw it", headers={"x-correlation-id": "mine-2"})
    lines = logged()
    assert [line["event"] for line in lines] == ["about.to_fail", "http.unexpected"]
    assert {line["correlation_id"] for line in lines} == {"mine-2"}
    assert {line["service"] for line in lines} == {"probe"}
    assert "ZeroDivisionError" in lines[1]["exception"]


def counted() -> dict[tuple[str, str, str], float]:
    """By method, route and status, how many requests the probe has answered, whichever test asked them."""
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for metric in telemetry.REQUESTS.collect()
        for sample in metric.samples
        if sample.labels["service"] == "probe" and sample.name.endswith("_total")
    }


async def test_metrics_have_few_labels_whatever_is_asked_for(http: httpx.AsyncClient) -> None:
    before = counted()
    for number in range(30):
        await http.get(f"/nowhere/{number}")
        await http.get("/failures/no such page")
        await http.get(f"/pages?limit={number}")
        await http.request(f"METHOD{number}", f"/pages/{number}")
    grown = {labels for labels, times in counted().items() if times > before.get(labels, 0)}
    assert {method for method, _, _ in grown} == {"GET", "other"}
    assert {route for _, route, _ in grown} == {"/pages", "/failures/{name}", "none"}
    assert {status for _, _, status in grown} <= {"2xx", "4xx", "5xx"}
