"""The processes of the probe: one that writes, one that relays, one that hears. Each runs the chassis as a service does."""

import asyncio
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from summit_chassis import telemetry
from summit_chassis.database import Database
from summit_testkit.probe.pipeline import runtime
from summit_testkit.probe.services import PUBLISHER
from summit_testkit.probe.steps import Death
from summit_testkit.probe.workload import Workload, write


@dataclass(frozen=True)
class Orders:
    """What one process is to do."""

    role: str
    """`write`, `relay` or `hear`."""
    source_url: str
    sink_url: str
    nats_url: str
    log: Path
    workload: Workload = field(default_factory=Workload)
    pause: float = 0.0
    """Seconds between two transactions of the workload."""
    death: Death | None = None


def run(orders: Orders) -> None:
    """Follows the orders until they are done, SIGTERM comes, or the test that gave them is gone."""
    sink = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    telemetry.configure(f"probe-{orders.role}")
    if orders.death and orders.death.role == orders.role:
        orders.death.prepare()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(orders))


async def _run(orders: Orders) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    work = asyncio.create_task(_write(orders) if orders.role == "write" else _serve(orders, stopping))
    orphaned = asyncio.create_task(_end_with(os.getppid()))
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    orphaned.cancel()
    if orders.role != "write" or work.done():
        await work


async def _write(orders: Orders) -> None:
    database = Database(orders.source_url, service=PUBLISHER.value, pool=2)
    await write(database, orders.workload, pause=orders.pause)
    await database.dispose()


async def _serve(orders: Orders, stopping: asyncio.Event) -> None:
    is_hearer = orders.role == "hear"
    url = orders.sink_url if is_hearer else orders.source_url
    service = runtime(url, orders.nats_url, is_hearer=is_hearer)
    await service.start()
    await stopping.wait()
    await service.stop()


async def _end_with(parent: int) -> None:
    """A process whose test is gone ends too."""
    while os.getppid() == parent:  # noqa: ASYNC110  # nothing tells a process that its parent has ended
        await asyncio.sleep(0.5)
    os._exit(1)
