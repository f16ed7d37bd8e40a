"""A type and a subject are written down once, in the contract of their owner."""

import re
from pathlib import Path

import pytest

from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Fact
from summit_testkit.house.sources import Module
from summit_testkit.house.words import written_more_than_once, written_outside_contracts


@pytest.fixture(scope="module")
def code(house: list[Module]) -> list[Module]:
    return [module for module in house if not module.is_test]


def test_no_type_or_subject_is_written_down_twice(code: list[Module]) -> None:
    faults = [str(fault) for fault in written_more_than_once(code)]
    assert not faults, "\n".join(faults)


def test_no_type_or_subject_is_written_down_outside_the_contracts(code: list[Module]) -> None:
    faults = [str(fault) for fault in written_outside_contracts(code)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.__name__)
def test_class_type_and_subject_of_a_fact_say_the_same(fact: type[Fact]) -> None:
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()
    assert re.fullmatch(rf"summit\.{fact.OWNER}\.{words}\.v\d+", fact.TYPE)
    _, _, *rest = fact.TYPE.split(".")
    assert fact.SUBJECT.split(".")[2:5] == [fact.OWNER.value, *rest]


def test_every_fact_that_is_written_down_is_in_the_catalogue() -> None:
    def leaves(fact: type[Fact]) -> set[type[Fact]]:
        below = {leaf for subclass in fact.__subclasses__() for leaf in leaves(subclass)}
        return below if "TYPE" not in vars(fact) else {fact, *below}

    published = {fact for fact in leaves(Fact) if fact.__module__.startswith("summit_contracts.")}
    assert published == set(FACTS)
    assert len({fact.TYPE for fact in FACTS}) == len({fact.SUBJECT for fact in FACTS}) == len(FACTS)


def _module(path: str, text: str) -> Module:
    return Module(Path(path), text)


@pytest.mark.parametrize(
    "text",
    [
        "summit.pledges.pledge_made.v1",
        "summit.{edition_id}.pledges.pledge_made.v1.{pledger}",
        "summit.*.pledges.pledge_made.v1.*",
        "summit-personal.*.registration.contacts_named.v1.>",
    ],
)
def test_a_planted_second_place_is_found(text: str) -> None:
    contract = _module("contracts/src/summit_contracts/pledges.py", f"TYPE = {text!r}")
    elsewhere = _module("services/pledges/src/summit_pledges/app.py", f"hear({text!r})")
    assert [fault.path for fault in written_more_than_once([elsewhere, contract])] == [elsewhere.path]
    assert [fault.path for fault in written_outside_contracts([elsewhere, contract])] == [elsewhere.path]


def test_docstrings_may_name_a_type_and_code_may_name_a_space_of_subjects() -> None:
    text = '"""Hears summit.pledges.pledge_made.v1."""\nspace = "summit.*.pledges.>"\n'
    assert not list(written_outside_contracts([_module("services/x/app.py", text)]))
