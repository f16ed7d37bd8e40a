"""The command `summit` against what runs: a small play, and the ways to look and to mend."""

import json
import re
from pathlib import Path

from summit_chassis.provisioner import GIBIBYTE
from summit_contracts.registration import EditionPublished, InvitationIssued
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Command, Outsider, SummitFile, Visitor
from summit_testkit.scenarios.outsider import code_in


async def test_a_small_play_is_counted_alike_by_all_and_leaves_no_dead_letter(summit: Command) -> None:
    small = ("--delegations", "12", "--wishes", "30", "--seconds", "2")
    played = await summit("play", "uncops-2022", *small)
    assert played.code == 0, played.out + played.err
    assert re.search(r"Invited +217 ", played.out)
    assert re.search(r"Registered +12 ", played.out)
    assert re.search(r"Wished +30 ", played.out)
    assert re.search(r"Dead letters +0", played.out)
    assert re.search(r"Reconciliation: 13 counts .*, 0 dead letters: all agree", played.out)
    again = await summit("play", "uncops-2022", *small)
    assert again.code == 0, again.out + again.err
    assert table_of(again.out) == table_of(played.out)
    another = await summit("play", "uncops-2022", "--seed", "7", *small)
    assert another.code == 1
    assert "was played here before with other people" in another.err


def table_of(out: str) -> str:
    """What came of it, without how long it took."""
    return out[out.index("What came of it") :]


async def test_status_says_that_everything_can_work(summit: Command) -> None:
    status = await summit("status")
    assert status.code == 0, status.out + status.err
    for name in (
        "nats",
        "postgres",
        "mailbox",
        "issuer",
        "registration",
        "scheduling",
        "pledges",
        "notifications",
        "portal",
        "webhooks",
    ):
        assert re.search(rf"^ *{name} +\d+ +\d+ ", status.out, re.MULTILINE), name
    assert status.out.count(" checks)") == 6
    assert "Messages in streams: REGISTRATION " in status.out


async def test_the_stream_is_shown_a_fact_a_line(summit: Command, outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    published = await outsider.fact(EditionPublished)
    await outsider.fact(InvitationIssued)
    mine = ("--no-follow", "--from", "1", "--subject", f"summit.{outsider.edition_id}.registration.>")
    lines = (await summit("events", "tail", *mine)).out.splitlines()
    assert [line.split()[5] for line in lines[:2]] == ["edition_published", "invitation_issued"]
    whole = (await summit("events", "tail", "--json", *mine)).out.splitlines()
    assert json.loads(whole[0])["id"] == published.id
    assert all("focal@" not in line for line in whole)


async def test_an_edition_with_faults_is_refused_line_by_line(summit: Command, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(
        SummitFile("broken").text.replace("seats = 20", 'seats = "many"').replace("Africa/", "Africa,"),
        encoding="utf-8",
    )
    for command in ("apply", "check"):
        refused = await summit("edition", command, str(file))
        assert refused.code == 1
        lines = refused.err.splitlines()
        assert re.match(rf"{re.escape(str(file))}:5: time_zone: 'Africa,Nairobi' is no time zone\.", lines[0])
        assert sum("rooms[" in line for line in lines) == 2
        assert "Traceback" not in refused.err


async def test_a_token_opens_the_doors_of_its_role_and_no_other(summit: Command, outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    given = await summit("token", "--role", "registration")
    token = given.out.strip()
    listed = await outsider.ask("registration", "GET", f"{outsider.path}/invitations", token=token)
    assert listed.status_code == 200
    refused = await outsider.ask("registration", "GET", "/admin/dead-letters", token=token)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:summit:problem:wrong-role")


async def test_provisioning_what_is_right_changes_nothing(summit: Command) -> None:
    assert (await summit("provision")).out == "Everything was as it has to be.\n"


async def test_a_size_and_days_that_an_operator_gives_the_streams_stay(summit: Command) -> None:
    for was, now, days in ((1, 2, 500), (2, 1, 400)):  # and back, for there are other tests
        given = await summit("provision", "--gibibytes", str(now), "--personal-days", str(days))
        size = f"max_bytes was {was * GIBIBYTE}, is {now * GIBIBYTE}"
        assert f"stream REGISTRATION: {size}\n" in given.out
        assert f"stream SUMMIT: max_bytes was {5 * was * GIBIBYTE}, is {5 * now * GIBIBYTE}\n" in given.out
        assert re.search(rf"stream PERSONAL: {size}, max_age was \d+ days, is {days} days\n", given.out)
        assert (await summit("provision")).out == "Everything was as it has to be.\n"


async def test_what_nats_refuses_of_streams_is_told_with_a_remedy(summit: Command) -> None:
    for asked in (("--gibibytes", "1000000"), ("--replicas", "3")):
        refused = await summit("provision", *asked)
        assert refused.code == 1
        assert refused.err.startswith("NATS refuses: ")
        assert "how streams are kept" in refused.err
    assert (await summit("provision")).out == "Everything was as it has to be.\n"


async def test_a_letter_can_be_read_before_it_is_sent(summit: Command) -> None:
    arabic = await summit("letter", "preview", "invitation", "--language", "ar")
    assert arabic.code == 0, arabic.err
    assert re.search(r"[\u0600-\u06ff]{3}", arabic.out)
    unknown = await summit("letter", "preview", "thanks")
    assert unknown.code == 1
    assert "invitation" in unknown.err


async def test_what_is_not_there_is_answered_with_a_remedy(summit: Command, tmp_path: Path) -> None:
    nowhere = Command(tmp_path / "nothing")
    for command, words in (
        (nowhere, ("status",)),
        (nowhere, ("play", "uncops-2022")),
        (summit, ("play", "uncops-1999")),
        (summit, ("dead-letters", "show", "none")),
        (summit, ("dead-letters", "replay")),
        (summit, ("token", "--role", "king")),
        (summit, ("token", "--role", "nominator")),
    ):
        refused = await command(*words)
        assert refused.code == 1, words
        assert len(refused.err.strip().splitlines()) == 2, refused.err
        assert "Traceback" not in refused.err


async def test_a_system_outside_is_let_in_and_out_while_everything_runs(summit: Command) -> None:
    added = await summit("subscriber", "add", "press-office", "--facts", "summit.*.pledges.>")
    assert added.code == 0, added.err
    assert "press-office hears summit.*.pledges.> from the first fact on." in added.out
    listed = await summit("subscriber", "list")
    assert re.search(r"^press-office +summit\.\*\.pledges\.> +\d+ waiting$", listed.out, re.MULTILINE)
    removed = await summit("subscriber", "remove", "press-office")
    assert removed.code == 0, removed.err


async def test_a_timetable_is_solved_published_and_repaired_from_the_command_line(
    summit: Command, outsider: Outsider
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await eventually(lambda: outsider.done("scheduling", "GET", f"{outsider.path}/slots"))
    anew = await summit("timetable", "solve", outsider.edition_id, "--seconds", "2", "--publish")
    assert anew.code == 0, anew.out + anew.err
    assert "timetable 1: 0 placed" in anew.out
    again = await summit("timetable", "solve", outsider.edition_id, "--kind", "repair", "--seconds", "2")
    assert (again.code, "not published" in again.out) == (0, True), again.out + again.err
    wrong = await summit("timetable", "solve", outsider.edition_id, "--kind", "patch")
    assert wrong.code != 0
    assert "Traceback" not in wrong.err


async def test_the_portal_is_told_with_ways_in_for_the_secretariat_and_for_delegations(
    summit: Command, outsider: Outsider
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE", "FR", "RW"]))
    for code in ("KE", "FR", "RW"):
        await outsider.letter(code, "invitation")
    told = (await summit("sign-in-links")).out
    portal = outsider.deployment.addresses["portal"]
    assert f"The portal is at {portal}" in told
    desk = re.search(r"^  admin +(\S+)$", told, re.MULTILINE)
    links = re.findall(
        rf"^  ({portal}/invitation/\S+)\n    the code: summit mailbox show (\S+)$", told, re.MULTILINE
    )
    assert desk
    assert len(links) == 3
    async with Visitor(portal) as staff:
        assert (await staff.open(desk[1])).text
        assert "/console" in staff.address, staff.address
    link, address = links[0]
    async with Visitor(portal) as delegation:
        await delegation.open(link)
        before = len(outsider.mailbox.messages_to(address))
        await delegation.press(delegation.page.forms[-1].buttons[0].label)

        async def code_sent() -> str:
            code = code_in(*outsider.mailbox.messages_to(address)[before:])
            assert code in (await summit("mailbox", "show", address)).out
            return code

        await delegation.press(
            delegation.page.forms[-1].buttons[0].label, {"code": await eventually(code_sent)}
        )
        assert delegation.address.endswith("/delegation"), delegation.page.text
