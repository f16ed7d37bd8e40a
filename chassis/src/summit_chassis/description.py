"""What a service says of itself in OpenAPI: of each route who may ask, and every way it can be refused.

Nothing is said by hand: guards, paths and methods tell it. A fuzzer holds every answer against it (`tests/fuzz`).
Source: OpenAPI 3.1; RFC 9457.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from summit_chassis.identity import statement_of
from summit_chassis.problems import CONTENT_TYPE, Problem
from summit_contracts.schemas import WALL_CLOCK

_SCHEMA = "#/components/schemas/{model}"
_BEARER: Final = "bearer"
_REFUSALS: Final = {
    401: ("NotSignedIn", "Nobody is signed in, or not any more."),
    403: ("NotAllowed", "Somebody else may do this."),
    404: ("Unknown", "There is no such thing."),
    408: ("TooSlow", "The body did not come in time."),
    409: ("Conflicting", "It cannot be done as things stand."),
    412: ("Stale", "It was changed in the meantime, or the change does not say what it was decided on."),
    413: ("TooLarge", "The body is too large."),
    422: ("Invalid", "Something in the request is wrong; `field` and `faults` say what."),
    503: ("Unavailable", "The service cannot reach what it needs; try again."),
}
"""By status: a name, and what it means."""


def describe(app: FastAPI) -> None:
    """The OpenAPI document of the application says of each operation who may ask and how it can be refused."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's own way of extending it


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """What runs before the route, with the route itself."""
    if dependant.call is not None:
        yield dependant.call
    for inner in dependant.dependencies:
        yield from calls(inner)


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    guarded = set(_guarded(app))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            is_guarded = (method, path) in guarded
            if is_guarded:
                operation["security"] = [{_BEARER: []}]
            responses = operation["responses"]
            responses.pop("422", None)  # FastAPI's own form of it, in which nothing is answered
            for status in _refusals(method, path, is_guarded=is_guarded):
                name, _ = _REFUSALS[status]
                responses.setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for forgotten in ("HTTPValidationError", "ValidationError"):  # what is wrong is told as a problem
        schemas.pop(forgotten, None)
    shape = Problem.model_json_schema(ref_template=_SCHEMA)
    schemas |= shape.pop("$defs") | {"Problem": shape}
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    document["components"]["responses"] = {name: _refusal(meaning) for name, meaning in _REFUSALS.values()}
    document["components"]["securitySchemes"] = {
        _BEARER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    plain: dict[str, Any] = _told_plainly(document)
    return plain


def _told_plainly(schema: Any) -> Any:
    """The same, in which a wall-clock time is no `time` of JSON Schema, which has an offset from UTC."""
    if isinstance(schema, list):
        return [_told_plainly(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "time":
        schema = {name: value for name, value in schema.items() if name != "format"} | WALL_CLOCK
    return {name: _told_plainly(value) for name, value in schema.items()}


def _guarded(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(context, "dependant", None)
        if dependant is not None and statement_of(calls(dependant)):
            for method in context.methods or ():
                yield method.lower(), context.path or ""


def _refusals(method: str, path: str, *, is_guarded: bool) -> Iterator[int]:
    if is_guarded:
        yield 401
    if is_guarded or method != "get":
        yield 403
    if "{" in path:
        yield 404
    # What is there may be no more, or not yet, what somebody wants to see of it.
    if "{" in path or method != "get":
        yield 409
    if method != "get":
        yield from (408, 412, 413)
    yield from (422, 503)


def _refusal(meaning: str) -> dict[str, Any]:
    shape = {"$ref": _SCHEMA.format(model="Problem")}
    return {"description": meaning, "content": {CONTENT_TYPE: {"schema": shape}}}
