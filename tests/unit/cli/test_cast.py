import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_cli.editions import read
from summit_cli.play.cast import Asked, Cast
from summit_cli.play.size import DELEGATIONS, WISHES, Size
from summit_contracts.editions import Edition
from summit_contracts.values import InviteeKind

UNCOPS: Edition = read(Path(__file__).parents[3] / "deploy/editions/uncops-2022.toml")
DAYS = tuple(on.isoformat() for on in UNCOPS.bilateral_days())


@pytest.fixture(scope="module")
def cast() -> Cast:
    return Cast(UNCOPS)


def test_the_same_seed_plays_the_same_summit_and_another_another(cast: Cast) -> None:
    assert Cast(UNCOPS).forms == cast.forms
    assert Cast(UNCOPS).addressees == cast.addressees
    assert Cast(UNCOPS, size=Size(seed=7)).forms != cast.forms


def test_as_many_come_and_ask_as_is_said(cast: Cast) -> None:
    assert len(cast.forms) == DELEGATIONS
    assert sum(len(form["wishes"]) for form in cast.forms.values()) == WISHES


def test_everybody_but_principals_is_invited(cast: Cast) -> None:
    invited = {one["invitee"] for one in cast.addressees}
    assert invited == {one.code for one in UNCOPS.invitees if one.kind is not InviteeKind.PRINCIPAL}
    assert set(cast.forms) <= invited
    assert {"INTERPOL", "AFRICAN-UNION"} <= set(cast.forms)


@given(seed=st.integers(0, 10**6), delegations=st.integers(2, 217), wishes=st.integers(1, 800))
@settings(max_examples=25, deadline=None)
def test_no_form_breaks_a_rule_of_the_edition(seed: int, delegations: int, wishes: int) -> None:
    cast = Cast(UNCOPS, size=Size(seed=seed, delegations=delegations, wishes=wishes))
    for code, form in cast.forms.items():
        invitee = UNCOPS.invitee(code)
        assert invitee is not None
        assert 1 <= len(form["members"]) <= UNCOPS.quota_of(invitee)
        assert [one["function"] for one in form["members"]].count("head") == 1
        assert len(form["wishes"]) <= UNCOPS.wishes_per_delegation
    asked = [
        frozenset((code, wish["counterparts"][0]))
        for code, form in cast.forms.items()
        for wish in form["wishes"]
    ]
    assert len(set(asked)) == len(asked) <= wishes
    assert all(len(pair) == 2 for pair in asked)
    assert set(itertools.chain(*asked)) <= {*cast.forms, *cast.principals}


def test_no_address_exists(cast: Cast) -> None:
    people = [one["person"] for form in cast.forms.values() for one in form["members"]]
    people += [focal for one in cast.addressees for focal in one["focal"].values()]
    assert all(person["email"].endswith(".example") for person in people)


def test_demand_is_heavy_tailed(cast: Cast) -> None:
    wanted: dict[str, int] = {}
    for form in cast.forms.values():
        for wish in form["wishes"]:
            wanted[wish["counterparts"][0]] = wanted.get(wish["counterparts"][0], 0) + 1
    counts = sorted(wanted.values(), reverse=True)
    assert sum(counts[:10]) > WISHES / 4


@given(asker=st.sampled_from(sorted(Cast(UNCOPS).forms)), days=st.sampled_from([DAYS, DAYS[:1], DAYS[-1:]]))
def test_a_counter_proposal_differs_from_what_was_asked(asker: str, days: tuple[str, ...]) -> None:
    answer = Cast(UNCOPS).answer(Asked(asker, "FR", days))
    assert answer.verb in ("accept", "decline", "counter")
    assert answer.body["invitee"] == "FR"
    if answer.verb == "counter":
        assert tuple(answer.body["days"]) != days
        assert date.fromisoformat(answer.body["days"][0]) in UNCOPS.bilateral_days()
