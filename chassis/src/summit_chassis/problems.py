"""Refusals as answers: `application/problem+json` with a stable slug, the field, and what to do.

Source: RFC 9457.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_jsonable_python
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from summit_chassis.arrivals import storable
from summit_chassis.faults import is_passing
from summit_chassis.telemetry import get_logger
from summit_contracts.errors import Conflicting, Invalid, NotAllowed, Refusal, Stale, TooLate, Unknown

log = get_logger(__name__)

CONTENT_TYPE = "application/problem+json"
_UNSTORABLE = frozenset({"22021", "22P05"})
"""A character that the encoding of the database does not have. Source: PostgreSQL, appendix A."""
_SLUGS = {
    401: "not-signed-in",
    404: "no-such-page",
    405: "no-such-method",
    408: "body-too-slow",
    413: "body-too-large",
    429: "too-many-requests",
}
_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (Unknown, 404),
    (NotAllowed, 403),
    (Conflicting, 409),
    (TooLate, 409),
    (Stale, 412),
    (Invalid, 422),
)


class Fault(BaseModel):
    """One field that is wrong."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused and what to do; the shape of every answer that is not a success."""

    model_config = ConfigDict(extra="allow")

    type: str
    """`urn:summit:problem:<slug>`; the slug does not change."""
    title: str
    status: int
    detail: str
    field: str | None = None
    remedy: str | None = None
    faults: list[Fault] = []


def problem(status: int, slug: str, title: str, detail: str, **more: Any) -> JSONResponse:
    """An answer that says what is wrong."""
    body = {"type": f"urn:summit:problem:{slug}", "title": title, "status": status, "detail": detail, **more}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(
        {key: value for key, value in body.items() if value is not None}, status, headers, CONTENT_TYPE
    )


def refused(refusal: Refusal) -> JSONResponse:
    """The answer to a refused request."""
    status = next((code for kind, code in _STATUS if isinstance(refusal, kind)), 400)
    details = {key: value for key, value in refusal.details.items() if value is not None}
    return problem(
        status,
        refusal.slug,
        refusal.title,
        refusal.detail,
        field=refusal.field,
        remedy=refusal.remedy,
        **_plain(details),
    )


def install(app: FastAPI) -> None:
    """Every way a request can fail is answered with a problem."""

    @app.exception_handler(Refusal)
    async def on_refusal(_: Request, refusal: Refusal) -> JSONResponse:
        return refused(refusal)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, failure: RequestValidationError) -> JSONResponse:
        faults = [
            {"field": _path(error["loc"]), "detail": storable(error["msg"])} for error in failure.errors()
        ]
        return problem(
            422,
            "invalid-request",
            "The request does not have the right form.",
            f"{len(faults)} field(s) are wrong; the first: {faults[0]['field']}: {faults[0]['detail']}",
            field=faults[0]["field"],
            remedy="Correct the fields listed under faults and send the request again.",
            faults=faults,
        )

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, failure: HTTPException) -> JSONResponse:
        slug = _SLUGS.get(failure.status_code, "refused")
        answer = problem(failure.status_code, slug, str(failure.detail), str(failure.detail))
        answer.headers.update(failure.headers or {})
        return answer

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeout)
    @app.exception_handler(OSError)
    async def on_surroundings(_: Request, failure: Exception) -> JSONResponse:
        if is_passing(failure):
            log.warning("http.unavailable", error=repr(failure))
            return _unavailable("The service cannot reach its database.")
        if isinstance(failure, DBAPIError) and getattr(failure.orig, "sqlstate", None) in _UNSTORABLE:
            return problem(
                422,
                "unstorable-text",
                "A text holds a character that cannot be kept.",
                "It holds U+0000 or is no valid Unicode.",
                remedy="Leave that character out and send the request again.",
            )
        return unexpected(failure)

    @app.exception_handler(Exception)
    async def on_unexpected(_: Request, failure: Exception) -> JSONResponse:
        return unexpected(failure)


def leaving() -> JSONResponse:
    """The answer to a request that was not done when the process had to end."""
    log.warning("http.left_undone")
    return _unavailable("The service was stopped before it was done.")


def _unavailable(title: str) -> JSONResponse:
    return problem(
        503,
        "unavailable",
        title,
        "Whether anything was changed is not known.",
        remedy="Try again in a moment; a creation with the same Idempotency-Key, a change after reading it again.",
    )


def unfit(fault: str) -> JSONResponse:
    """The answer while the surroundings allow no work."""
    return problem(
        503,
        "not-serving",
        "The service does not work in these surroundings.",
        f"{fault[0].upper()}{fault[1:]}. Nothing was changed.",
        remedy="Tell the operators; try again when they have mended it.",
    )


def unexpected(failure: Exception) -> JSONResponse:
    """The answer where nobody foresaw the fault; the log has it with the same correlation id."""
    log.error("http.unexpected", exc_info=failure)
    return problem(
        500,
        "unexpected",
        "The service made a mistake.",
        "Nothing was changed.",
        remedy="Tell the operators the X-Correlation-Id of this answer; the logs know more.",
    )


def body_too_large(most: int) -> JSONResponse:
    """The answer to a body of more than so many bytes."""
    return problem(
        413,
        "body-too-large",
        "The body is too large.",
        f"At most {most:,} bytes are taken.",
        remedy="Send less at once.",
    )


def _path(location: tuple[int | str, ...]) -> str:
    steps = location[1:] if location and location[0] in ("body", "query", "path", "header") else location
    return storable(".".join(str(step) for step in steps)) or "body"


def _plain(details: dict[str, object]) -> dict[str, Any]:
    """The details as JSON can say them: dates, sets and what is inside them too."""
    plain: dict[str, Any] = to_jsonable_python(details, fallback=str)
    return plain
