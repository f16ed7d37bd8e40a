"""From a wish to a meeting in everybody's calendar."""

from email.message import EmailMessage
from typing import Any

from icalendar import Calendar, Event

from summit_contracts.scheduling import BilateralAccepted, BilateralArranged, BilateralScheduled
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider, SummitFile, form, wish
from summit_testkit.scenarios.meeting import agreed, heard, published_timetable


async def test_a_wish_that_is_accepted_becomes_a_meeting_in_both_calendars(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("FR", form("FR"))
    registered = await outsider.register("KE", form("KE", wish("FR")))
    bilateral = registered["wishes"][0]["bilateral_id"]
    await outsider.letter("FR", "bilateral_requested")

    await agreed(outsider, bilateral, "FR")
    assert (await outsider.fact(BilateralAccepted)).data.awaiting == ()
    timetable = await published_timetable(outsider)
    assert (timetable["placed"], timetable["certificate"]["status"]) == (1, "optimal")

    await in_both_calendars(outsider, bilateral)


async def test_who_walks_up_to_the_desk_has_the_meeting_in_both_calendars_though_nobody_had_asked(
    outsider: Outsider,
) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    for code in ("FR", "KE"):
        await outsider.register(code, form(code))

    async def knows_the_edition() -> list[Any]:
        return list(await outsider.done("scheduling", "GET", f"{outsider.path}/slots"))

    slots = await eventually(knows_the_edition)
    place = {"start_at": slots[0]["start_at"], "room": slots[0]["rooms"][0]}
    body = {"parties": ["KE", "FR"], "topic": "Training", **place}
    made = await outsider.done("scheduling", "POST", f"{outsider.path}/walk-ins", json=body)
    assert (await outsider.fact(BilateralArranged)).data.bilateral_id == made["bilateral_id"]
    await in_both_calendars(outsider, made["bilateral_id"])


async def test_a_cancelled_meeting_leaves_both_calendars(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("FR", form("FR"))
    registered = await outsider.register("KE", form("KE", wish("FR")))
    bilateral = registered["wishes"][0]["bilateral_id"]
    await agreed(outsider, bilateral, "FR")
    await published_timetable(outsider)
    await outsider.letter("FR", "timetable", within=40)

    path = f"{outsider.path}/bilaterals/{bilateral}/cancel"
    await outsider.done("scheduling", "POST", path, invitee="KE", json={"invitee": "KE"})
    for code in ("KE", "FR"):
        entry = entry_in(await outsider.letter(code, "bilateral_cancelled"))
        assert (entry["sequence"], entry["status"]) == (1, "CANCELLED")
        assert str(entry["uid"]) == f"{bilateral}@{outsider.edition_id}.summit"


async def test_a_counter_proposal_changes_what_is_agreed(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("NO", form("NO"))
    registered = await outsider.register("KE", form("KE", wish("NO")))
    bilateral = registered["wishes"][0]["bilateral_id"]
    await heard(outsider, bilateral)
    path = f"{outsider.path}/bilaterals/{bilateral}"
    proposal = {"invitee": "NO", "days": ["2022-09-02"]}
    await outsider.done("scheduling", "POST", f"{path}/counter", invitee="NO", json=proposal)
    await outsider.letter("KE", "bilateral_countered")
    await agreed(outsider, bilateral, "KE")
    await published_timetable(outsider)
    placed = await outsider.fact(BilateralScheduled)
    assert placed.data.placement.on.isoformat() == "2022-09-02"


async def in_both_calendars(outsider: Outsider, bilateral: str) -> None:
    """Kenya and France are both told once, with an entry where and when the meeting was placed."""
    placement = (await outsider.fact(BilateralScheduled)).data.placement
    entries = [entry_in(await outsider.letter(code, "timetable", within=40)) for code in ("KE", "FR")]
    assert {str(entry["uid"]) for entry in entries} == {f"{bilateral}@{outsider.edition_id}.summit"}
    for entry in entries:
        assert (entry.decoded("dtstart"), entry.decoded("dtend")) == (placement.start_at, placement.end_at)
        assert (entry["sequence"], entry["status"]) == (0, "CONFIRMED")
        assert placement.room_name in str(entry["location"])


def entry_in(letter: EmailMessage) -> Event:
    """The one calendar entry that came with a mail."""
    attached = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    assert len(attached) == 1, [part.get_content_type() for part in letter.walk()]
    octets = attached[0].get_payload(decode=True)
    assert isinstance(octets, bytes)
    calendar = Calendar.from_ical(octets)
    (entry,) = (found for found in calendar.walk("VEVENT") if isinstance(found, Event))
    return entry
