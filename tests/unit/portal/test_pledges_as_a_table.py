"""Pledges as a table: nothing in it is taken for a formula; totals keep their uncertainty."""

import csv
import io
from datetime import UTC, datetime
from typing import cast

import pytest

from summit_contracts.pledges import PledgeMade
from summit_contracts.promises import Nature, PledgeState
from summit_contracts.quantities import AtLeast, Exact, Percent, Range, UpTo
from summit_contracts.testing import examples_of
from summit_portal.pages.public.pledges import Filters, as_csv, harmless
from summit_portal.pages.public.totals import Total, totals
from summit_portal.readmodel.kinds import PublicPledge

MADE = cast("PledgeMade", examples_of(PledgeMade).full)


def a_pledge(pledge_id: str = "P-1", **changed: object) -> PublicPledge:
    """A commitment of Bangladesh's as it was heard, with these changes to what it promises."""
    promise = MADE.promise.model_copy(update={"nature": Nature.COMMITMENT, **changed})
    return PublicPledge(
        pledge_id=pledge_id,
        pledger="BD",
        revision=1,
        state=PledgeState.MADE,
        made_at=datetime(2022, 8, 31, tzinfo=UTC),
        recorded_by=MADE.recorded_by,
        promise=promise,
        said_at=datetime(2022, 8, 31, tzinfo=UTC),
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_text(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    words = f"{start}cmd|' /C calc'!A1, \"quoted\"\nand a second line"
    (row,) = csv.DictReader(io.StringIO(as_csv([a_pledge(words=words)]), newline=""))
    assert row["words"] == f"'{words}"
    assert not [cell for cell in row.values() if cell.startswith(start)]


def test_a_cell_that_is_text_stays_as_it_is() -> None:
    assert harmless("Formed police unit") == "Formed police unit"


def test_totals_keep_what_is_certain_apart_from_what_may_be() -> None:
    made = [
        a_pledge("1", capability="fpu", quantity=Exact(count=140, unit="person")),
        a_pledge("2", capability="fpu", quantity=UpTo(maximum=275, unit="person")),
        a_pledge("3", capability="fpu", quantity=Range(minimum=10, maximum=20, unit="person")),
        a_pledge("4", capability="fpu", quantity=AtLeast(minimum=5, unit="person")),
        a_pledge("5", capability="fpu", quantity=Percent(basis_points=2500)),
    ]
    assert totals(made) == [Total("fpu", "person", 4, least=155, most=440)]


def test_what_was_withdrawn_or_only_intended_is_in_no_total() -> None:
    quantity = Exact(count=140, unit="person")
    withdrawn = a_pledge(quantity=quantity).model_copy(update={"state": PledgeState.WITHDRAWN})
    meant = a_pledge(quantity=quantity, nature=next(one for one in Nature if one is not Nature.COMMITMENT))
    assert totals([withdrawn, meant]) == []


def test_filters_are_joined_and_an_empty_one_lets_everything_through() -> None:
    made = [a_pledge("1", category="police"), a_pledge("2", category="training")]
    assert Filters().pick(made) == made
    assert [one.pledge_id for one in Filters(category="police", pledger="BD").pick(made)] == ["1"]
    assert Filters(category="police", pledger="KE").pick(made) == []
