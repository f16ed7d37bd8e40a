"""A system that cannot speak NATS is told what happens, by the program that we give such systems as an example."""

import asyncio
import re
import sys
from pathlib import Path

from summit_contracts.registration import InvitationIssued
from summit_testkit.eventually import eventually
from summit_testkit.programs import running_program
from summit_testkit.scenarios import Command, Outsider, SummitFile

PROGRAM = Path(__file__).parents[2] / "examples" / "webhook-receiver" / "receive.py"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


async def test_a_receiver_is_added_told_and_told_again_and_removed(
    summit: Command, outsider: Outsider, tmp_path: Path
) -> None:
    store = {"RECEIVER_STORE": str(tmp_path / "heard.db")}
    async with running_program(
        sys.executable, str(PROGRAM), "0", told={**store, "SUMMIT_WEBHOOK_SECRET": "whsec_AAAA"}
    ) as other:
        assert other.stdout is not None
        url = (await asyncio.wait_for(other.stdout.readline(), timeout=60)).decode().split()[-1]
        port = url.rstrip("/").rpartition(":")[2]
        facts = ("--facts", f"summit.{outsider.edition_id}.registration.invitation_issued.>")
        added = await summit("webhook", "add", "rooms", url, "--owner", "Rooms, rooms@un.example", *facts)
        assert added.code == 0, added.err
        secret = SECRET.search(added.out)
        assert secret
        await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))

        async def is_refused() -> None:
            assert " 401 refused " in (await summit("webhook", "log", "rooms")).out

        await eventually(is_refused, within=60)
    told = {**store, "SUMMIT_WEBHOOK_SECRET": secret[0]}
    issued = await outsider.fact(InvitationIssued)
    async with running_program(sys.executable, str(PROGRAM), port, told=told) as program:
        assert program.stdout is not None
        await program.stdout.readline()
        again = await summit("webhook", "redeliver", "rooms", "--event", issued.id)
        assert again.out == "1 will be posted to rooms again.\n"
        said = (await asyncio.wait_for(program.stdout.readline(), timeout=60)).decode().split()
        assert said == [InvitationIssued.TYPE, f"invitation/{outsider.edition_id}/KE", "1"]

        async def is_taken() -> None:
            assert " 204 taken " in (await summit("webhook", "log", "rooms")).out

        await eventually(is_taken, within=60)
    listed = await summit("webhook", "list")
    assert re.search(r"^rooms +active .* 0 waiting +1 delivered +0 given up ", listed.out, re.MULTILINE)
    assert (await summit("webhook", "remove", "rooms")).code == 0
    gone = await summit("webhook", "log", "rooms")
    assert gone.code == 1
    assert "There is no webhook rooms." in gone.err
