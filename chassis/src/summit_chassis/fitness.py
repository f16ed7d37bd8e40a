"""Whether the surroundings allow any work: on a database of another version, or by a wrong clock, work does harm.

Until they do, nothing is begun: no fact is told or heard, no worker works, no request is answered. It is logged once what is
wrong, with its remedy, and once that all is well.
"""

import asyncio
import contextlib
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from summit_chassis.faults import fault_of
from summit_chassis.health import Check
from summit_chassis.problems import unfit
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

_LOOKS_AGAIN_SECONDS = 1.0
_LOOKS_EVERY_SECONDS = 30.0
_ANSWER_WITHIN_SECONDS = 5.0
_ALWAYS_ANSWERED = ("/health/", "/metrics")


class Fitness:
    """What keeps this process from its work, as it was when somebody looked last."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._was_fit = asyncio.Event()
        self.fault: str | None = None
        """What is wrong with the surroundings; none as long as nothing is known to be."""
        self._away: str | None = None

    async def watch(self, stopping: asyncio.Event) -> None:
        """Looks every second until all is well, and then every half minute, until asked to stop."""
        while not stopping.is_set():
            await self._look()
            seconds = _LOOKS_EVERY_SECONDS if self._is_well else _LOOKS_AGAIN_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), timeout=seconds)

    async def comes(self, stopping: asyncio.Event) -> bool:
        """Whether work may begin: true once all is well, false if the process is to stop before."""
        waiting = [asyncio.create_task(one.wait()) for one in (self._was_fit, stopping)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        return not stopping.is_set()

    @property
    def _is_well(self) -> bool:
        return self._was_fit.is_set() and self.fault is None

    async def _look(self) -> None:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
                answers = [await check() for check in self._checks.values()]
        except Exception as away:  # noqa: BLE001  # of the surroundings nothing new is known but that
            if (said := fault_of(away)) != self._away:
                log.warning("service.waits", fault=said)
            self._away = said
            return
        self._away = None
        fault = "; ".join(answer for answer in answers if answer) or None
        if fault and fault != self.fault:
            log.error("service.unfit", fault=fault)
        elif self.fault and not fault:
            log.info("service.fit")
        self.fault = fault
        if fault is None:
            self._was_fit.set()


class OnlyWhenFit:
    """Who asks is told what is wrong, instead of being answered by a process that should not work."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is answered; whether the process is well is always told."""
        fitness = getattr(scope["app"].state, "fitness", None) if scope["type"] == "http" else None
        if fitness and fitness.fault and not scope["path"].startswith(_ALWAYS_ANSWERED):
            await unfit(fitness.fault)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
