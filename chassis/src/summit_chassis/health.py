"""Liveness and readiness: whether the process runs, whether it can answer requests, whether it can do all its work, and what stops it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from summit_chassis.faults import fault_of
from summit_chassis.identity import OpenToAll

Check = Callable[[], Awaitable[str | None]]
"""Answers what is wrong, or nothing."""

_PATIENCE_SECONDS = 2.0
_SERVES_WITH = ("migrations", "database")
"""Who is asked over HTTP needs these. A broker that is away is no reason to send people away: facts wait in the outbox."""


def router(checks: Mapping[str, Check]) -> APIRouter:
    """`/health/live`, `/health/serving`, `/health/ready` and `/metrics`."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/health/live")
    async def live(_: OpenToAll) -> dict[str, str]:
        """The process runs."""
        return {"status": "live"}

    @routes.get(
        "/health/serving", responses={503: {"description": "It cannot answer requests; each fault is named."}}
    )
    async def serving(_: OpenToAll) -> Response:
        """It can answer requests: its database is there and at the newest migration. A load balancer asks this."""
        return await _answered({name: check for name, check in checks.items() if name in _SERVES_WITH})

    @routes.get(
        "/health/ready", responses={503: {"description": "It cannot do its work; each fault is named."}}
    )
    async def ready(_: OpenToAll) -> Response:
        """It can do its work: database at the newest migration, streams and durables answering, relay, consumers and workers moving."""
        return await _answered(checks)

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
    )
    async def metrics(_: OpenToAll) -> Response:
        """Prometheus' text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


async def _answered(checks: Mapping[str, Check]) -> Response:
    answers = await asyncio.gather(*(_answer(check) for check in checks.values()))
    faults = {name: fault for name, fault in zip(checks, answers, strict=True) if fault}
    body = {"status": "not ready" if faults else "ready", "checks": dict.fromkeys(checks, "ok") | faults}
    return JSONResponse(body, 503 if faults else 200)


async def _answer(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer within {_PATIENCE_SECONDS:g} s"
    except Exception as failure:  # noqa: BLE001  # whatever goes wrong is the answer
        return fault_of(failure)
