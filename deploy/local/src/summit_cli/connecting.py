"""A connection to NATS for the length of a command, as one of its users."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
from nats.aio.client import Client

from summit_chassis import broker
from summit_cli.refusals import CannotDo

_WITHIN = 5.0  # seconds


@asynccontextmanager
async def connected(
    url: str, user: str, *, keys: Path | None = None, ca_file: Path | None = None
) -> AsyncIterator[Client]:
    """The user is connected; `keys` is its seed, or a folder with a file `<user>.nk`.

    Raises:
        CannotDo: nothing answers within 5 s, or not to this user; it says why.
    """
    seed = _seed_of(user, keys)
    client = broker.SummitClient()
    faults: list[str] = []

    async def note(error: Exception) -> None:
        faults.append(broker.fault_of(error))

    try:
        await client.connect(
            servers=url.split(","),
            name=f"summit-cli-{user}",
            inbox_prefix=f"_INBOX_{user}".encode(),
            connect_timeout=int(_WITHIN),
            allow_reconnect=False,
            error_cb=note,
            **broker.credentials(url, seed, ca_file),
        )
    except (OSError, TimeoutError, nats.errors.Error) as problem:
        await client.close()  # it keeps its socket otherwise
        fault = (faults or [broker.fault_of(problem)])[0]
        raise CannotDo(f"NATS does not answer at {url}: {fault}") from problem
    try:
        yield client
    finally:
        await client.close()


def _seed_of(user: str, keys: Path | None) -> Path | None:
    seed = keys / f"{user}.nk" if keys and keys.is_dir() else keys
    if seed and not seed.is_file():
        raise CannotDo(f"There is no NATS key {seed}.", remedy="`summit keys init` makes it.")
    return seed
