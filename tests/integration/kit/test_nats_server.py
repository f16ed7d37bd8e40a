import asyncio
from pathlib import Path

import nats
import pytest
from nats.js.api import StreamConfig

from summit_cli.servers.failures import ServerFailed
from summit_cli.servers.nats import NatsServer


async def publish(server: NatsServer, *bodies: bytes) -> None:
    client = await nats.connect(server.url)
    try:
        stream = client.jetstream()
        await stream.add_stream(StreamConfig(name="KEPT", subjects=["kept.>"]))
        for body in bodies:
            await stream.publish("kept.here", body)
    finally:
        await client.close()


async def kept(server: NatsServer) -> int:
    client = await nats.connect(server.url)
    try:
        return (await client.jetstream().stream_info("KEPT")).state.messages
    finally:
        await client.close()


async def test_streams_survive_a_kill_and_a_restart_on_the_same_port(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "nats") as server:
        url = server.url
        await publish(server, b"one", b"two")
        server.kill()
        assert not server.alive
        server.restart()
        assert server.url == url
        assert await kept(server) == 2


async def test_streams_survive_a_stop_and_a_second_server_on_the_same_directory(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "nats") as server:
        await publish(server, b"one")
    with NatsServer(tmp_path / "nats") as server:
        assert await kept(server) == 1


async def test_a_paused_server_is_silent_until_it_is_resumed(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "nats", durable=False) as server:
        server.pause()
        # The kernel accepts on its behalf, as it does for any process that hangs.
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            greeting = asyncio.ensure_future(reader.readline())
            done, _ = await asyncio.wait([greeting], timeout=0.3)
            assert not done
            server.resume()
            assert (await asyncio.wait_for(greeting, timeout=10)).startswith(b"INFO ")
        finally:
            writer.close()
            await writer.wait_closed()


async def test_a_message_above_one_mebibyte_is_refused(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "nats", durable=False) as server:
        client = await nats.connect(server.url)
        try:
            assert client.max_payload == 1_048_576
        finally:
            await client.close()


def test_two_servers_on_one_directory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summit_cli.servers.nats._PREDECESSOR_ENDS_WITHIN", 0.1)
    with NatsServer(tmp_path / "nats") as server, pytest.raises(ServerFailed, match=f"process {server.pid}"):
        NatsServer(tmp_path / "nats").start()


def test_a_broken_configuration_is_reported_with_the_servers_words(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match=r"(?s)ended with 1.*no_such_setting"):
        NatsServer(tmp_path / "nats", extra="no_such_setting: 1").start()


def test_a_port_taken_by_another_is_avoided_unless_it_was_asked_for(tmp_path: Path) -> None:
    with NatsServer(tmp_path / "first", durable=False) as first:
        second = NatsServer(tmp_path / "second", durable=False)
        second._port = first.port
        with second:
            assert second.port != first.port
        with pytest.raises(ServerFailed, match="address already in use"):
            NatsServer(tmp_path / "third", port=first.port).start()
