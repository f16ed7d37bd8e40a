"""What every answer has in common: a process that has to end leaves no request without one."""

import asyncio
import json

import pytest
from starlette.types import Message, Receive, Scope, Send

from summit_chassis.frame import Frame

SCOPE: Scope = {"type": "http", "method": "PATCH", "path": "/", "headers": []}


class Caller:
    """Sends nothing and keeps what comes back."""

    def __init__(self) -> None:
        self.came: list[Message] = []
        self.waits = asyncio.Event()

    async def receive(self) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        self.came.append(message)

    async def cancelled_in(self, app: Frame) -> None:
        """The request was under way when its process gave it up."""
        task = asyncio.create_task(app(SCOPE, self.receive, self.send))
        await self.waits.wait()
        task.cancel()
        await task


async def test_a_request_that_a_stop_cuts_off_may_be_tried_again() -> None:
    caller = Caller()

    async def slow(_: Scope, __: Receive, ___: Send) -> None:
        caller.waits.set()
        await asyncio.Event().wait()

    await caller.cancelled_in(Frame(slow, "probe"))
    start, body = caller.came
    assert start["status"] == 503
    assert json.loads(body["body"])["type"] == "urn:summit:problem:unavailable"


async def test_half_an_answer_is_not_made_a_whole_one() -> None:
    caller = Caller()

    async def halfway(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        caller.waits.set()
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await caller.cancelled_in(Frame(halfway, "probe"))
    assert [one["type"] for one in caller.came] == ["http.response.start"]
