"""The images of the servers, each alone, as testcontainers starts them: what services need of them is there, and outlives them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import nats
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HealthcheckWaitStrategy

from summit_chassis import migrations
from summit_chassis.provisioner import provision
from summit_cli.servers.ports import free_port
from summit_pledges.app import service
from summit_testkit import engine

PASSWORD = "of-this-test-alone"  # the server lives as long as the test


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reaper, because its image has to be fetched; `deploy/docker/engine.sh stop` removes what a killed run left behind."""
    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)


@pytest.fixture
def volume() -> Iterator[str]:
    """A volume that is gone afterwards."""
    name = engine.docker("volume", "create", "--label", engine.LABEL).strip()
    yield name
    engine.docker("volume", "rm", name)


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    """A folder with the secrets of a database with one owner besides its superuser, readable for another account."""
    for name in ("postgres_password", "pledges_password"):
        (tmp_path / name).write_text(PASSWORD, encoding="utf-8")
        (tmp_path / name).chmod(0o444)
    tmp_path.chmod(0o755)
    return tmp_path


def server(image: str, port: int, inside: int) -> DockerContainer:
    """A container that reaches nobody, and is reached on the loopback interface only."""
    made = DockerContainer(image).waiting_for(HealthcheckWaitStrategy().with_startup_timeout(60))
    made.ports[str(inside)] = ("127.0.0.1", port)  # type: ignore[assignment]  # as the engine takes it; their type knows no address
    return made.with_tmpfs_mount("/tmp").with_kwargs(  # noqa: S108  # in the container
        labels=dict([engine.LABEL.split("=")]), read_only=True, cap_drop=["ALL"]
    )


async def test_what_is_in_a_stream_is_there_after_another_container_took_over_its_volume(
    images: Mapping[str, str], volume: str
) -> None:
    for was_there_before in (False, True):
        port = free_port()
        store = ["--jetstream", "--store_dir", "/var/lib/nats", "--http_port", "8222"]
        with (
            server(images["nats"], port, 4222)
            .with_volume_mapping(volume, "/var/lib/nats", "rw")
            .with_command(store)
        ):
            client = await nats.connect(f"nats://127.0.0.1:{port}")
            stream = client.jetstream()
            if not was_there_before:
                await provision(client, [])
                await stream.publish("summit.e.pledges.pledge_made.v1.P", b"{}")
            assert (await stream.stream_info("PLEDGES")).state.messages == 1
            await client.close()


async def test_a_service_migrates_its_own_database_and_finds_it_in_another_container(
    images: Mapping[str, str], volume: str, passwords: Path
) -> None:
    found: list[int] = []
    for _ in range(2):
        port = free_port()
        one = server(images["postgres"], port, 5432).with_volume_mapping(volume, "/var/lib/summit", "rw")
        with one.with_volume_mapping(str(passwords), "/run/secrets", "ro"):
            url = f"postgresql+asyncpg://pledges:{PASSWORD}@127.0.0.1:{port}/pledges"
            await migrations.upgrade(url, service.versions, service.metadata)
            database = create_async_engine(url)
            assert await migrations.current(database) == migrations.head(service.versions)
            async with database.begin() as connection:
                found.append((await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one())
                await connection.execute(
                    text("INSERT INTO inbox VALUES (:id, 'kept', now())"), {"id": str(port)}
                )
            await database.dispose()
    assert found == [0, 1]
