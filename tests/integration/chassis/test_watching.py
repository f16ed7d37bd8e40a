"""Streams are watched through whatever asking about one of them ends in."""

import asyncio

import pytest
from nats.aio.client import Client

from summit_chassis import broker, watching
from summit_chassis.provisioner import stream_fault
from summit_chassis.watching import StreamWatch
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Stream
from summit_testkit.eventually import eventually


@pytest.mark.parametrize("fault", [TimeoutError, ConnectionResetError, broker.Reconnected])
async def test_who_cannot_be_asked_about_one_stream_still_looks_at_the_others(
    fault: type[Exception],
    fresh_nats: NatsServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def about_one_no_answer(client: Client, stream: Stream) -> str | None:
        if stream is Stream.REGISTRATION:
            raise fault
        return await stream_fault(client, stream)

    monkeypatch.setattr(watching, "stream_fault", about_one_no_answer)
    client = await broker.connect(fresh_nats.url, service="test")
    stopping = asyncio.Event()
    watch = asyncio.create_task(StreamWatch(client, [Stream.REGISTRATION, Stream.PLEDGES]).run(stopping))
    said: list[str] = []

    def the_other_is_named() -> None:
        said.extend(capsys.readouterr())
        assert "PLEDGES" in "".join(said)
        assert "missing" in "".join(said)

    try:
        await eventually(the_other_is_named)
        assert not watch.done()
    finally:
        stopping.set()
        await watch
        await broker.close(client)
