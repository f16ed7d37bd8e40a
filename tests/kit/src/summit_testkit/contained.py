"""A service as a container, started, killed and ended the way the launcher does it with a process.

It shares the host's network, so that what it is told is true for both: the servers of a test listen on the loopback interface.
"""

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from summit_cli.processes import Kept, Program, service
from summit_testkit import engine

_SECRETS = "/run/secrets"


class Runner(Protocol):
    """How the services of a test are run."""

    def program(self, service: str, port: int, environment: Mapping[str, str]) -> Program:
        """What the launcher starts."""

    def kill(self, kept: Kept) -> None:
        """The service has died without a chance to tidy up; its launcher starts it again."""


class Processes:
    """Services as processes of this machine."""

    program = staticmethod(service)

    def kill(self, kept: Kept) -> None:
        """The process has died."""
        os.kill(kept.pid, signal.SIGKILL)


class Contained:
    """Services as containers while this context lasts; secrets are handed to them by files in `folder`."""

    def __init__(self, images: Mapping[str, str], folder: Path) -> None:
        self._images = images
        self._folder = folder / "handed-over"
        self._names: set[str] = set()

    def program(self, service: str, port: int, environment: Mapping[str, str]) -> Program:
        """What starts the service; ended with its launcher, and killed with it at the latest when it starts again."""
        name = _name(service, port)
        self._names.add(name)
        secrets = self._folder / name
        secrets.mkdir(parents=True, exist_ok=True)
        told = dict(environment)
        if "SUMMIT_NATS_SEED_FILE" in told:
            copy = shutil.copy(told["SUMMIT_NATS_SEED_FILE"], secrets)
            Path(copy).chmod(0o444)  # the container has an account of its own
            told["SUMMIT_NATS_SEED_FILE"] = f"{_SECRETS}/{Path(copy).name}"
        words = (name, str(secrets), self._images[service], *told)
        return Program(service, (sys.executable, "-m", "summit_testkit.contained", *words), port, told)

    def kill(self, kept: Kept) -> None:
        """The container's process has died, and its client ends with it."""
        engine.docker("kill", _name(kept.program.name, kept.program.port))

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._names:
            engine.remove(name)


def _name(service: str, port: int) -> str:
    return f"summit-test-{service}-{port}"


def main(name: str, secrets: str, image: str, *variables: str) -> None:
    """This process becomes the client of the container; a container of that name that outlived its client is gone."""
    engine.remove(name)
    options = [word for variable in variables for word in ("--env", variable)]
    os.execvp(  # noqa: S606  the launcher's child is to be the client itself, and hear its signals
        "docker",
        ["docker", "run", "--rm", "--name", name, "--label", engine.LABEL, "--network=host", "--read-only", "--tmpfs=/tmp",
         # Its launcher asks it over HTTP; the engine would start a program in each container every two seconds.
         "--no-healthcheck", "--cap-drop=ALL", "--security-opt=no-new-privileges", f"--volume={secrets}:{_SECRETS}:ro", *options, image],
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
