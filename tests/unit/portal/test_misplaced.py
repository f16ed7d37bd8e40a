"""What a pledge's form has no place for is refused where it was typed, in every language."""

import pytest

from summit_chassis.speech import speaking
from summit_contracts.values import Language
from summit_portal.pages.delegation.misplaced import misplaced
from summit_portal.shell.forms import Form

TYPED: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing": ({"quantity.kind": "exact", "amount.kind": "exact", "timeline.kind": "by"}, []),
    "all in place": (
        {
            "quantity.kind": "range",
            "quantity.number": "1",
            "quantity.most": "2",
            "timeline.kind": "recurring",
            "timeline.count": "1",
            "timeline.end_on": "2023-06-30",
            "openness": "embargoed",
            "until_at": "2022-09-01T09:00",
        },
        [],
    ),
    "most of no range": (
        {"quantity.kind": "up_to", "quantity.number": "1", "quantity.most": "2"},
        ["quantity.most"],
    ),
    "a number not given": ({"quantity.kind": "none_given", "quantity.number": "1"}, ["quantity.number"]),
    "per cent of what": ({"quantity.kind": "exact", "quantity.of": "officers"}, ["quantity.of"]),
    "a sum at most": ({"amount.kind": "at_least", "amount.most": "5"}, ["amount.most"]),
    "a first day": ({"timeline.kind": "by", "timeline.start_on": "2023-01-01"}, ["timeline.start_on"]),
    "days of no date": (
        {"timeline.kind": "open", "timeline.start_on": "2023-01-01", "timeline.end_on": "2023-06-30"},
        ["timeline.start_on", "timeline.end_on"],
    ),
    "a length of a window": (
        {"timeline.kind": "window", "timeline.count": "6", "timeline.end_on": "2023-06-30"},
        ["timeline.count"],
    ),
    "no days": ({"timeline.kind": "window"}, ["timeline.start_on"]),
    "no length": ({"timeline.kind": "lasting", "timeline.end_on": "2023-06-30"}, ["timeline.count"]),
    "a day of no embargo": ({"openness": "public", "until_at": "2022-09-01T09:00"}, ["until_at"]),
}


@pytest.mark.parametrize(("typed", "fields"), TYPED.values(), ids=TYPED)
def test_what_has_no_place_is_named(typed: dict[str, str], fields: list[str]) -> None:
    assert list(misplaced(Form.filled(**typed))) == fields


def test_what_to_do_about_it_is_said_in_every_language() -> None:
    typed = Form.filled(**{"timeline.kind": "lasting", "until_at": "2022-09-01T09:00"})
    said = set()
    for language in Language:
        with speaking(language):
            said |= set(misplaced(typed).values())
    assert len(said) == 2 * len(Language)
