"""Encryption with the certificates that `summit keys init --tls` makes, as they age and where they are not believed."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nats
import pytest

from summit_chassis import broker
from summit_cli.access.certificates import server_certificate
from summit_cli.access.deployment_keys import LOCAL_NAMES, NatsKeys
from summit_cli.connecting import connected
from summit_cli.refusals import CannotDo
from summit_cli.servers.nats import NatsServer
from summit_testkit.eventually import eventually

TWO_YEARS = timedelta(days=730)


@pytest.fixture
def keys(tmp_path: Path) -> NatsKeys:
    keys = NatsKeys(tmp_path / "keys")
    keys.write_accounts()
    return keys


@pytest.fixture
def encrypted(keys: NatsKeys, tmp_path: Path) -> Iterator[NatsServer]:
    """A server that speaks TLS with a certificate that ended a year ago; a test makes it a good one."""
    server_certificate(keys.tls, LOCAL_NAMES, now=datetime.now(UTC) - TWO_YEARS)
    extra = f'tls {{ cert_file: "{keys.tls}/server.pem", key_file: "{keys.tls}/server.key" }}'
    with NatsServer(tmp_path / "nats", durable=False, accounts=keys.accounts, extra=extra) as server:
        yield server


def tls(server: NatsServer) -> str:
    return server.url.replace("nats://", "tls://")


async def test_an_ended_certificate_is_one_clear_line_and_a_new_one_needs_no_restart(
    keys: NatsKeys, encrypted: NatsServer
) -> None:
    with pytest.raises(CannotDo) as refusal:
        async with connected(tls(encrypted), "operator", keys=keys.directory, ca_file=keys.tls / "ca.pem"):
            pass
    assert str(refusal.value) == (
        f"NATS does not answer at {tls(encrypted)}: the server's certificate has expired: "
        "`summit keys init --tls` makes another, then reload NATS"
    )
    keys.write_certificates()
    encrypted.reload()

    async def lets_in() -> str:
        ca = keys.tls / "ca.pem"
        async with connected(tls(encrypted), "operator", keys=keys.directory, ca_file=ca) as client:
            return client.connected_url.scheme if client.connected_url else ""

    assert await eventually(lets_in) == "tls"


async def test_a_service_connects_encrypted(keys: NatsKeys, encrypted: NatsServer) -> None:
    keys.write_certificates()
    encrypted.reload()
    ca, seed = keys.tls / "ca.pem", keys.keyring.file("pledges")

    async def version_of_tls() -> str | None:
        client = await broker.connect(tls(encrypted), service="pledges", seed_file=seed, ca_file=ca)
        try:
            assert client._transport is not None
            spoken = client._transport._io_writer.get_extra_info("ssl_object")  # type: ignore[attr-defined]  # the library keeps it to itself
            return str(spoken.version())
        finally:
            await broker.close(client)

    assert await eventually(version_of_tls) == "TLSv1.3"


async def test_who_believes_another_authority_is_told_which_setting_to_look_at(
    keys: NatsKeys, encrypted: NatsServer
) -> None:
    with pytest.raises(CannotDo, match="SUMMIT_NATS_CA_FILE: the server's certificate is refused"):
        async with connected(tls(encrypted), "operator", keys=keys.directory):
            pass


async def test_nobody_is_let_in_without_encryption(keys: NatsKeys, encrypted: NatsServer) -> None:
    """nats-py turns to TLS by itself where a server demands it, and then believes the machine's authorities only."""
    with pytest.raises((nats.errors.Error, ssl.SSLError)):
        await nats.connect(
            encrypted.url,
            nkeys_seed=str(keys.keyring.file("operator")),
            allow_reconnect=False,
            error_cb=_silent,
        )


async def _silent(_: Exception) -> None:
    """The client raises what it also tells here."""
