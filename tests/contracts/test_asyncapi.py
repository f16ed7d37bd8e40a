"""The AsyncAPI document, judged by the official parser."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from summit_cli.documents.asyncapi import asyncapi
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Fact

NODE = Path(__file__).parent / "node"
Judge = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi()


def test_the_official_parser_has_nothing_to_say_and_finds_every_subject(
    judge: Judge, document: dict[str, Any]
) -> None:
    judgement = judge("asyncapi.mjs", document)
    assert judgement["said"] == []
    assert sorted(judgement["addresses"]) == sorted(fact.SUBJECT for fact in FACTS)


def lose_a_message(document: dict[str, Any]) -> None:
    del document["components"]["messages"][FACTS[0].schema_name()]


def lose_a_parameter(document: dict[str, Any]) -> None:
    del document["channels"][FACTS[0].schema_name()]["parameters"]["edition_id"]


def invent_an_action(document: dict[str, Any]) -> None:
    document["operations"][f"publish.{FACTS[0].schema_name()}"]["action"] = "shout"


@pytest.mark.parametrize("damage", [lose_a_message, lose_a_parameter, invent_an_action])
def test_the_official_parser_is_no_formality(
    judge: Judge, document: dict[str, Any], damage: Callable[[dict[str, Any]], None]
) -> None:
    damaged = deepcopy(document)
    damage(damaged)
    assert judge("asyncapi.mjs", damaged)["said"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.schema_name())
def test_every_fact_is_documented_whole(document: dict[str, Any], fact: type[Fact]) -> None:
    channel = document["channels"][fact.schema_name()]
    message = document["components"]["messages"][fact.schema_name()]
    assert channel["x-stream"] == fact.STREAM.value
    assert document["operations"][f"publish.{fact.schema_name()}"]["x-owner"] == fact.OWNER.value
    assert message["name"] == fact.TYPE
    assert message["x-json-schema"] == fact.schema_id()
    assert [example["name"] for example in message["examples"]] == ["full", "minimal"]


def test_the_judges_are_pinned_and_come_from_nowhere_in_particular() -> None:
    wanted = json.loads((NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(package["integrity"].startswith("sha512-") for name, package in packages.items() if name)
    assert not any("resolved" in package for package in packages.values())
