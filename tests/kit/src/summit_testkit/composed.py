"""The whole system as `deploy/compose.yaml` starts it: a stack of a test's own, with doors on the loopback interface."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from summit_cli import clock as clocks
from summit_cli.clock import Clock
from summit_cli.deployment import Deployment
from summit_cli.servers.ports import LOOPBACK, free_port
from summit_cli.services import SERVICES
from summit_cli.stack import Stack
from summit_cli.state import State
from summit_testkit import engine

_COMPOSE = engine.ROOT / "deploy" / "compose.yaml"
_PROJECT = f"summit-tests-{engine.CHECKOUT}"
"""`deploy/docker/engine.sh stop` removes what a killed run left behind under this name."""
_HTTP, _NATS = 8080, 4222
_STARTS_WITHIN = 420.0  # seconds, on a busy machine


class Composed:
    """A stack while this context lasts; its volumes go with it."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._stack = Stack(State(folder))
        self._ports = {name: free_port() for name in (*SERVICES, "nats", "issuer")}
        clocks.keep(self._stack.state, clock)

    @property
    def deployment(self) -> Deployment:
        """It, as seen from outside."""
        addresses = {name: f"http://{LOOPBACK}:{self._ports[name]}" for name in SERVICES}
        return self._stack.deployment(addresses, f"tls://{LOOPBACK}:{self._ports['nats']}")

    def __enter__(self) -> Self:
        """Every service says that it can work."""
        self._stack.write()
        self._overlay.write_text(json.dumps(self._doors_for_tests()), encoding="utf-8")
        self.forget()
        try:
            self._compose("up", "--detach", "--wait", within=_STARTS_WITHIN)
        except BaseException:
            self._compose("logs", "--tail", "20", check=False)
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forget()

    def forget(self) -> None:
        """Nothing is left of it but its folder, with its keys."""
        self._compose("down", "--volumes", "--timeout", "1", check=False)

    def save(self, folder: Path) -> None:
        """What it keeps lies in the folder, as `make backup` puts it there."""
        self._backup("save", folder)

    def restore(self, folder: Path) -> None:
        """It runs again, on what was saved, as `make restore` has it."""
        self._backup("restore", folder)

    def summit(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What the command `summit` said in a container of the stack, and how it ended."""
        return self._compose("run", "--rm", "--no-TTY", "cli", *words, check=False, within=600)

    def links(self) -> Mapping[str, str]:
        """A fresh address for each desk of the secretariat, which signs in once."""
        program = ("python3", "/opt/summit/entry.py", "issuer", "links")
        told = self.within("issuer", *program).splitlines()[1:]
        return dict(line.split() for line in told)

    def container(self, name: str) -> str:
        """The container of a service or server."""
        return self._compose("ps", "--all", "--quiet", name).stdout.strip()

    def inspected(self, name: str) -> dict[str, Any]:
        """All that the engine knows about the container."""
        return engine.inspected(self.container(name))

    def kill(self, name: str) -> None:
        """It has died without a chance to tidy up, and stays dead until it is started."""
        engine.docker("kill", self.container(name))

    def start(self, name: str) -> None:
        """It runs again, on what it had kept."""
        engine.docker("start", self.container(name))

    def restart(self, name: str) -> None:
        """It was told to end, had the time it is given to, and runs again."""
        engine.docker("restart", "--time", "20", self.container(name))

    def pause(self, name: str) -> None:
        """Every process in it stands still; its connections stay open."""
        engine.docker("pause", self.container(name))

    def resume(self, name: str) -> None:
        """It goes on where it was paused."""
        engine.docker("unpause", self.container(name))

    def cut_off(self, name: str) -> None:
        """Nobody of the stack reaches it any more, nor it them; it runs on."""
        engine.docker("network", "disconnect", f"{_PROJECT}_inside", self.container(name))

    def rejoin(self, name: str) -> None:
        """It is reached again, under its name."""
        engine.docker("network", "connect", "--alias", name, f"{_PROJECT}_inside", self.container(name))

    def within(self, name: str, *words: str) -> str:
        """What a program printed inside a container."""
        return engine.docker("exec", self.container(name), *words)

    @property
    def _overlay(self) -> Path:
        return self._stack.state.directory / "tests.yaml"

    def _doors_for_tests(self) -> Mapping[str, object]:
        doors = {name: f"{LOOPBACK}:{self._ports[name]}:{_HTTP}" for name in SERVICES if name != "portal"}
        doors["nats"] = f"{LOOPBACK}:{self._ports['nats']}:{_NATS}"
        # What is reached from outside needs a network that leads there.
        return {
            "services": {
                name: {"ports": [door], "networks": ["inside", "outside"]} for name, door in doors.items()
            }
        }

    def _compose(
        self, *words: str, check: bool = True, within: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return self._done([*self._program, "--progress", "plain", *words], check=check, within=within)

    def _backup(self, *words: str | Path) -> None:
        program = [str(engine.DOCKER / "backup.sh"), *map(str, words)]
        self._done(program, check=True, within=_STARTS_WITHIN, COMPOSE=" ".join(self._program))

    @property
    def _program(self) -> Sequence[str]:
        """What speaks to the stack."""
        program = Path(sys.executable).parent / "docker-compose"
        files = ("--file", _COMPOSE, "--file", self._overlay, "--env-file", self._stack.environment_file)
        return [str(word) for word in (program, *files)]

    def _done(
        self, words: Sequence[str], *, check: bool, within: float, **more: str
    ) -> subprocess.CompletedProcess[str]:
        told = {
            "SUMMIT_PROJECT": _PROJECT,
            "SUMMIT_TAG": engine.CHECKOUT,
            "SUMMIT_PORTAL_PORT": str(self._ports["portal"]),
            "SUMMIT_ISSUER_PORT": str(self._ports["issuer"]),
            "SUMMIT_STAFF_ISSUER": f"http://issuer.localhost:{self._ports['issuer']}",
            "COLUMNS": "160",
        }
        done = subprocess.run(
            words, capture_output=True, text=True, timeout=within, env=os.environ | told | more, check=False
        )
        said = f"{' '.join(words[-3:])} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        assert done.returncode == 0 or not check, said
        return done
