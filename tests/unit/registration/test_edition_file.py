"""An edition file is read whole, or every fault in it is named with its line, field and remedy."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.editions import Cap, Edition
from summit_contracts.values import InviteeKind, Language
from summit_registration.domain.edition_file import LARGEST, read
from summit_registration.domain.errors.editions import EditionFault, EditionFileInvalid

_UNCOPS_2022 = Path(__file__).parents[3] / "deploy" / "editions" / "uncops-2022.toml"

_FILE = """\
edition_id = "small"
title = "A small summit"
place = "New York"
time_zone = "America/New_York"
languages = ["en", "fr"]
fallback_language = "en"
[slots]
minutes = 20
gap_minutes = 10
[deadlines]
nominate_by_at = 2022-07-15T18:00:00
confirm_by_at = 2022-08-03T18:00:00
wishes_by_at = 2022-08-12T18:00:00Z
pledges_by_at = 2022-09-30T18:00:00-04:00
[[days]]
on = 2022-08-31
purposes = ["bilaterals"]
opens = 09:00:00
closes = 18:00:00
pauses = [{ start = 13:00:00, end = 14:00:00 }]
[[days]]
on = 2022-09-01
purposes = ["plenary"]
opens = 10:00:00
closes = 18:00:00
[[rooms]]
code = "A"
name = "Room A"
seats = 8
days = [2022-08-31]
[[rooms]]
code = "B"
name = "Room B"
seats = 12
days = [2022-08-31]
[[quotas]]
kind = "member_state"
members = 6
[[quotas]]
invitee = "INTERPOL"
members = 3
[[obligations]]
title = "Plenary"
interval = { start_at = 2022-09-01T10:00:00, end_at = 2022-09-01T13:00:00 }
invitees = ["KE"]
[invitees]
member_states = ["KE", "FR"]
organizations = ["INTERPOL"]
principals = ["UN-POLAD"]
[invitees.languages]
fr = ["FR"]
"""


def _faults(text: str) -> tuple[EditionFault, ...]:
    with pytest.raises(EditionFileInvalid) as refused:
        read(text)
    return refused.value.faults


def _with(*changes: tuple[str, str]) -> str:
    text = _FILE
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def test_a_small_file_is_read_whole() -> None:
    edition = read(_FILE)
    assert edition.edition_id == "small"
    assert edition.deadlines.nominate_by_at == datetime(2022, 7, 15, 22, tzinfo=UTC), (
        "local time of the edition's zone"
    )
    assert edition.deadlines.wishes_by_at == datetime(2022, 8, 12, 18, tzinfo=UTC), (
        "a moment with an offset stays"
    )
    assert edition.obligations[0].interval.start_at == datetime(2022, 9, 1, 14, tzinfo=UTC)
    assert [(one.code, one.kind, one.language) for one in edition.invitees] == [
        ("FR", InviteeKind.MEMBER_STATE, Language.FRENCH),
        ("KE", InviteeKind.MEMBER_STATE, Language.ENGLISH),
        ("INTERPOL", InviteeKind.ORGANIZATION, Language.ENGLISH),
        ("UN-POLAD", InviteeKind.PRINCIPAL, Language.ENGLISH),
    ]
    assert Edition.model_validate_json(edition.model_dump_json()) == edition


def test_uncops_2022_has_two_days_for_bilaterals_and_everybody_invited() -> None:
    edition = read(_UNCOPS_2022.read_text(encoding="utf-8"))
    assert edition.bilateral_days() == (date(2022, 8, 31), date(2022, 9, 2))
    kinds = [one.kind for one in edition.invitees]
    assert kinds.count(InviteeKind.MEMBER_STATE) == 193
    assert kinds.count(InviteeKind.OBSERVER_STATE) == 2
    assert {edition.quota_of(one) for one in edition.invitees if one.kind is not InviteeKind.PRINCIPAL} == {
        3,
        4,
        6,
    }
    assert {one.language for one in edition.invitees} == set(Language)
    assert sum(16 for room in edition.rooms for _ in room.days) == 416, "the number its comment promises"


_ONE_FAULT = [
    ("titel = ", 2, "titel", "not known", "'title'", [("title = ", "titel = ")]),
    ("seat", 29, "rooms[0].seat", "not known", "'seats'", [("seats = 8", "seat = 8")]),
    ("unknown table", 7, "slot", "not known", "'slots'", [("[slots]", "[slot]")]),
    ("pause", 20, "days[0].pauses[0].begin", "not known", "Known here", [("{ start =", "{ begin =")]),
    ("text for number", 29, "rooms[0].seats", "a text stands", "without quotes", [("seats = 8", 'seats = "8"')]),
    ("number for time", 18, "days[0].opens", "a whole number stands", "09:00:00", [("opens = 09:00:00", "opens = 9")]),
    ("text for date", 16, "days[0].on", "a text stands", "2022-08-31", [("on = 2022-08-31", 'on = "2022-08-31"')]),
    ("moment for date", 16, "days[0].on", "a moment stands", "", [("on = 2022-08-31", "on = 2022-08-31T00:00:00")]),
    ("true for number", 8, "slots.minutes", "true or false stands", "digits", [("minutes = 20", "minutes = true")]),
    ("list for text", 2, "title", "a list stands", "quotes", [('"A small summit"', '["A"]')]),
    ("table for list", 26, "rooms", "a table stands", "[brackets]", [("[[rooms]]", "[rooms]"), ("[[rooms]]", "[x]")]),
    ("out of bounds", 29, "rooms[0].seats", "greater than or equal to 2", "Mend", [("seats = 8", "seats = 1")]),
    ("bad pattern", 1, "edition_id", "not well-formed", "lower case", [('"small"', '"Small Summit"')]),
    ("bad code", 27, "rooms[0].code", "not well-formed", "at most 64", [('code = "A"', 'code = "A 1"')]),
    ("missing", 26, "rooms[0].name", "missing", "Add it", [('name = "Room A"\n', "\n")]),
    ("vocabulary", 17, "days[0].purposes[0]", "vocabulary", "'bilaterals'", [('["bilaterals"]', '["bilateral"]')]),
    ("language", 6, "fallback_language", "vocabulary", "ar, zh, en", [('_language = "en"', '_language = "de"')]),
    ("zone", 4, "time_zone", "no time zone", "'America/New_York'", [("New_York", "New-York")]),
    ("room on a plenary day", 30, "rooms[0].days[0]", "not a day for bil", "2022-08-31", [("[2022-08-31]", "[2022-09-01]")]),
    ("room on another day", 30, "rooms[0].days[0]", "not a day of", "2022-08-31", [("[2022-08-31]", "[2022-09-04]")]),
    ("room's day twice", 30, "rooms[0].days[1]", "twice", "", [("[2022-08-31]", "[2022-08-31, 2022-08-31]")]),
    ("room twice", 32, "rooms[1].code", "twice", "", [('code = "B"', 'code = "A"')]),
    ("closes first", 19, "days[0].closes", "closes before", "", [("closes = 18:00:00", "closes = 08:00:00")]),
    ("pause outside", 20, "days[0].pauses[0]", "outside the day", "", [("end = 14:00:00", "end = 19:00:00")]),
    ("pause backwards", 20, "days[0].pauses[0].end", "ends before", "", [("end = 14:00:00", "end = 12:00:00")]),
    ("slot too long", 15, "days[0]", "longest stretch has 239", "slots.minutes", [
        ("minutes = 20", "minutes = 240"), ("opens = 09:00:00", "opens = 09:01:00"), ("= 18:00", "= 17:59")]),
    ("late deadline", 13, "deadlines.wishes_by_at", "after the end", "earlier", [("2022-08-12T18:00:00Z", "2022-09-01T18:00:01")]),
    ("confirm first", 10, "deadlines", "confirm_by_at lies before", "", [("2022-08-03T18", "2022-07-03T18")]),
    ("no such wall clock", 11, "deadlines.nominate_by_at", "exactly once", "offset", [("2022-07-15T18:00", "2022-03-13T02:30")]),
    ("two such wall clocks", 14, "deadlines.pledges_by_at", "exactly once", "", [("2022-09-30T18:00:00-04:00", "2022-11-06T01:30:00")]),
    ("no year of a summit", 11, "deadlines.nominate_by_at", "from 1945 to 2200, not in 2201", "", [("2022-07-15T18", "2201-07-15T18")]),
    ("no day of a summit", 16, "days[0].on", "from 1945 to 2200, not in 1944", "", [("on = 2022-08-31", "on = 1944-08-31")]),
    ("beyond the calendar", 11, "deadlines.nominate_by_at", "beyond the calendar", "another year", [("2022-07-15T18", "9999-12-31T23")]),
    ("beyond the calendar in UTC", 13, "deadlines.wishes_by_at", "beyond the calendar", "", [("2022-08-12T18:00:00Z", "0001-01-01T00:00:00+12:00")]),
    ("endless number", 34, "", "too many digits", "", [("seats = 12", f"seats = {'9' * 5000}")]),
    ("kind twice", 40, "quotas[1].kind", "twice", "", [('invitee = "INTERPOL"', 'kind = "member_state"'), ('["INTERPOL"]', "[]")]),
    ("no quota", 36, "quotas", "organization has no quota", 'kind = "organization"', [('invitee = "INTERPOL"', 'kind = "police_body"')]),
    ("quota of nobody", 40, "quotas[1].invitee", "nobody has the code", "'INTERPOL'", [('invitee = "INTERPOL"', 'invitee = "INTERPOLL"')]),
    ("quota uninvited", 40, "quotas[1].invitee", "not invited", "", [('organizations = ["INTERPOL"]', "")]),
    ("obliged backwards", 44, "obligations[0].interval", "ends after", "", [("2022-09-01T13:00:00 }", "2022-09-01T09:00:00 }")]),
    ("obliged elsewhere", 44, "obligations[0].interval.end_at", "not a day", "", [("2022-09-01T13:00:00 }", "2022-09-02T13:00:00 }")]),
    ("obliged uninvited", 45, "obligations[0].invitees[0]", "not invited", "", [('invitees = ["KE"]', 'invitees = ["PE"]')]),
    ("unknown invitee", 47, "invitees.member_states[0]", "nobody has the code", "'KE'", [('states = ["KE"', 'states = ["KEN"')]),
    ("wrong group", 48, "invitees.organizations[1]", "no organization", "observer_states", [('["INTERPOL"]', '["INTERPOL", "VA"]')]),
    ("invitee twice", 47, "invitees.member_states[2]", "twice", "", [('"KE", "FR"]', '"KE", "FR", "KE"]')]),
    ("two languages", 52, "invitees.languages.fr[0]", "twice", "", [('fr = ["FR"]', 'en = ["FR"]\nfr = ["FR"]')]),
    ("neither all nor a list", 47, "invitees.member_states", "a text stands", "Choose one of all. Or: Write it in [brackets]", [('["KE", "FR"]', '"most"')]),
    ("fallback not offered", 6, "fallback_language", "not among", "", [('language = "en"', 'language = "es"')]),
    ("unoffered language", 51, "invitees.languages.es", "not among", "", [('fr = ["FR"]', 'es = ["FR"]')]),
    ("language twice", 5, "languages[2]", "twice", "", [('["en", "fr"]', '["en", "fr", "en"]')]),
    ("day twice", 22, "days[1].on", "twice", "", [("on = 2022-09-01", "on = 2022-08-31"), ("2022-09-01T10", "2022-08-31T10"),
        ("2022-09-01T13", "2022-08-31T13"), ("plenary", "bilaterals")]),
    ("no slots", 1, "slots", "missing", "[slots]", [("[slots]\nminutes = 20\ngap_minutes = 10\n", "")]),
    ("not TOML", 8, "", "not TOML", "toml.io", [("minutes = 20", "minutes = ")]),
    ("key twice", 9, "", "not TOML", "", [("minutes = 20\n", "minutes = 20\nminutes = 20\n")]),
    ("freeze backwards", 7, "freeze_minutes", "greater than or equal to 0", "Mend", [("[slots]", "freeze_minutes = -1\n[slots]")]),
    ("resource of no room", 43, "resources[0].code", "no room has the equipment flags", "equipment of a room", [("[[obl", '[[resources]]\ncode = "flags"\ncount = 2\n[[obl')]),
    ("resource twice", 47, "resources[1].code", "twice", "", [("seats = 8", 'seats = 8\nequipment = ["flags"]'),
        ("[[obl", '[[resources]]\ncode = "flags"\ncount = 2\n[[resources]]\ncode = "flags"\ncount = 1\n[[obl')]),
    ("fewer than no resource", 44, "resources[0].count", "greater than or equal to 0", "", [("[[obl", '[[resources]]\ncode = "flags"\ncount = -2\n[[obl')]),
    ("turn-round of no rank", 43, "turn_round[0].level", "vocabulary", "'minister'", [("[[obl", '[[turn_round]]\nlevel = "ministers"\nminutes = 20\n[[obl')]),
    ("turn-round twice", 46, "turn_round[1].level", "twice", "", [("[[obl", 2 * '[[turn_round]]\nlevel = "minister"\nminutes = 20\n' + "[[obl")]),
    ("cap of a kind and an invitee", 42, "caps[0]", "not for both", "", [("[[obl", '[[caps]]\nkind = "principal"\ninvitee = "KE"\n[[obl')]),
    ("cap twice", 44, "caps[1]", "everybody already", "", [("[[obl", "[[caps]]\nmoves = 1\n[[caps]]\nwishes = 3\n[[obl")]),
    ("cap uninvited", 43, "caps[0].invitee", "not invited", "", [("[[obl", '[[caps]]\ninvitee = "PE"\n[[obl')]),
    ("calendar of nobody", 43, "calendars[0].invitee", "nobody has the code", "'UN-POLAD'", [
        ("[[obl", '[[calendars]]\ninvitee = "UN-POLA"\nopen = [{ start_at = 2022-08-31T10:00:00, end_at = 2022-08-31T11:00:00 }]\n[[obl')]),
    ("calendar on another day", 44, "calendars[0].open[0].end_at", "not a day", "", [
        ("[[obl", '[[calendars]]\ninvitee = "UN-POLAD"\nopen = [{ start_at = 2022-08-31T10:00:00, end_at = 2022-09-03T11:00:00 }]\n[[obl')]),
    ("calendar never open", 44, "calendars[0].open", "at least 1", "", [("[[obl", '[[calendars]]\ninvitee = "UN-POLAD"\nopen = []\n[[obl')]),
    ("obligation twice", 48, "obligations[1].code", "twice", "", [('title = "Plenary"', 'title = "Plenary"\ncode = "p"'),
        ("[invitees]\n", '[[obligations]]\ncode = "p"\ntitle = "Again"\ninterval = { start_at = 2022-09-01T10:00:00, end_at = 2022-09-01T13:00:00 }\n[invitees]\n')]),
    ("a NUL byte", 2, "", "not TOML", "", [("A small", "A \x00 small")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "field", "says", "remedy", "changes"),
    [row[1:] for row in _ONE_FAULT],
    ids=[row[0] for row in _ONE_FAULT],
)
def test_one_fault_is_named_with_line_field_and_remedy(
    line: int, field: str, says: str, remedy: str, changes: list[tuple[str, str]]
) -> None:
    faults = _faults(_with(*changes))
    fault = next((fault for fault in faults if fault.field == field), faults[0])
    assert (fault.line, fault.field) == (line, field), list(map(str, faults))
    assert says in fault.says
    assert remedy in fault.remedy
    assert fault.remedy


def test_all_faults_are_listed_in_the_order_of_their_lines() -> None:
    text = _with(
        ("title = ", "titel = "),
        ("minutes = 20", 'minutes = "20"'),
        ("seats = 12", "seats = 1"),
        ("days = [2022-08-31]", "days = [2022-09-01]"),
        ('"INTERPOL"]', '"INTERPOL", "XX"]'),
    )
    assert [(fault.line, fault.field) for fault in _faults(text)] == [
        (1, "title"),
        (2, "titel"),
        (8, "slots.minutes"),
        (30, "rooms[0].days[0]"),
        (34, "rooms[1].seats"),
        (48, "invitees.organizations[1]"),
    ]


def test_the_refusal_reads_line_by_line_and_carries_the_faults_for_programs() -> None:
    with pytest.raises(EditionFileInvalid) as refused:
        read(_with(("title = ", "titel = ")))
    assert (
        refused.value.detail.splitlines()[1] == "line 2: titel: this key is not known. Did you mean 'title'?"
    )
    assert refused.value.details["faults"][1]["line"] == 2  # type: ignore[index]  # details are open to any value


def test_what_is_shared_capped_and_frozen_is_read_with_sensible_values_where_nothing_is_said() -> None:
    silent = read(_FILE)
    assert (silent.resources, silent.turn_round, silent.caps, silent.calendars) == ((), (), (), ())
    assert (silent.freeze_minutes, silent.rooms[0].turn_round_minutes) == (0, None)
    kenya, polad = (one for code in ("KE", "UN-POLAD") if (one := silent.invitee(code)))
    assert silent.cap_of(kenya) == Cap(invitee="KE", wishes=silent.wishes_per_delegation)
    said = read(
        _with(
            ("[slots]", "freeze_minutes = 90\n[slots]"),
            ("seats = 8", 'seats = 8\nequipment = ["interpretation"]\nturn_round_minutes = 30'),
            (
                "[[obl",
                (
                    "[[caps]]\nwishes = 5\nmeetings_per_day = 4\n"
                    '[[caps]]\nkind = "principal"\nmeetings_per_day = 2\n'
                    '[[caps]]\ninvitee = "KE"\nwishes = 9\nmoves = 1\n'
                    '[[turn_round]]\nlevel = "senior_officer"\nminutes = 5\n'
                    '[[turn_round]]\nlevel = "minister"\nminutes = 20\n'
                    '[[resources]]\ncode = "interpretation"\ncount = 2\n'
                    '[[calendars]]\ninvitee = "UN-POLAD"\n'
                    "open = [{ start_at = 2022-08-31T10:00:00, end_at = 2022-08-31T12:00:00 }]\n[[obl"
                ),
            ),
        )
    )
    assert said.cap_of(kenya) == Cap(invitee="KE", wishes=9, meetings_per_day=4, moves=1)
    assert said.cap_of(polad) == Cap(invitee="UN-POLAD", wishes=5, meetings_per_day=2)
    assert [one.minutes for one in said.turn_round] == [20, 5], "the highest level first"
    assert said.calendars[0].open[0].start_at == datetime(2022, 8, 31, 14, tzinfo=UTC), "local time"
    assert (said.freeze_minutes, said.resources[0].count, said.rooms[0].turn_round_minutes) == (90, 2, 30)
    assert Edition.model_validate_json(said.model_dump_json()) == said


def test_nobody_invited_is_a_fault() -> None:
    start = _FILE.index("[invitees]")
    assert any("nobody is invited" in fault.says for fault in _faults(f"{_FILE[:start]}[invitees]\n"))


def test_a_hostile_file_is_refused_without_harm() -> None:
    assert "too large" in _faults("#" * (LARGEST + 1))[0].says
    assert "nested too deeply" in _faults(f"a = {'[' * 100_000}")[0].says
    for depth in range(100, 1000, 50):
        assert _faults(f"a = {'[' * depth}{']' * depth}")[0].remedy
    assert _faults("")[0].line == 1


@settings(deadline=None)
@given(
    st.integers(0, len(_FILE)),
    st.integers(0, 12),
    st.sampled_from(["", "1", '"', "[", "]", "\n", "=", "x = 1\n", "\x00", "é"]),
)
def test_whatever_is_damaged_is_read_or_refused_with_a_line_of_the_file(
    start: int, length: int, put: str
) -> None:
    text = _FILE[:start] + put + _FILE[start + length :]
    for fault in _outcome(text):
        assert 1 <= fault.line <= text.count("\n") + 1
        assert fault.says
        assert fault.remedy


def _outcome(text: str) -> tuple[EditionFault, ...]:
    try:
        read(text)
    except EditionFileInvalid as refused:
        return refused.faults
    return ()
