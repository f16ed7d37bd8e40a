"""Two versions of the code at once, as in an upgrade that people do not notice."""

import asyncio
import os
import signal
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from summit_cli.processes import Program, Supervisor
from summit_cli.servers.ports import free_port
from summit_testkit.chaos.recovering import recovered
from summit_testkit.chaos.rig import Rig

_SIDE_BY_SIDE = 3.0  # seconds
_READY_WITHIN = 120.0
_PACKAGES = ("contracts/src", "verifier/src", "chassis/src")


def earlier_code(commits: int, folder: Path) -> str | None:
    """Where Python finds the services as they were so many commits ago, laid out in that folder; none without that history."""
    written = subprocess.run(
        ["git", "archive", f"HEAD~{commits}", "contracts", "verifier", "chassis", "services"],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[5],  # the root of the checkout
    )
    if written.returncode != 0:
        return None
    with tarfile.open(fileobj=BytesIO(written.stdout)) as archive:
        archive.extractall(folder, filter="data")
    services = sorted(f"services/{one.name}/src" for one in (folder / "services").iterdir() if one.is_dir())
    return os.pathsep.join(str(folder / one) for one in (*_PACKAGES, *services))


async def upgraded(rig: Rig, name: str) -> None:
    """The service runs as the code is now; for some seconds old and new shared its work."""
    kept = rig.system.supervisor.kept[name]
    told = dict(kept._child.environment or {})
    del told["PYTHONPATH"]
    port = free_port()
    beside = Program(f"{name}-new", kept.program.argv, port, told | {"SUMMIT_HTTP_PORT": str(port)})
    async with Supervisor([beside], rig.system.machine.state, tell=lambda _: None) as new:
        await new.ready(within=_READY_WITHIN)
        await asyncio.sleep(_SIDE_BY_SIDE)
        kept._child.environment = told
        await rig.surroundings.end(kept, signal.SIGTERM)
        rig.outcome.recoveries.append(await recovered(rig.system, f"upgrade {name}"))
    rig.outcome.faults[f"upgrade {name}"] += 1
