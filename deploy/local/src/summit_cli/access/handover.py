"""What an outside subscriber is given: a file of credentials that programs take as their environment, and an example."""

from dataclasses import dataclass
from pathlib import Path

from summit_chassis.provisioner import Durable
from summit_cli.access.keyring import write_secret
from summit_cli.access.subscribers import Register

EXAMPLE = """\
import asyncio
import os
import ssl

import nats  # pip install summit-contracts nats-py[nkeys]
from summit_contracts.catalogue import Unheard, parse
from summit_contracts.envelope import NotAnEvent


async def main() -> None:
    authority = os.environ.get("NATS_CA_FILE")
    client = await nats.connect(
        os.environ["NATS_URL"],
        nkeys_seed_str=os.environ["NATS_SEED"],
        inbox_prefix=os.environ["NATS_INBOX"],
        tls=ssl.create_default_context(cafile=authority) if authority else None,
        max_reconnect_attempts=-1,
    )
    history = await client.jetstream().pull_subscribe_bind(os.environ["NATS_DURABLE"], os.environ["NATS_STREAM"])
    while True:
        try:
            messages = await history.fetch(100, timeout=5)
        except TimeoutError:
            continue  # nothing new
        for message in messages:
            try:
                fact = parse(message.subject, message.data, message.headers)
                print(fact.type, fact.aggregateid, fact.aggregateversion, flush=True)
            except Unheard as newer:
                print(newer, "is newer than this program: nothing for us", flush=True)
            except NotAnEvent as refusal:
                print("set aside for a person:", refusal.reason, flush=True)
            await message.ack()


asyncio.run(main())
"""
"""A whole subscriber that prints what it hears."""


@dataclass(frozen=True)
class Handover:
    """The credentials of one subscriber."""

    durable: Durable
    url: str
    """Where NATS answers for systems outside."""
    register: Register
    ca_file: Path | None
    """Who vouches for the server, where that is not a public authority."""

    @property
    def file(self) -> Path:
        """The file that is handed over; nobody but its owner can read it here."""
        return self.register.credentials(self.durable.name)

    def write(self) -> None:
        """The file holds everything the subscriber's program has to be told."""
        seed = self.register.keyring.file(self.durable.name).read_text(encoding="ascii").strip()
        told = {
            "NATS_URL": self.url,
            "NATS_SEED": seed,
            "NATS_INBOX": f"_INBOX_{self.durable.name}",
            "NATS_STREAM": self.durable.stream.value,
            "NATS_DURABLE": self.durable.name,
        }
        if self.ca_file and self.url.startswith("tls://"):
            told["NATS_CA_FILE"] = str(self.ca_file)
        lines = [
            f"# {self.durable.name} hears {self.durable.facts} of Summit. Keep this file to yourself.",
            *(f"{name}={value}" for name, value in told.items()),
        ]
        write_secret(self.file, "\n".join(lines) + "\n")

    def words(self) -> str:
        """What the operator reads: what was made, and what to do with it."""
        return "\n".join(
            [
                f"Hand over {self.file}"
                + (f" and {self.ca_file}" if self.ca_file and self.url.startswith("tls://") else "")
                + ", and nothing else of its folder. A ready example, in listen.py:",
                "",
                EXAMPLE,
                "It is started with:",
                "",
                f"  set -a; . {self.file}; set +a; python listen.py",
            ]
        )
