"""Every row of the register goes in without losing anything and comes out again the same."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from summit_contracts.pledges import SECRETARIAT, PledgeMade
from summit_contracts.promises import Nature, Partner, Promise, Side
from summit_contracts.quantities import (
    AtLeast,
    AtLeastAmount,
    By,
    Exact,
    ExactAmount,
    NoneGiven,
    Percent,
    Range,
    RangeAmount,
    Recurring,
    Span,
    UpTo,
    UpToAmount,
)
from summit_contracts.values import Money
from summit_pledges.domain.errors.sheets import RowNotReadable, SheetNotReadable
from summit_pledges.domain.history import Actor
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.sheet import COLUMNS, Row, read_row, read_sheet, write_row, write_sheet
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_testkit.pledges import DESK_OFFICER, MADE_AT, promises

ROOT = Path(__file__).parents[3]
REGISTER = ROOT / "deploy" / "editions" / "uncops-2022" / "pledges.csv"
ORIGINAL = ROOT.parent / "shared" / "data" / "pledges_real.csv"
TAXONOMY = shipped_taxonomy()
TEXT = REGISTER.read_bytes().decode()
ROWS = {row["id"]: row for row in read_sheet(TEXT)}

PLAIN: Row = {
    **dict.fromkeys(COLUMNS, ""),
    "id": "X1",
    "state_iso2": "KE",
    "category": "police",
    "capability": "FPU",
    "quantity": "2",
    "unit": "units",
}


def promise_of(row: Row) -> Promise:
    return read_row(row, edition_id="uncops-2022", taxonomy=TAXONOMY).promise


def pledge_of(row: Row, by: Actor = DESK_OFFICER) -> Pledge:
    command = read_row(row, edition_id="uncops-2022", taxonomy=TAXONOMY)
    return Pledge.draft(command, pledge_id=f"pledge-{row['id']}", by=by, at=MADE_AT, taxonomy=TAXONOMY)


def test_the_shipped_register_is_the_whole_register() -> None:
    assert len(ROWS) == 49
    if not ORIGINAL.exists():
        pytest.skip(
            "the data the register was taken from lies beside the repository only where it is developed"
        )
    assert REGISTER.read_bytes() == ORIGINAL.read_bytes()


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_becomes_a_pledge_a_fact_and_the_same_row(row: Row) -> None:
    """All 18 columns, by way of the command, the pledge and what the stream carries."""
    pledge, (fact,) = pledge_of(row).make(by=DESK_OFFICER, at=MADE_AT)
    assert pledge.recorded_by is Side.SECRETARIAT
    read_back = PledgeMade.model_validate_json(fact.model_dump_json(exclude_none=True))
    assert write_row(read_back.pledger, read_back.promise, TAXONOMY) == row
    assert set(row) == set(COLUMNS)


def test_the_file_comes_out_byte_for_byte() -> None:
    written = (
        write_row(pledge.pledger, pledge.promise, TAXONOMY) for pledge in map(pledge_of, ROWS.values())
    )
    assert write_sheet(written) == TEXT


def test_every_column_says_something_typed() -> None:
    """What the columns say is not merely carried along: it can be counted."""
    typed = [promise_of(row) for row in ROWS.values()]
    kinds = Counter(promise.quantity.kind for promise in typed)
    assert kinds == {"exact": 19, "up_to": 7, "range": 1, "at_least": 1, "percent": 1, "none_given": 20}
    assert Counter(p.amount.kind for p in typed if p.amount is not None) == {"exact": 6, "at_least": 1}
    assert Counter(p.timeline.kind for p in typed if p.timeline.words) == {
        "window": 7,
        "lasting": 3,
        "by": 1,
        "recurring": 1,
        "open": 4,
    }
    assert Counter(p.nature for p in typed) == {Nature.COMMITMENT: 48, Nature.PRACTICE: 1}


@pytest.mark.parametrize(
    ("reference", "quantity"),
    [
        ("P001", Exact(count=2, unit="unit")),
        ("P007", UpTo(maximum=275, unit="person")),
        ("P010", AtLeast(minimum=300, unit="person", is_exceeded=True)),
        ("P034", Range(minimum=250, maximum=300, unit="person")),
        ("P046", NoneGiven(unit="aircraft")),
        ("P070", Percent(basis_points=3500, is_approximate=True)),
    ],
)
def test_a_quantity_keeps_its_uncertainty(reference: str, quantity: object) -> None:
    assert promise_of(ROWS[reference]).quantity == quantity


def test_money_is_read_in_minor_units_with_its_uncertainty() -> None:
    assert promise_of(ROWS["P038"]).amount == ExactAmount(
        money=Money(amount_minor=15_000_000, currency="GBP")
    )
    more_than = AtLeastAmount(minimum=Money(amount_minor=9_500_000_000, currency="USD"), is_exceeded=True)
    assert promise_of(ROWS["P059"]).amount == more_than


def test_what_was_said_where_and_with_whom_is_typed() -> None:
    together = promise_of(ROWS["P041"])
    assert together.partners == (Partner(invitee="AT"), Partner(invitee="KE"))
    assert promise_of(ROWS["P017"]).partners == (Partner(words="rotation partners"),)
    assert together.announced is not None
    assert together.announced.announced_on == date(2025, 5, 14)
    assert together.sources[0].is_copy
    assert promise_of(ROWS["P047"]).sources[0].inferred == ("currency",)
    yearly = promise_of(ROWS["P071"]).timeline
    assert isinstance(yearly, Recurring)
    assert (yearly.every, yearly.lasting) == (Span(count=1, unit="year"), Span(count=2, unit="week"))
    assert isinstance(promise_of(ROWS["P020"]).timeline, By)
    kinds = {row["id"]: [one.kind for one in promise_of(row).conditions] for row in ROWS.values()}
    assert kinds["P008"] == ["remark", "registration"]
    assert kinds["P037"] == ["agreement"]
    assert kinds["P020"] == ["consultation"]
    assert kinds["P016"] == kinds["P046"] == ["place_open"]


def test_the_secretariat_itself_can_stand_in_a_register() -> None:
    row = {**PLAIN, "state_iso2": SECRETARIAT}
    assert pledge_of(row).recorded_by is Side.PLEDGER


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"quantity": "two"}, "quantity"),
        ({"quantity": "-2"}, "quantity"),
        ({"quantity": "2.5"}, "quantity"),
        ({"quantity": "02"}, "quantity"),
        ({"quantity": "0", "is_upper_bound": "1"}, "quantity"),
        ({"quantity": "9" * 5000}, "quantity"),
        ({"quantity": "NaN", "unit": "percent"}, "quantity"),
        ({"quantity": "101", "unit": "percent"}, "quantity"),
        ({"quantity": "12.345", "unit": "percent"}, "quantity"),
        ({"unit": ""}, "quantity"),
        ({"unit": "squads"}, "unit"),
        ({"is_upper_bound": "yes"}, "is_upper_bound"),
        ({"quantity": "35", "unit": "percent", "is_upper_bound": "1"}, "is_upper_bound"),
        ({"amount": "150000"}, "amount"),
        ({"amount": "150000.505", "currency": "GBP"}, "amount"),
        ({"amount": "1e5", "currency": "GBP"}, "amount"),
        ({"amount": "150000.00", "currency": "GBP"}, "amount"),
        ({"currency": "GBP"}, "currency"),
        ({"category": "navy"}, "capability"),
        ({"capability": "battleship"}, "capability"),
        ({"capability": "formed police unit "}, "capability"),
        ({"state_iso2": ""}, "state_iso2"),
        ({"state_iso2": "ke"}, "state_iso2"),
        ({"event": "UNCOPS 2022"}, "event_date"),
        ({"event_date": "2022-09-01"}, "event"),
        ({"event": "UNCOPS 2022", "event_date": "1 September"}, "event_date"),
        ({"event": "UNCOPS 2022", "event_date": "20220901"}, "event_date"),
        ({"source_kind": "rumour", "source": "somebody"}, "source_kind"),
        ({"source_kind": "press"}, "source"),
        ({"source": "https://example.org"}, "source_kind"),
        ({"source_kind": "press (currency inferred) (copy)", "source": "x"}, "source_kind"),
        ({"condition": "; "}, "condition"),
        ({"partners": "KE;"}, "partners"),
        ({"timeline": "x" * 201}, "timeline"),
        ({"facts": "a\x00b"}, "facts"),
        ({"id": "X 1"}, "id"),
    ],
)
def test_what_cannot_be_read_faithfully_is_refused_by_row_and_column(
    changes: dict[str, str], column: str
) -> None:
    with pytest.raises(RowNotReadable) as refusal:
        promise_of({**PLAIN, **changes})
    assert refusal.value.field == column
    assert refusal.value.details["reference"] == {**PLAIN, **changes}["id"]
    assert refusal.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id,state\r\n",
        '"',
        "\x00",
        ",".join(reversed(COLUMNS)),
        ",".join(COLUMNS) + "\r\n" + '"' + "x" * 200_000 + '"',
    ],
    ids=["empty", "other columns", "open quote", "NUL", "another order", "a field of 200,000 characters"],
)
def test_what_is_no_register_is_refused(text: str) -> None:
    with pytest.raises(SheetNotReadable):
        read_sheet(text)


def test_a_row_of_another_length_and_an_id_that_stands_twice_are_refused() -> None:
    head = ",".join(COLUMNS)
    with pytest.raises(RowNotReadable, match="2 fields instead of 18"):
        read_sheet(f"{head}\r\nX1,KE\r\n")
    line = ",".join(PLAIN[column] for column in COLUMNS)
    with pytest.raises(RowNotReadable, match="stands twice"):
        read_sheet(f"{head}\r\n{line}\r\n{line}\r\n")


def test_amounts_with_an_upper_bound_are_read_as_such() -> None:
    money = {"quantity": "", "unit": "", "amount": "3000000", "currency": "EUR", "is_upper_bound": "1"}
    up_to = UpToAmount(maximum=Money(amount_minor=300_000_000, currency="EUR"))
    assert promise_of({**PLAIN, **money}).amount == up_to
    ranged = RangeAmount(minimum=Money(amount_minor=250_000_000, currency="EUR"), maximum=up_to.maximum)
    assert promise_of({**PLAIN, **money, "facts": "2.5 to 3 million for training"}).amount == ranged


@settings(deadline=None)  # a busy machine is no fault
@given(promises())
def test_every_promise_can_be_written_and_its_row_is_readable_or_refused(promise: Promise) -> None:
    """Whoever never saw a sheet may have words that mean something else in one; such a row is refused, never misread."""
    row = write_row("KE", promise, TAXONOMY)
    assert set(row) == set(COLUMNS)
    try:
        again = read_row(row, edition_id="uncops-2022", taxonomy=TAXONOMY)
    except RowNotReadable:
        return
    assert write_row(again.pledger, again.promise, TAXONOMY) == row
