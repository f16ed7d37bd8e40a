"""Who takes part is known to whom it concerns: no name, address or key to a door is public or in a log."""

from email.utils import getaddresses
from typing import Any

from summit_cli.machine import Machine
from summit_contracts.fact import Stream
from summit_testkit.scenarios import Command, Outsider
from summit_testkit.scenarios.outsider import link_in, text_of

PLAYED = "uncops-2022"
SMALL = ("--delegations", "12", "--wishes", "30", "--seconds", "2")


async def test_what_a_play_entered_about_people_is_nowhere_in_public_and_in_no_log(
    summit: Command, machine: Machine, outsider: Outsider
) -> None:
    played = await summit("play", PLAYED, *SMALL)
    assert played.code == 0, played.out + played.err
    people = [member["person"] for one in await delegations(outsider) for member in one["members"]]
    letters = (
        machine.mailbox.messages()
    )  # those of other tests too: what they entered is nobody's business either
    addresses = {address for mail in letters for _, address in getaddresses(mail.get_all("To", []))}
    links = {link_in(mail) for mail in letters if "/invitation/" in text_of(mail)}
    entered = {one["name"] for one in people} | {one["email"] for one in people} | addresses | links
    assert min(len(people), len(addresses), len(links)) > 12

    public = (await outsider.everything(Stream.SUMMIT)).decode()
    assert PLAYED in public
    logs = "\n".join(one.read_text() for one in machine.state.folder("logs").glob("*.log"))
    assert logs
    assert [one for one in entered if one in public] == []
    assert [one for one in entered if one in logs] == []


async def delegations(outsider: Outsider) -> list[dict[str, Any]]:
    """All of them, as the secretariat sees them."""
    path = f"/editions/{PLAYED}/delegations"
    listed = await outsider.done("registration", "GET", path, params={"limit": 500})
    found: list[dict[str, Any]] = listed["items"]
    return found
