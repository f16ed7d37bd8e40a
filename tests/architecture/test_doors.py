"""Every route of every service says who may pass."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import PlainTextResponse

from summit_chassis import health
from summit_chassis.identity import Caller, OpenToAll, Role, allow
from summit_chassis.service import Service, application
from summit_testkit.house.doors import doors
from summit_testkit.house.sources import services

ROOT = Path(__file__).parents[2]
OPERATIONS = 4
"""The routes that the chassis adds to every service: those for dead letters."""


def _application(name: str) -> FastAPI:
    service = import_module(f"summit_{name}.app").service
    assert isinstance(service, Service)
    return application(service)


@pytest.mark.parametrize("name", services(ROOT))
def test_every_route_of_the_service_says_who_may_pass(name: str) -> None:
    found = list(doors(_application(name)))
    assert len(found) > OPERATIONS, "a service without routes of its own was not looked at"
    assert [f"{door.name} {door.fault}" for door in found if door.fault] == []


def test_health_is_open_to_all_and_says_so() -> None:
    app = FastAPI()
    app.include_router(health.router({}))
    assert {door.name: door.roles for door in doors(app)} == {
        "GET /health/live": (),
        "GET /health/serving": (),
        "GET /health/ready": (),
        "GET /metrics": (),
    }


def _with(router: APIRouter) -> FastAPI:
    """As `summit_chassis.service.application` does it: a router within a router within the application."""
    outer, app = APIRouter(), FastAPI()
    outer.include_router(router, prefix="/editions")
    app.include_router(outer)
    return app


def test_a_planted_route_that_says_nothing_is_found() -> None:
    router = APIRouter()

    @router.post("/{edition_id}/delegations")
    async def register(edition_id: str) -> None: ...

    (door,) = doors(_with(router))
    assert door.name == "POST /editions/{edition_id}/delegations"
    assert door.fault is not None
    assert "does not say" in door.fault


def test_roles_are_read_from_a_route() -> None:
    router = APIRouter()

    @router.get("/one")
    async def one(caller: Annotated[Caller, allow(Role.NOMINATOR, Role.REGISTRATION)]) -> None: ...

    @router.get("/two", dependencies=[allow(Role.SERVICE)])
    async def two() -> None: ...

    @router.get("/three")
    async def three(_: OpenToAll) -> None: ...

    found = list(doors(_with(router)))
    assert [door.roles for door in found] == [(Role.NOMINATOR, Role.REGISTRATION), (Role.SERVICE,), ()]
    assert not any(door.fault for door in found)


def test_a_guard_behind_another_dependency_is_seen() -> None:
    router = APIRouter()

    async def secretariat(caller: Annotated[Caller, allow(Role.PLEDGES)]) -> Caller:
        return caller

    @router.get("/one")
    async def one(caller: Annotated[Caller, Depends(secretariat)]) -> None: ...

    assert [door.roles for door in doors(_with(router))] == [(Role.PLEDGES,)]


def test_a_guard_without_a_role_is_found() -> None:
    router = APIRouter()

    @router.get("/one")
    async def one(caller: Annotated[Caller, allow()]) -> None: ...

    assert [door.fault is not None for door in doors(_with(router))] == [True]


def test_a_route_that_says_it_twice_is_found() -> None:
    router = APIRouter()

    @router.get("/one", dependencies=[allow(Role.PLEDGES)])
    async def one(_: OpenToAll) -> None: ...

    assert [door.fault for door in doors(_with(router))] == ["says twice who may pass"]


def test_what_is_mounted_past_the_guards_is_found() -> None:
    app = FastAPI()
    app.mount("/files", PlainTextResponse("open"))
    app.add_route("/plain", lambda _: PlainTextResponse("open"))
    assert [door.fault is not None for door in doors(app)] == [True, True]
