"""Whatever numbers a plan file has, it is accepted, rejected for a rule, or said to be unreadable and where; no file ends in a traceback."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_testkit.mutants.mutant import Document, rehashed
from summit_verifier.report import Report, verify

Path = tuple[str | int, ...]
ABSURD = (
    *(
        "0",
        "-1",
        "1",
        "12",
        "13",
        "9999",
        "-0",
        "1.0",
        "0.5",
        "1e3",
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
    ),
    *(
        "true",
        "null",
        '"3"',
        "[]",
        "{}",
        '"\\ud800"',
        '"a\\nb"',
        "1" + 30 * "0",
        "-9" + 40 * "0",
        "9" * 5000,
        f'"{"9" * 5000}"',
    ),
)
"""As they would stand in the file."""
unhurried = settings(deadline=None, max_examples=300)


def leaves(inside: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all numbers, and of what the prices and slots of the file name by a number."""
    if isinstance(inside, dict | list):
        for step, value in inside.items() if isinstance(inside, dict) else enumerate(inside):
            yield from leaves(value, (*path, step))
    elif not isinstance(inside, str) or path[0] == "prices" or path[:2] == ("input", "slots"):
        yield path


def forged(true: Document, changes: dict[Path, str]) -> bytes:
    """The file with these values instead, letter by letter as they are given."""
    document = deepcopy(true)
    for number, path in enumerate(changes):
        inside: Any = document
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = f"@{number}@"
    text = json.dumps(document)
    for number, value in enumerate(changes.values()):
        text = text.replace(f'"@{number}@"', value)
    return text.encode()


def said(path: Path) -> str:
    """The path as a report names it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def ends_well(report: Report) -> None:
    """It is accepted, or each fault is named; and the report can be printed."""
    assert report.is_true == (not report.broken)
    for one in report.broken:
        assert one.rule
        assert one.said
        assert one.rule != "file" or one.said.startswith("cannot be read: ")
    assert (report.to_text() + report.to_json()).encode()


@unhurried
@given(st.data())
def test_no_file_ends_in_a_traceback(true_plan: Document, data: st.DataObject) -> None:
    numbers = st.integers().map(str) | st.floats().map(json.dumps) | st.integers(-20, 20).map(str)
    changes = st.dictionaries(
        st.sampled_from(sorted(leaves(true_plan), key=str)),
        st.sampled_from(ABSURD) | numbers,
        min_size=1,
        max_size=4,
    )
    ends_well(verify(forged(true_plan, data.draw(changes))))


@pytest.mark.parametrize("value", ABSURD, ids=lambda value: value[:12])
def test_every_number_of_a_true_file_may_be_absurd_and_the_place_is_told(
    true_plan: Document, value: str
) -> None:
    for path in leaves(true_plan):
        report = verify(forged(true_plan, {path: value}))
        ends_well(report)
        for one in report.broken:
            part = said(path[:3] if path[0] == "input" else path[:2])
            assert one.rule != "file" or part in one.said, f"{said(path)}: {one.said}"


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("certificate", "seconds"), "1e999", "certificate.seconds: a number, not 1e999"),
        (("certificate", "seconds"), "NaN", "certificate.seconds: a number, not NaN"),
        (("certificate", "bound"), "9" * 5000, "certificate.bound: a whole number, not 9999"),
        (("certificate", "bound"), "61.0", "certificate.bound: a whole number, not 61.0"),
        (
            ("input", "meetings", 1, "length"),
            "0",
            "input.meetings[1].length: a whole number, 1 to 10000, not 0",
        ),
        (("input", "meetings", 1, "length"), "1" + 30 * "0", "input.meetings[1].length"),
        (("input", "meetings", 1, "starts", 0), "12", "input.meetings[1].starts[0]: 12 is no slot"),
        (("input", "meetings", 1, "starts", 0), "-1", "input.meetings[1].starts[0]: -1 is no slot"),
        (("input", "meetings", 2, "rest_minutes"), "-1", "input.meetings[2].rest_minutes"),
        (("input", "meetings", 2, "rest_minutes"), "1" + 12 * "0", "input.meetings[2].rest_minutes"),
        (("input", "rooms", 1, "turn_round_minutes"), "1" + 12 * "0", "input.rooms[1].turn_round_minutes"),
        (("input", "rooms", 0, "slots", 0), "12", "input.rooms[0].slots[0]: 12 is no slot"),
        (("input", "resources", "booths"), "-1", "input.resources.booths: a whole number, 0 or more, not -1"),
        (("input", "limits", 0, "moves"), "-1", "input.limits[0].moves: a whole number, 0 or more, not -1"),
        (("input", "edition_id"), '"\\ud800"', "input.edition_id: a text"),
    ],
    ids=lambda one: one[:20] if isinstance(one, str) else said(one),
)
def test_what_no_plan_has_is_refused_where_it_stands(
    true_plan: Document, path: Path, value: str, place: str
) -> None:
    (broken,) = verify(forged(true_plan, {path: value})).broken
    assert broken.said.startswith(f"cannot be read: {place}")


def test_more_slots_than_any_summit_has_are_refused(true_plan: Document) -> None:
    many = deepcopy(true_plan)
    many["input"]["slots"] *= 1000
    (broken,) = verify(json.dumps(many).encode()).broken
    assert broken.said == "cannot be read: input.slots: 12000 slots, and no summit has more than 10000"


def test_slots_at_the_end_of_time_are_judged_as_any_others(true_plan: Document) -> None:
    late = deepcopy(true_plan)
    late["input"]["slots"] = [
        [
            f"9999-12-31T{18 + number // 2}:{30 * (number % 2):02}:00+00:00",
            f"9999-12-31T{18 + number // 2}:{30 * (number % 2) + 20}:00+00:00",
            day,
        ]
        for number, (_, _, day) in enumerate(true_plan["input"]["slots"])
    ]
    report = verify(json.dumps(rehashed(late)).encode())
    assert report.is_true, report.to_text()
