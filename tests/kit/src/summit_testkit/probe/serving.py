"""The probe's services within the test's own process, asked over HTTP without a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from summit_chassis.database import Database
from summit_chassis.identity import Issuer, Role
from summit_chassis.runtime import Runtime
from summit_chassis.service import RunRole, Service, build
from summit_testkit.probe.services import KEY, TOKEN_KEYS, ProbeSettings, ProbeUnit


@dataclass
class Served:
    """A service that runs."""

    app: FastAPI
    http: httpx.AsyncClient

    @property
    def database(self) -> Database:
        """Its database."""
        database: Database = self.app.state.database
        return database

    @property
    def runtime(self) -> Runtime[ProbeUnit]:
        """What runs beside its routes."""
        runtime: Runtime[ProbeUnit] = self.app.state.runtime
        return runtime


def bearer(*roles: Role, account: str = "officer-1", **more: Any) -> dict[str, str]:
    """The header of somebody with these roles; made as tests are collected, it lasts as long as any run."""
    more = {"valid_for": timedelta(days=1), **more}
    token = Issuer(KEY).issue(account, roles or [Role.ADMIN], now=datetime.now(UTC), **more)
    return {"authorization": f"Bearer {token}"}


def settings_of(url: str, nats_url: str, **more: Any) -> ProbeSettings:
    """What the service would read from its environment."""
    return ProbeSettings(database_url=url, nats_url=nats_url, http_port=0, token_keys=TOKEN_KEYS, **more)


@asynccontextmanager
async def serving(
    service: Service[ProbeUnit], settings: ProbeSettings, role: RunRole = "serve"
) -> AsyncIterator[Served]:
    """The service runs in this role."""
    app = build(service, settings, role)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://probe") as http,
    ):
        yield Served(app, http)
