"""What an edition lays down for pledges: who may make one, and until when."""

from datetime import timedelta
from pathlib import Path

import pytest

from summit_contracts.editions import Edition
from summit_contracts.pledges import SECRETARIAT
from summit_pledges.domain.errors.editions import NotAnInvitee
from summit_pledges.domain.errors.steps import PledgingClosed
from summit_pledges.domain.terms import check_invited, check_pledging_open
from summit_registration.domain import edition_file
from summit_testkit.pledges import DESK_OFFICER, FOCAL_POINT

EDITION_FILE = Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return edition_file.read(EDITION_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", ["KE", "INTERPOL", SECRETARIAT])
def test_invitees_and_the_secretariat_pledge(edition: Edition, code: str) -> None:
    check_invited(edition, code)


def test_nobody_else_pledges(edition: Edition) -> None:
    with pytest.raises(NotAnInvitee) as refused:
        check_invited(edition, "XX", field="adherent")
    assert refused.value.field == "adherent"


def test_the_deadline_is_the_last_moment_for_a_pledger_and_none_for_the_desk(edition: Edition) -> None:
    last = edition.deadlines.pledges_by_at
    late = last + timedelta(microseconds=1)
    check_pledging_open(edition, by=FOCAL_POINT, at=last)
    check_pledging_open(edition, by=DESK_OFFICER, at=late)
    with pytest.raises(PledgingClosed):
        check_pledging_open(edition, by=FOCAL_POINT, at=late)
