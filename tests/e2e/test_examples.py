"""What systems outside would run, let in by `summit subscriber add` and started with the file that it made."""

import asyncio
import csv
import io
import json
import sys
from pathlib import Path

from summit_cli.machine import Machine
from summit_testkit.eventually import eventually
from summit_testkit.guarded import told_by
from summit_testkit.node import installed
from summit_testkit.pledging import PROMISE
from summit_testkit.programs import running_program
from summit_testkit.scenarios import Command, Outsider, SummitFile, form

EXAMPLES = Path(__file__).parents[2] / "examples"


async def let_in(summit: Command, machine: Machine, name: str, facts: str) -> dict[str, str]:
    """What the file says that the operator would hand over."""
    added = await summit("subscriber", "add", name, "--facts", facts)
    assert added.code == 0, added.err
    (file,) = machine.state.directory.glob(f"**/{name}.env")
    return told_by(file)


async def test_protocol_keeps_its_list_of_participants(
    summit: Command, machine: Machine, outsider: Outsider, tmp_path: Path
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR"]))
    await outsider.register("KE", form("KE"))
    told = await let_in(summit, machine, "protocol-list", "summit.*.registration.>")
    program = str(EXAMPLES / "protocol-list" / "participants.py")
    file = str(tmp_path / "list.db")

    async def shown() -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, program, file, "show", outsider.edition_id, "--language", "ru"),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        lines = [row[1:7] for row in csv.reader(io.StringIO(out.decode()))]
        assert ["FR", "Франция", "issued", "none", "", ""] in lines
        assert [line[3] for line in lines if line[:2] == ["KE", "Кения"]] == ["nominated", "nominated"]

    async with running_program(sys.executable, program, file, "follow", told=told):
        await eventually(shown, within=60)
    assert (await summit("subscriber", "remove", "protocol-list")).code == 0


async def test_statistics_count_what_is_promised(
    summit: Command, machine: Machine, outsider: Outsider, tmp_path: Path
) -> None:
    folder = EXAMPLES / "statistics"
    node = installed(folder)
    await outsider.open(SummitFile(outsider.edition_id, states=["RW"]))
    told = await let_in(summit, machine, "promises", "summit.*.pledges.>")
    file = tmp_path / "pledges.json"
    body = {"pledger": "RW", "promise": PROMISE, "make": True}

    async def pledged() -> None:
        await outsider.done("pledges", "POST", f"{outsider.path}/pledges", invitee="RW", json=body)

    def counted() -> None:
        assert json.loads(file.read_text(encoding="utf-8"))["counts"][outsider.edition_id] == {"made": 1}

    async with running_program(node, str(folder / "pledges.mjs"), str(file), told=told):
        await eventually(pledged)
        await eventually(counted, within=60)
    assert (await summit("subscriber", "remove", "promises")).code == 0
