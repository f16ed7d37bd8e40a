"""What goes on in the background goes on, however it ends; nothing of it ends unseen, and it stops when it is to."""

import asyncio
import re
from collections.abc import Callable

import pytest

from summit_chassis import workers
from summit_chassis.workers import Courses, kept_going
from summit_testkit.eventually import eventually


def returns() -> None:
    """It is over, and nobody asked for that."""


def fails() -> None:
    raise LookupError("nobody thought of this")


def loses_the_server() -> None:
    raise ConnectionResetError("the server is away")


def is_cancelled_by_a_library() -> None:
    raise asyncio.CancelledError("a future that it waited for")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (returns, "it returned"),
        (fails, "nobody thought of this"),
        (loses_the_server, "the server is away"),
        (is_cancelled_by_a_library, "a future that it waited for"),
    ],
)
async def test_a_worker_that_ends_is_told_of_and_begins_anew(
    end: Callable[[], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    begun: list[str] = []

    async def worker(stopping: asyncio.Event) -> None:
        begun.append("once more")
        if len(begun) == 1:
            end()
        else:
            await stopping.wait()

    stopping = asyncio.Event()
    going = asyncio.create_task(kept_going(worker, stopping, Courses()))

    def it_works_again() -> None:
        assert len(begun) == 2

    await eventually(it_works_again)
    assert not going.done()
    stopping.set()
    await going
    assert len(begun) == 2
    told = "".join(capsys.readouterr())
    assert "worker.ended" in told
    assert worker.__qualname__ in told
    assert said in told


async def test_a_worker_that_is_cancelled_on_purpose_does_not_begin_anew() -> None:
    begun: list[str] = []

    async def worker(stopping: asyncio.Event) -> None:
        begun.append("once")
        await stopping.wait()

    def it_works() -> None:
        assert begun

    going = asyncio.create_task(kept_going(worker, asyncio.Event(), Courses()))
    await eventually(it_works)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert begun == ["once"]


async def test_what_is_wrong_while_it_stops_is_told_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    async def worker(stopping: asyncio.Event) -> None:
        stopping.set()
        raise LookupError("too late")

    await kept_going(worker, asyncio.Event(), Courses())
    assert "too late" in "".join(capsys.readouterr())


async def test_who_ends_again_and_again_is_named_until_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_BEGINS_ANEW_SECONDS", 0.01)
    is_mended = asyncio.Event()

    async def letters(stopping: asyncio.Event) -> None:
        if is_mended.is_set():
            await stopping.wait()
        raise LookupError("of somebody@example.org")

    courses, stopping = Courses(), asyncio.Event()
    assert await courses.fault() is None
    going = asyncio.create_task(kept_going(letters, stopping, courses))

    async def it_is_named() -> None:
        fault = await courses.fault() or ""
        assert re.fullmatch(
            r"\S*letters ended \d+ times in a row, the last time by LookupError; see `worker.ended` in the log",
            fault,
        )

    async def nobody_is() -> None:
        assert await courses.fault() is None

    await eventually(it_is_named)
    monkeypatch.setattr(workers, "_SOON_SECONDS", 0.5)
    is_mended.set()
    await eventually(nobody_is)
    assert not going.done()
    stopping.set()
    await going


async def test_who_ended_once_or_after_long_work_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_BEGINS_ANEW_SECONDS", 0.01)
    monkeypatch.setattr(workers, "_SOON_SECONDS", 0.0)
    told: list[str | None] = []
    courses, stopping = Courses(), asyncio.Event()

    async def worker(_: asyncio.Event) -> None:
        told.append(await courses.fault())
        if len(told) > 9:
            stopping.set()

    await kept_going(worker, stopping, courses)
    assert told == [None] * 10
