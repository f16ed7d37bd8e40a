"""Who may pass: what every route of an application says about it, and which say nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from summit_chassis.description import calls
from summit_chassis.identity import Guard, Role, statement_of

DOCUMENTS = frozenset({"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"})
"""What FastAPI serves about the routes themselves; it is the published description and holds nobody's particulars."""


@dataclass(frozen=True)
class Door:
    """A route and who may pass it."""

    name: str
    """Methods and path, e.g. `POST /editions/{edition_id}/delegations/{invitee}`."""
    roles: tuple[Role, ...] | None
    """Empty for everybody; none where nothing is stated."""
    fault: str | None = None
    """What is wrong with the statement."""


def doors(app: FastAPI) -> Iterator[Door]:
    """Every route, also those of included routers, which `app.routes` alone no longer shows."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if path in DOCUMENTS:
            continue
        name = f"{','.join(sorted(context.methods or ())) or type(context.original_route).__name__} {path}"
        dependant: Dependant | None = getattr(context, "dependant", None)
        if dependant is None:
            yield Door(name, None, "is no route of FastAPI, so no guard stands before it")
            continue
        yield _door(name, list(calls(dependant)))


def _door(name: str, calls: list[Callable[..., Any]]) -> Door:
    guards = [call for call in calls if isinstance(call, Guard)]
    roles = statement_of(calls)
    if roles is None:
        return Door(name, None, "does not say who may pass: allow(...) or OpenToAll")
    if any(not guard.roles for guard in guards):
        return Door(name, roles, "allows nobody by name: say Role.ADMIN if that is meant")
    if len(guards) > 1 or (guards and statement_of(call for call in calls if call not in guards) == ()):
        return Door(name, roles, "says twice who may pass")
    return Door(name, roles)
