"""A cluster of three NATS servers as containers of the image: cut off from each other by taking one out of their network."""

import http.client
import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from summit_cli.servers.ports import LOOPBACK, free_port
from summit_testkit import engine
from summit_testkit.cluster import SIZE, Cluster, Member

_STORE = "/var/lib/nats"
_CONFIGURATION = """
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"
server_name: {name}
max_payload: 1MB
jetstream {{ store_dir: "{store}" }}
cluster {{ name: summit, listen: "0.0.0.0:6222", no_advertise: true, routes: {routes} }}
"""


class ContainedNats:
    """One server; its ports on the loopback interface stay the same whatever happens to it."""

    def __init__(self, name: str, image: str, folder: Path, routes: Sequence[str]) -> None:
        self.name = name
        self._port, self._monitor = free_port(), free_port()
        folder.mkdir(parents=True)
        written = _CONFIGURATION.format(name=json.dumps(name), store=_STORE, routes=json.dumps(list(routes)))
        (folder / "nats.conf").write_text(written, encoding="utf-8")
        self._made = (
            "create", "--name", name, "--label", engine.LABEL, "--cap-drop=ALL",
            f"--volume={folder}:/etc/nats:ro", f"--publish={LOOPBACK}:{self._port}:4222",
            f"--publish={LOOPBACK}:{self._monitor}:8222", image,
        )  # fmt: skip

    @property
    def url(self) -> str:
        """What a client is given."""
        return f"nats://{LOOPBACK}:{self._port}"

    @property
    def is_healthy(self) -> bool:
        """Whether it has all that the others have."""
        connection = http.client.HTTPConnection(LOOPBACK, self._monitor, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def make(self) -> None:
        """There is a container of it, which does not run yet."""
        engine.docker(*self._made)

    def start(self) -> None:
        """It runs, on what it had kept."""
        engine.docker("start", self.name)

    def stop(self) -> None:
        """It was told to end, and has ended."""
        engine.docker("stop", "--time", "20", self.name)

    def kill(self) -> None:
        """It has died without a chance to tidy up."""
        engine.docker("kill", self.name)

    def pause(self) -> None:
        """It stands still, and its connections stay open."""
        engine.docker("pause", self.name)

    def resume(self) -> None:
        """It goes on where it was paused."""
        engine.docker("unpause", self.name)


class ContainedCluster(Cluster):
    """As containers, which hear each other by a network of their own and their clients by another."""

    def __init__(self, image: str, directory: Path) -> None:
        self._network = f"summit-test-cluster-{free_port()}"
        names = [f"{self._network}-{number}" for number in range(SIZE)]
        self._members = [
            ContainedNats(
                name, image, directory / name, [f"nats://{other}:6222" for other in names if other != name]
            )
            for name in names
        ]
        self.servers: Sequence[Member] = self._members

    def cut_off(self, server: Member) -> None:
        engine.docker("network", "disconnect", self._network, server.name)

    def rejoin(self, server: Member) -> None:
        engine.docker("network", "connect", self._network, server.name)

    async def __aenter__(self) -> Self:
        try:
            engine.docker("network", "create", "--internal", "--label", engine.LABEL, self._network)
            for server in self._members:
                server.make()
                self.rejoin(server)
            for server in self._members:
                server.start()
            await self.is_whole(within=120)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._members:
            engine.remove(server.name)
        engine.docker("network", "rm", self._network)
