"""Around every request: limits of size and of time, a correlation id, a span, and metrics with few labels."""

import asyncio
import re
import time

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summit_chassis import telemetry
from summit_chassis.ids import new_id
from summit_chassis.problems import body_too_large, leaving, unexpected

MAX_BODY = 1_000_000
"""Bytes; a larger body is refused before it is read, or where it grows too large if it does not say how large it is."""
BODY_WITHIN_SECONDS = 20.0
"""A body that is not here by then is not waited for: whoever sends a byte a minute holds up nobody."""
_CORRELATION = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_LENGTH = re.compile(r"^[0-9]{1,15}$")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Frame:
    """What every answer has in common, also the answer to a request that went wrong."""

    def __init__(self, app: ASGIApp, service: str, body_within: float = BODY_WITHIN_SECONDS) -> None:
        self._app = app
        self._service = service
        self._body_within = body_within

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is answered, counted and timed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-correlation-id", "")
        correlation_id = given if _CORRELATION.match(given) else new_id()
        status = 0
        started = time.perf_counter()
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-correlation-id", correlation_id.encode()))
            await send(message)

        with telemetry.caused_by(correlation_id), telemetry.span(method, headers):
            try:
                await self._answer(scope, receive, send_with_id, headers.get("content-length", "0"))
            except asyncio.CancelledError:
                if status:
                    raise
                await leaving()(scope, receive, send_with_id)
            except Exception as failure:
                if status:
                    raise  # half an answer is out; the server closes the connection
                await unexpected(failure)(scope, receive, send_with_id)
            finally:
                route = getattr(scope.get("route"), "path", "none")
                telemetry.name_span(f"{method} {route}")
                telemetry.REQUESTS.labels(self._service, method, route, f"{status // 100}xx").inc()
                telemetry.REQUEST_SECONDS.labels(self._service, method, route).observe(
                    time.perf_counter() - started
                )

    async def _answer(self, scope: Scope, receive: Receive, send: Send, length: str) -> None:
        if not _LENGTH.match(length) or int(length) > MAX_BODY:
            await body_too_large(MAX_BODY)(scope, receive, send)
        else:
            await self._app(scope, _limited(receive, self._body_within), send)


def _limited(receive: Receive, within: float) -> Receive:
    """A body that declares no length is refused where it grows too large; one that does not come is not waited for."""
    received = 0
    is_whole = False
    deadline = asyncio.get_running_loop().time() + within

    async def receive_some() -> Message:
        nonlocal received, is_whole
        if is_whole:  # what comes now is that the other side has left
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError as late:
            raise HTTPException(408, f"The body was not here within {within:g} s.") from late
        is_whole = not message.get("more_body", False)
        received += len(message.get("body", b""))
        if received > MAX_BODY:
            raise HTTPException(413, f"At most {MAX_BODY:,} bytes are taken.")
        return message

    return receive_some
