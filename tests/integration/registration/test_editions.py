"""An edition file over HTTP: applied, applied again, revised, or refused with every fault in its line."""

from typing import Any

import pytest

from summit_chassis.outbox import MAX_FACT
from summit_contracts.registration import EditionPublished
from summit_testkit.desk import Desk
from summit_testkit.forms import Json, refusal

TOML = {"content-type": "application/toml"}


async def apply(desk: Desk, text: str | bytes) -> Any:
    return await desk.ask("POST", "/editions", content=text, headers=TOML)


async def test_the_same_edition_again_is_no_new_fact(empty_desk: Desk, edition_text: str) -> None:
    first = await apply(empty_desk, edition_text)
    assert (first.status_code, first.headers["location"]) == (201, "/editions/uncops-2022")
    assert first.json() | {"invitees": 0} == {
        "edition_id": "uncops-2022",
        "revision": 1,
        "is_changed": True,
        "invitees": 0,
    }
    again = await apply(empty_desk, edition_text)
    commented = await apply(empty_desk, f"# Another comment\n{edition_text}\n")
    for answer in (again, commented):
        assert answer.status_code == 200
        assert answer.json() == {**first.json(), "is_changed": False}
    assert [type(fact.data) for fact in await empty_desk.facts()] == [EditionPublished]
    history = (await empty_desk.ask("GET", "/editions/uncops-2022/history")).json()["items"]
    assert [one["action"] for one in history] == ["edition_published"]


async def test_a_revised_edition_holds_for_everybody_at_once(empty_desk: Desk, edition_text: str) -> None:
    await apply(empty_desk, edition_text)
    revised = await apply(
        empty_desk, edition_text.replace("wishes_per_delegation = 15", "wishes_per_delegation = 3")
    )
    assert (revised.status_code, revised.json()["revision"]) == (201, 2)
    seen = await empty_desk.ask("GET", "/editions/uncops-2022", anonymous=True)
    assert (seen.json()["revision"], seen.json()["edition"]["wishes_per_delegation"]) == (2, 3)
    facts = [fact.data for fact in await empty_desk.facts()]
    assert [fact.revision for fact in facts if isinstance(fact, EditionPublished)] == [1, 2]


async def test_a_published_edition_says_what_its_file_says(empty_desk: Desk, edition_text: str) -> None:
    await apply(empty_desk, edition_text)
    (fact,) = [one.data for one in await empty_desk.facts()]
    assert isinstance(fact, EditionPublished)
    shown = (await empty_desk.ask("GET", "/editions/uncops-2022")).json()["edition"]
    assert shown == fact.edition.model_dump(mode="json")
    assert await empty_desk.ask("GET", "/editions") is not None
    assert (await empty_desk.ask("GET", "/editions", anonymous=True)).json() == ["uncops-2022"]


FAULTS: dict[str, tuple[tuple[str, str], str, str]] = {
    "a wrong day": (("on = 2022-09-02", 'on = "the third day"'), "days[2].on", "date"),
    "a misspelt key": (("fallback_language =", "fallback_langauge ="), "fallback_langauge", "Did you mean"),
    "too few seats": (("seats = 24", "seats = 1"), "rooms[2].seats", "2"),
    "a language in words": (
        ('fallback_language = "en"', 'fallback_language = "English"'),
        "fallback_language",
        "en",
    ),
}


@pytest.mark.parametrize(("change", "field", "says"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_named_with_its_line_and_field(
    empty_desk: Desk, edition_text: str, change: tuple[str, str], field: str, says: str
) -> None:
    assert change[0] in edition_text
    line = edition_text[: edition_text.index(change[0])].count("\n") + 1
    answer = await apply(empty_desk, edition_text.replace(*change, 1))
    assert refusal(answer) == (422, "edition-file-invalid")
    faults: list[Json] = answer.json()["faults"]
    fault = next(one for one in faults if one["field"] == field)
    assert fault["line"] == line
    assert says in fault["detail"] + fault["remedy"]
    assert f"line {line}: {field}" in answer.json()["detail"]
    assert await empty_desk.facts() == []
    assert refusal(await empty_desk.ask("GET", "/editions/uncops-2022")) == (404, "edition-unknown")


BROKEN: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 1),
    "JSON": (b'{"edition_id": "uncops-2022"}', 1),
    "a NUL byte": (b'edition_id = "uncops-2022"\ntitle = "a\0b"\n', 2),
    "no UTF-8": (b'edition_id = "uncops-2022"\n\ntitle = "\xff"\n', 3),
    "no TOML from line 2 on": (b'edition_id = "uncops-2022"\ntitle =\n', 2),
    "a number without end": (b"\n\nslots = " + b"9" * 5000, 3),
    "a pit of brackets": (b"a = " + b"[" * 50_000, 1),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
async def test_what_is_no_edition_file_is_refused_in_its_line(
    empty_desk: Desk, text: bytes, line: int
) -> None:
    answer = await apply(empty_desk, text)
    assert refusal(answer) == (422, "edition-file-invalid")
    assert answer.json()["faults"][0]["line"] == line
    assert all(fault["detail"] and fault["remedy"] for fault in answer.json()["faults"])
    assert await empty_desk.facts() == []


async def test_a_file_that_fits_but_whose_edition_is_too_large_to_be_told_is_refused(
    empty_desk: Desk, edition_text: str
) -> None:
    room = '[[rooms]]\ncode = "X-{0}"\nname = "{1}"\nseats = 8\ndays = [2022-08-31]\n'
    rooms = "".join(room.format(number, "A room with a long name " * 8) for number in range(1000))
    text = edition_text.replace("[[quotas]]", f"{rooms}[[quotas]]", 1)
    assert MAX_FACT < len(text.encode()) < 1_000_000
    answer = await apply(empty_desk, text)
    assert refusal(answer) == (422, "edition-file-invalid")
    assert "too large" in answer.json()["detail"]
    assert await empty_desk.facts() == []


async def test_nobody_who_holds_an_invitation_is_left_out(registration: Desk, edition_text: str) -> None:
    without = edition_text.replace('"INTERPOL", ', "").replace('"INTERPOL"', "")
    assert without != edition_text
    count = len(await registration.facts())
    answer = await apply(registration, without)
    assert refusal(answer) == (409, "invitees-left-out")
    assert answer.json()["invitees"] == ["INTERPOL"]
    assert len(await registration.facts()) == count
    declined = await registration.ask("POST", "/editions/uncops-2022/invitations/INTERPOL/decline", json={})
    assert declined.status_code == 200
    assert (await apply(registration, without)).status_code == 201
