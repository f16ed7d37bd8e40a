"""A service as a whole: declared in its `app.py`, run here in one role or all of them.

python -m summit_registration serve | http | events | relay | migrate
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Generic, Literal, TypeVar, get_args

import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI
from faststream import FastStream
from faststream.asgi import make_asyncapi_asgi
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from sqlalchemy import MetaData
from starlette.types import ASGIApp

from summit_chassis import (
    deadletters,
    description,
    health,
    http,
    inbox,
    migrations,
    outbox,
    problems,
    telemetry,
)
from summit_chassis.admin import admin_routes
from summit_chassis.clock import SystemClock
from summit_chassis.database import Database, Transaction
from summit_chassis.fitness import OnlyWhenFit
from summit_chassis.frame import Frame
from summit_chassis.identity import Verifier
from summit_chassis.runtime import Runtime, settle
from summit_chassis.settings import ServiceSettings, SettingsRefused, load
from summit_chassis.subscribers import Subscribers
from summit_chassis.workers import Worker
from summit_contracts.fact import Service as Name

log = telemetry.get_logger(__name__)

U = TypeVar("U")

RunRole = Literal["serve", "http", "events", "relay", "migrate"]

_KEEP_ALIVE_SECONDS = 75
"""A connection without a request is kept longer than those who ask keep it (httpx 5 s, nginx 60 s): the last to let go loses
nothing, and a request that is sent as the other side lets go is lost (RFC 9112, section 9.5)."""


@dataclass(frozen=True)
class Service(Generic[U]):
    """Everything the chassis has to know about a service. `U` is its unit of work."""

    name: Name
    title: str
    package: str
    """Its import name; `<package>/store/migrations/versions` holds its migrations."""
    metadata: MetaData
    make_unit: Callable[[Transaction], U]
    routers: Sequence[APIRouter]
    subscribers: Subscribers[U]
    workers: Callable[[Database, Any], Sequence[Worker]] = field(default=lambda _, __: ())
    """What goes on in the background, given the service's database and its settings."""
    forgetting: Sequence[str] = ()
    """Statements that empty its tables of persons once a summit is long over (`retention`); none where it knows nobody."""
    ending: Callable[[Any], Mapping[str, timedelta]] = field(default=lambda _: {})
    """Given its settings: statements that delete what is older than `:before`, and how old that is (`retention`)."""
    state: Callable[[Database, Any], Mapping[str, Any]] = field(default=lambda _, __: {})
    """What its routes find in `request.app.state`, besides `door`, `clock` and `verifier`, given the same."""
    checks: Callable[[Database, Any], Mapping[str, health.Check]] = field(default=lambda _, __: {})
    """What its readiness asks besides what every service's does, given the same."""
    before_routes: Callable[[ASGIApp], ASGIApp] | None = None
    """What may answer before a route is looked for; it stands within the frame."""

    @property
    def versions(self) -> Path:
        """Where its migrations are."""
        return migrations.versions_of(self.package)


def chassis_tables(metadata: MetaData) -> None:
    """Adds every table of the chassis to a service's own."""
    for module in (outbox, inbox, deadletters, http):
        module.tables(metadata)


class ChassisBroker(NatsBroker):
    """FastStream's broker for declarations, documents and life cycle; the chassis delivers (docs/adr/0007)."""

    def __init__(self, url: str, runtime: Runtime[Any]) -> None:
        super().__init__(url)
        self._runtime = runtime

    async def start(self) -> None:
        """Deliveries and workers run."""
        await self._runtime.start()

    async def stop(self, *_: Any) -> None:
        """Deliveries and workers have stopped."""
        await self._runtime.stop()


def build(service: Service[U], settings: ServiceSettings, role: RunRole = "serve") -> FastAPI:
    """The ASGI application of a service in this role; its lifespan starts and stops what runs beside it."""
    clock = SystemClock(settings.clock_offset)
    database = Database(
        settings.database_url.get_secret_value(),
        service=service.name.value,
        pool=settings.database_pool,
        clock=clock,
        ca_file=settings.database_ca_file,
    )
    migrated = _migration_check(service, database)
    runtime = Runtime(
        settings=settings,
        database=database,
        subscribers=service.subscribers,
        make_unit=service.make_unit,
        has_relay=role in ("serve", "relay"),
        has_consumers=role in ("serve", "events"),
        workers=service.workers(database, settings) if role in ("serve", "events") else (),
        forgetting=service.forgetting,
        ending=service.ending(settings),
        preconditions={"migrations": migrated},
    )
    events = FastStream(ChassisBroker(settings.nats_url, runtime))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await events.start()
        yield
        await events.stop()

    app = application(service, lifespan=lifespan)
    app.state.runtime = runtime
    app.state.fitness = runtime.fitness
    app.state.door = http.Door(database, service.make_unit)
    app.state.database = database
    app.state.clock = clock
    app.state.verifier = Verifier(settings.token_keys)
    for name, value in service.state(database, settings).items():
        setattr(app.state, name, value)
    checks = {"migrations": migrated, **runtime.checks()}
    app.include_router(health.router({**checks, **service.checks(database, settings)}))
    if settings.environment == "local" and role in ("serve", "http"):  # the developers' view, for developers
        service.subscribers.declare(events.broker)  # type: ignore[arg-type]  # the ChassisBroker from above
        app.mount("/docs/asyncapi", make_asyncapi_asgi(AsyncAPI(events.broker, title=service.title)))  # type: ignore[arg-type]  # an ASGI application
    return app


def application(service: Service[Any], lifespan: Any = None) -> FastAPI:
    """The routes of a service without anything that runs: enough for its OpenAPI document and for the walk over all routes."""
    app = FastAPI(
        title=service.title,
        version="1",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        # The frame does it: FastAPI's own would be three more spans for every request.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    problems.install(app)
    if service.before_routes:
        app.add_middleware(service.before_routes)
    app.add_middleware(OnlyWhenFit)
    app.add_middleware(Frame, service=service.name.value)
    for router in (*service.routers, admin_routes):
        app.router.routes.extend(router.routes)  # included, it would look for each route twice
    description.describe(app)
    return app


def _migration_check(service: Service[Any], database: Database) -> health.Check:
    """A database behind the code is not ready; one ahead of it is: old replicas work on while the new ones come (docs/adr/0022)."""
    expected = migrations.head(service.versions)
    told: set[str | None] = set()

    async def check() -> str | None:
        found = await migrations.current(database.engine)
        match migrations.standing(found, service.versions):
            case "even":
                return None
            case "behind":
                return f"the database is at {found}, the code expects {expected}; run `migrate`"
            case "foreign":
                return f"the database is at {found}, which is no version of this code; look which database this is"
            case "ahead":
                if found not in told:
                    told.add(found)
                    log.warning(
                        "migrations.ahead", database=found, code=expected, remedy="upgrade this process"
                    )
                return None

    return check


def main(service: Service[Any], settings_class: type[ServiceSettings]) -> None:
    """Runs the service in the role named on the command line; without one, in all of them."""
    role = sys.argv[1] if len(sys.argv) > 1 else "serve"
    if role not in get_args(RunRole):
        sys.exit(f"{role!r} is no role; choose one of: {', '.join(get_args(RunRole))}")
    try:
        settings = load(settings_class)
    except SettingsRefused as refused:
        sys.exit(f"{service.package} does not start:\n{refused}")
    telemetry.configure(
        service.name.value,
        level=settings.log_level,
        otlp_endpoint=str(settings.otlp_endpoint) if settings.otlp_endpoint else None,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if role == "migrate":
            runner.run(
                migrations.upgrade(
                    settings.database_url.get_secret_value(),
                    service.versions,
                    service.metadata,
                    ca_file=settings.database_ca_file,
                )
            )
            return
        app = build(service, settings, role)  # type: ignore[arg-type]  # checked above
        config = uvicorn.Config(
            app,
            host=settings.http_host,
            port=settings.http_port,
            log_config=None,
            access_log=False,
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=int(settings.graceful_timeout.total_seconds()),
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        settle()
        runner.run(_Server(config, runtime=app.state.runtime).serve())


class _Server(uvicorn.Server):
    """Told to stop, it lets requests and deliveries finish side by side, so that both fit into one graceful time-out."""

    def __init__(self, config: uvicorn.Config, *, runtime: Runtime[Any]) -> None:
        super().__init__(config)
        self._runtime = runtime

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The signal came: nothing new is begun."""
        super().handle_exit(sig, frame)
        asyncio.get_running_loop().call_soon_threadsafe(self._runtime.begin_stop)


def _leave(_: int, __: FrameType | None) -> None:
    """Uvicorn raises the signal again when it is done; leaving in good order lets the last spans out."""
    sys.exit(0)
