"""Deadlines hold, each for its step; more time is given to one invitee, by somebody who answers for it (A17)."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

import pytest

from summit_chassis.identity import Role
from summit_contracts.registration import DeadlineExtended
from summit_registration.app import service
from summit_registration.settings import RegistrationSettings
from summit_testkit.databases import Databases
from summit_testkit.desk import SIGNING_KEY, Desk, desk, emptied, token
from summit_testkit.forms import Json, Nominator, addressee, form, head, kept_members, member, refusal, wish

EXTENSIONS = "/editions/uncops-2022/invitations/KE/deadlines"


class Calendar:
    """One registration desk after the other on the same database, each on another day."""

    def __init__(self, url: str, databases: Databases) -> None:
        self._url = url
        self._databases = databases

    def on(self, year: int, month: int, day: int, hour: int = 0) -> AbstractAsyncContextManager[Desk]:
        """The desk as it is then."""
        offset = datetime(year, month, day, hour, tzinfo=UTC) - datetime.now(UTC)
        return desk(
            service,
            RegistrationSettings,
            self._databases,
            url=self._url,
            offset=offset,
            token_signing_key=SIGNING_KEY,
        )


@pytest.fixture
async def calendar(databases: Databases, edition_text: str) -> Calendar:
    """KE is invited."""
    calendar = Calendar(await emptied(service, databases), databases)
    async with calendar.on(2022, 6, 1, 9) as early:
        assert (await early.ask("POST", "/editions", content=edition_text)).status_code == 201
        sent = {"addressees": [addressee("KE")]}
        assert (await early.ask("POST", "/editions/uncops-2022/invitations", json=sent)).status_code == 201
    return calendar


async def more_time(desk: Desk, step: str, until_at: str, account: str = "secretariat/m.b") -> Json:
    """KE has more time for the step."""
    bearer = token(Role.REGISTRATION, account=account, now=datetime.now(UTC) + desk.offset)
    answer = await desk.ask(
        "POST",
        EXTENSIONS,
        anonymous=True,
        headers={"authorization": f"Bearer {bearer}"},
        json={"step": step, "until_at": until_at, "reason": "Note verbale of 28 July"},
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_step_has_its_own_deadline(calendar: Calendar) -> None:
    async with calendar.on(2022, 7, 15, 21) as last_hour:  # 18:00 in New York is 22:00 UTC
        kenya = Nominator(last_hour)
        await kenya.register(wishes=(wish("NO"),))
    async with calendar.on(2022, 7, 16) as after_nomination:
        kenya = Nominator(after_nomination)
        before = await kenya.delegation()
        grown = await kenya.change("", {"members": [*kept_members(before), member("Njeri")]})
        assert grown.status_code == 200, grown.text
    async with calendar.on(2022, 8, 4) as after_confirmation:
        kenya = Nominator(after_confirmation)
        assert refusal(await kenya.change("/confirm")) == (409, "registration-closed")
        before = await kenya.delegation()
        too_many = await kenya.change("", {"members": [*kept_members(before), member("Otieno")]})
        assert refusal(too_many) == (409, "registration-closed")
        replaced = await kenya.change(
            f"/members/{before['members'][1]['member_id']}/replace", {"successor": {"name": "Kip"}}
        )
        assert replaced.status_code == 200, replaced.text
        assert (await kenya.change("/wishes", {"wishes": [wish("FR")]})).status_code == 200
    async with calendar.on(2022, 8, 13) as after_wishes:
        kenya = Nominator(after_wishes)
        refused = await kenya.change("/wishes", {"wishes": [wish("DE")]})
        assert refusal(refused) == (409, "registration-closed")
        assert refused.json()["closed_at"] == "2022-08-12T22:00:00+00:00"
        assert (await kenya.change("/withdraw")).status_code == 200


async def test_an_extension_opens_the_step_for_one_and_says_who_gave_it(calendar: Calendar) -> None:
    async with calendar.on(2022, 8, 1) as late:
        kenya = Nominator(late)
        refused = await kenya.ask("POST", json=form(head()))
        assert refusal(refused) == (409, "registration-closed")
        assert refused.json()["step"] == "nominate"
        shown = await more_time(late, "nominate", "2022-08-10T12:00:00+02:00")
        assert shown["extensions"] == {"nominate": "2022-08-10T10:00:00Z"}
        assert (await kenya.ask("GET")).json()["nominate_by_at"] == "2022-08-10T10:00:00Z"
        told = (await late.facts())[-1].data
        assert isinstance(told, DeadlineExtended)
        assert (told.granted_by, told.reason) == ("secretariat/m.b", "Note verbale of 28 July")
        entry = (await kenya.ask("GET", "/history")).json()["items"][-1]
        assert (entry["action"], entry["by"]) == ("deadline_extended", "secretariat/m.b")
        assert (entry["subject"], entry["why"]) == ("nominate", "Note verbale of 28 July")
        sent = {"addressees": [addressee("FR")]}
        assert (await late.ask("POST", "/editions/uncops-2022/invitations", json=sent)).status_code == 201
        france = await Nominator(late, "FR").ask("POST", json=form(head()))
        assert refusal(france) == (409, "registration-closed")
    async with calendar.on(2022, 8, 10, 9) as in_time:
        await Nominator(in_time).register(head())
        assert (await Nominator(in_time).change("/withdraw")).status_code == 200
    async with calendar.on(2022, 8, 10, 11) as too_late:
        assert refusal(await Nominator(too_late).ask("POST", json=form(head()))) == (
            409,
            "registration-closed",
        )


@pytest.mark.parametrize("until_at", ["2022-07-15T22:00:00Z", "2022-05-01T00:00:00Z"])
async def test_no_more_time_is_no_extension(calendar: Calendar, until_at: str) -> None:
    async with calendar.on(2022, 6, 2) as early:
        count = len(await early.facts())
        sent = {"step": "nominate", "until_at": until_at, "reason": "A reason"}
        answer = await early.ask("POST", EXTENSIONS, json=sent)
        assert refusal(answer) == (422, "deadline-not-extended")
        assert answer.json()["field"] == "until_at"
        assert len(await early.facts()) == count


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": ""},
        {"reason": None},
        {"step": "pledge"},
        {"until_at": "2022-08-10T12:00:00"},
        {"until_at": "9999-12-31T23:59:59-12:00"},
        {"until_at": "2201-01-01T00:00:00Z"},
    ],
    ids=["no words", "no reason", "no such step", "no zone", "beyond the calendar", "no year of a summit"],
)
async def test_an_extension_without_reason_step_or_moment_is_refused(
    calendar: Calendar, changed: Json
) -> None:
    async with calendar.on(2022, 6, 2) as early:
        sent = {"step": "nominate", "until_at": "2022-08-10T12:00:00Z", "reason": "A reason"} | changed
        answer = await early.ask("POST", EXTENSIONS, json=sent)
        assert refusal(answer) == (422, "invalid-request")
        assert answer.json()["field"] == next(iter(changed))
