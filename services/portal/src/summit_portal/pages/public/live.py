"""What happens, as it happens: server-sent events that go on where a broken connection ended.

Source: HTML Living Standard, section "Server-sent events".
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from summit_chassis.identity import OpenToAll
from summit_portal.live.board import Board
from summit_portal.pages.public.summits import Summit

router = APIRouter(prefix="/live", tags=["live"])

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
_HEARTBEAT = ":\n\n"
_RETRY = "retry: 2000\n\n"

Number = Annotated[int | None, Query(ge=0, description="The number after which to go on.")]
LastEventId = Annotated[int | None, Header(ge=0)]


class EventStream(StreamingResponse):
    """Server-sent events: an answer that goes on until one of the two leaves."""

    media_type = "text/event-stream"


@router.get("/{edition_id}/figures", response_class=EventStream)
async def figures(request: Request, summit: Summit, _: OpenToAll) -> EventStream:
    """The summit in figures, now and whenever they change: JSON, one message for each change that can be seen."""
    return _stream(_figures(_board(request), summit.edition_id, _stopping(request)))


@router.get("/{edition_id}/facts", response_class=EventStream)
async def facts(
    request: Request,
    summit: Summit,
    _: OpenToAll,
    after: Number = None,
    last_event_id: LastEventId = None,
) -> EventStream:
    """Every public fact of the summit as it is heard, from now on or after a number; each comes once, in order, without a gap.

    The id of a message is its number. A browser sends the last one with its next connection; `after` does the same by address.
    """
    since = last_event_id if last_event_id is not None else after
    return _stream(_facts(_board(request), summit.edition_id, since, _stopping(request)))


async def _figures(board: Board, edition_id: str, stopping: asyncio.Event) -> AsyncIterator[str]:
    yield _RETRY
    async for said in board.figures(edition_id, stopping):
        yield _message(said[0], said[1].model_dump_json()) if said else _HEARTBEAT


async def _facts(
    board: Board, edition_id: str, after: int | None, stopping: asyncio.Event
) -> AsyncIterator[str]:
    yield _RETRY
    async for came in board.facts(edition_id, after, stopping):
        yield "".join(_message(one.seq, one.model_dump_json()) for one in came) or _HEARTBEAT


def _message(number: int, said: str) -> str:
    return f"id: {number}\ndata: {said}\n\n"


def _stream(messages: AsyncIterator[str]) -> EventStream:
    return EventStream(messages, headers=_HEADERS)


def _board(request: Request) -> Board:
    found: Board = request.app.state.board
    return found


def _stopping(request: Request) -> asyncio.Event:
    found: asyncio.Event = request.app.state.runtime.stopping
    return found
