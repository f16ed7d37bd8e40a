"""From a wish that was heard to a published timetable, over HTTP and in PostgreSQL, solved in a process of its own."""

from datetime import UTC, date, datetime
from pathlib import Path

from summit_contracts.editions import Edition
from summit_contracts.registration import (
    BilateralRequested,
    DelegationRegistered,
    DelegationState,
    EditionPublished,
    MemberSummary,
)
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_registration.domain import edition_file
from summit_scheduling.app import service
from summit_scheduling.settings import SchedulingSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import desk
from summit_testkit.eventually import eventually

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"
BASE = "/editions/uncops-2022"
DAYS = (date(2022, 8, 31), date(2022, 9, 2))


def edition() -> Edition:
    return edition_file.read(EDITION_FILE.read_text(encoding="utf-8"))


def delegation(code: str) -> DelegationRegistered:
    return DelegationRegistered(
        edition_id="uncops-2022",
        invitee=code,
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.NOMINATED,
        language=Language.ENGLISH,
        members=(MemberSummary(member_id=f"head-{code}", function=Function.HEAD, rank=Rank.MINISTER),),
    )


def wish(bilateral_id: str, requester: str, counterpart: str, priority: int = 1) -> BilateralRequested:
    return BilateralRequested(
        edition_id="uncops-2022",
        invitee=requester,
        bilateral_id=bilateral_id,
        counterparts=(counterpart,),
        priority=priority,
        topic="Formed police units",
        level=Rank.HEAD_OF_POLICE,
        language=Language.ENGLISH,
        size=8,
        days=DAYS,
        requested_at=datetime(2022, 7, 1, tzinfo=UTC),
    )


async def test_a_wish_that_is_accepted_gets_its_place(databases: Databases) -> None:
    offset = datetime(2022, 7, 2, tzinfo=UTC) - datetime.now(UTC)
    async with desk(service, SchedulingSettings, databases, role="serve", offset=offset) as scheduling:
        published = EditionPublished(edition_id="uncops-2022", revision=1, edition=edition())
        await scheduling.hear(published, delegation("KE"), delegation("NO"), wish("b1", "KE", "NO"))
        accepted = await scheduling.ask(
            "POST", f"{BASE}/bilaterals/b1/accept", as_invitee="NO", json={"invitee": "NO"}
        )
        assert accepted.json()["status"] == "agreed", accepted.text
        asked = await scheduling.ask("POST", f"{BASE}/solves", json={"seconds": 30})
        assert asked.status_code == 202, asked.text
        solve = asked.headers["location"]

        async def is_solved() -> None:
            answer = (await scheduling.ask("GET", solve)).json()
            assert answer["state"] == "solved", answer

        await eventually(is_solved)
        timetable = await scheduling.ask("POST", f"{solve}/publish")
        assert timetable.status_code == 201, timetable.text
        assert timetable.json()["certificate"]["status"] == "optimal"
        kinds = [fact.type.split(".")[2] for fact in await scheduling.facts()]
        assert kinds == ["bilateral_accepted", "timetable_published", "bilateral_scheduled"]
        seen = await scheduling.ask("GET", f"{BASE}/bilaterals/b1", as_invitee="KE")
        assert seen.json()["placement"]["room"]
        counts = (await scheduling.ask("GET", f"{BASE}/counts")).json()
        assert (counts["requested"], counts["agreed"], counts["placed"]) == (1, 1, 1)
