"""What the secretariat rules is taken as it was typed, or refused at its field."""

from typing import Any

import pytest

from summit_chassis.speech import speaking
from summit_contracts.values import Language
from summit_portal.pages.console.places import by_names, read_difference
from summit_portal.pages.console.what_ifs import NotSaid, chosen
from summit_portal.shell.forms import Form

NOTHING: dict[str, Any] = {
    "closures": [],
    "absences": [],
    "duties": [],
    "vetoes": [],
    "pins": [],
    "weights": {},
}
PLENARY = {"code": "plenary", "duty_on": "2022-09-01", "duty_from": "15:00", "duty_to": "18:00"}
ROOM = {"room": "a", "room_on": "2022-09-01", "room_from": "09:00", "room_to": "10:00"}


def ruled(**typed: str) -> dict[str, Any]:
    return chosen(NOTHING, Form.filled(**typed), "America/New_York")


def test_a_room_is_closed_by_the_clocks_of_the_place_of_the_summit() -> None:
    (closed,) = ruled(**ROOM)["closures"]
    assert closed["interval"] == {
        "start_at": "2022-09-01T09:00:00-04:00",
        "end_at": "2022-09-01T10:00:00-04:00",
    }


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**ROOM, "room_on": "tomorrow"}, "room_on"),
        ({**ROOM, "room_from": "9 o’clock"}, "room_from"),
        ({**ROOM, "room_to": "25:00"}, "room_to"),
        ({"invitee": "KE", "away_on": "²", "away_from": "09:00", "away_to": "10:00"}, "away_on"),
        ({**ROOM, "room": ""}, "room"),
        ({**ROOM, "room_to": "09:00"}, "room_to"),
        ({**PLENARY, "code": ""}, "code"),
        ({**PLENARY, "duty_to": "14:00"}, "duty_to"),
        ({"other": "KE"}, "one"),
        ({"times": "2"}, "weighed"),
    ],
    ids=[
        "no day",
        "no time",
        "no hour",
        "no digit",
        "no room",
        "no while",
        "no duty",
        "backwards",
        "no first",
        "no meeting",
    ],
)
def test_what_cannot_be_ruled_is_refused_at_its_field(typed: dict[str, str], field: str) -> None:
    with pytest.raises(NotSaid) as refused:
        ruled(**typed)
    assert list(refused.value.words) == [field]


def test_what_is_moved_again_is_held_at_the_last_time_only() -> None:
    def moved(code: str) -> dict[str, Any]:
        interval = {"start_at": "2022-08-31T09:00:00-04:00", "end_at": "2022-08-31T12:00:00-04:00"}
        return {"code": code, "interval": interval}

    in_force = {**NOTHING, "duties": [moved("plenary"), moved("reception")]}
    reception, plenary = chosen(in_force, Form.filled(**PLENARY), "America/New_York")["duties"]
    assert reception == moved("reception")
    assert plenary == {
        "code": "plenary",
        "interval": {"start_at": "2022-09-01T15:00:00-04:00", "end_at": "2022-09-01T18:00:00-04:00"},
    }


def test_a_weight_that_is_no_number_is_left_for_its_owner_to_refuse() -> None:
    assert ruled(weighed="m", times="2")["weights"] == {"m": 2}
    assert ruled(weighed="m", times="2x")["weights"] == {"m": "“2x”"}


def test_meetings_are_offered_by_the_names_of_who_meets_and_not_by_their_ids() -> None:
    parties = {"1": ("KE", "FR"), "2": ("FR", "NO"), "3": ("FR", "KE"), "4": ("DE", "KE")}
    with speaking(Language.ENGLISH):
        assert by_names(["0", *parties], parties) == ["3", "2", "4", "1", "0"]
    with speaking(Language.FRENCH):
        assert by_names(["0", *parties], parties) == ["4", "3", "2", "1", "0"]
        unplaced = [{"bilateral_id": one, "was": None, "why": "no_place_left"} for one in sorted(parties)]
        told = {"placed": [], "moved": [], "unplaced": unplaced, "kept": 0, "gone": ["1", "4"]}
        changed = read_difference(told, parties)
    assert [one["bilateral_id"] for one in changed["unplaced"]] == ["4", "3", "2", "1"]
    assert changed["gone"] == ["4", "1"]
