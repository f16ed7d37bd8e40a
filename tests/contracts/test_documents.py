"""The generated documents: written from the code, never at the price of those who read the old ones."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summit_cli.documents import ContractBroken, write_all
from summit_cli.documents.text import UnexplainedFact, explanation_of
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Fact

DECLINED = "contracts/schemas/registration.invitation_declined.v1.json"
DECLINED_HISTORY = "contracts/schemas/history/registration.invitation_declined.v1"
EXTENDED = "contracts/schemas/registration.deadline_extended.v1.json"


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A tree whose documents are those of the code."""
    write_all(tmp_path, check=False)
    return tmp_path


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def forget_the_reason(schema: dict[str, Any]) -> None:
    del schema["$defs"]["InvitationDeclined"]["properties"]["reason"]


def know_another_step(schema: dict[str, Any]) -> None:
    schema["$defs"]["DeadlineExtended"]["properties"]["step"]["enum"].append("accredit")


def snapshot(root: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in root.rglob("*") if path.is_file()}


def test_the_committed_documents_are_those_of_the_code(root: Path) -> None:
    assert write_all(root, check=True) == [], "run `summit docs`"


def test_every_fact_has_a_schema_and_two_golden_messages(tmp_path: Path) -> None:
    written = write_all(tmp_path, check=False)
    for fact in FACTS:
        assert f"contracts/schemas/{fact.schema_name()}.json" in written
        assert f"contracts/examples/{fact.schema_name()}.full.json" in written
        assert f"contracts/examples/{fact.schema_name()}.minimal.json" in written
    assert {"docs/generated/asyncapi.json", "docs/generated/events.md"} < set(written)


def test_documents_that_are_as_the_code_says_are_left_alone(committed: Path) -> None:
    assert write_all(committed, check=True) == []
    assert write_all(committed, check=False) == []


def test_a_check_changes_nothing(committed: Path) -> None:
    (committed / "docs/generated/events.md").write_text("Nothing.", encoding="utf-8")
    before = snapshot(committed)
    assert write_all(committed, check=True) == ["docs/generated/events.md"]
    assert snapshot(committed) == before


def test_what_no_fact_needs_is_removed(committed: Path) -> None:
    superfluous = committed / "contracts/examples/registration.invitation_declined.v1.odd.json"
    superfluous.write_bytes(
        (committed / DECLINED.replace("schemas", "examples").replace(".json", ".full.json")).read_bytes()
    )
    assert write_all(committed, check=False) == [str(superfluous.relative_to(committed))]
    assert not superfluous.exists()


def test_another_explanation_makes_no_history(committed: Path) -> None:
    edit(committed / DECLINED, lambda schema: schema.update(description="Said otherwise."))
    assert write_all(committed, check=False) == [DECLINED]
    assert not (committed / DECLINED_HISTORY).exists()


def test_a_schema_that_grew_is_remembered_with_its_messages(committed: Path) -> None:
    edit(committed / DECLINED, forget_the_reason)
    assert write_all(committed, check=False) == [
        f"{DECLINED_HISTORY}/1.full.json",
        f"{DECLINED_HISTORY}/1.minimal.json",
        f"{DECLINED_HISTORY}/1.schema.json",
        DECLINED,
    ]
    assert write_all(committed, check=True) == []


def test_growing_again_adds_to_the_history(committed: Path) -> None:
    for _ in range(2):
        edit(committed / DECLINED, forget_the_reason)
        write_all(committed, check=False)
    assert sorted(path.name for path in (committed / DECLINED_HISTORY).glob("*.schema.json")) == [
        "1.schema.json",
        "2.schema.json",
    ]


def test_a_change_that_shuts_readers_out_is_named_and_nothing_is_written(committed: Path) -> None:
    edit(committed / EXTENDED, know_another_step)
    before = snapshot(committed)
    with pytest.raises(ContractBroken) as broken:
        write_all(committed, check=False)
    (line,) = broken.value.lines
    assert line.startswith(
        "registration.deadline_extended.v1 $.data.step: the reader does not know 'accredit'"
    )
    assert "new major version" in str(broken.value)
    assert snapshot(committed) == before


def test_a_change_is_held_against_every_version_there_was(committed: Path) -> None:
    edit(committed / DECLINED, forget_the_reason)
    write_all(committed, check=False)

    def require_a_reason(schema: dict[str, Any]) -> None:
        schema["$defs"]["InvitationDeclined"]["required"].append("weather")

    edit(committed / DECLINED_HISTORY / "1.schema.json", require_a_reason)
    with pytest.raises(ContractBroken, match=r"\$\.data\.weather: .* \(readers of version 1 are shut out\)"):
        write_all(committed, check=True)


@pytest.mark.parametrize(
    "place",
    ["contracts/examples/registration.deadline_extended.v1.full.json", f"{DECLINED_HISTORY}/1.full.json"],
)
def test_a_message_that_was_once_shown_stays_readable(committed: Path, place: str) -> None:
    edit(committed / DECLINED, forget_the_reason)
    write_all(committed, check=False)
    edit(committed / place, lambda message: message["data"].update(invitee="not a code"))
    with pytest.raises(ContractBroken, match=rf"{place} is no longer read: data.invitee"):
        write_all(committed, check=True)


@pytest.mark.parametrize(
    "place",
    [
        "contracts/schemas/registration.ghost_seen.v1.json",
        "contracts/schemas/history/registration.ghost_seen.v1/1.schema.json",
    ],
)
def test_a_fact_cannot_leave_the_catalogue_unnoticed(committed: Path, place: str) -> None:
    (committed / place).parent.mkdir(parents=True, exist_ok=True)
    (committed / place).write_text("{}", encoding="utf-8")
    with pytest.raises(
        ContractBroken, match=r"registration.ghost_seen.v1: its fact is no longer in the catalogue"
    ):
        write_all(committed, check=True)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.schema_name())
def test_every_fact_says_what_may_be_relied_on(fact: type[Fact]) -> None:
    said = explanation_of(fact)
    assert said.published_by.lower().startswith(fact.OWNER.value)


def test_a_fact_that_does_not_explain_itself_is_refused() -> None:
    class DoorOpened(Fact):
        """A door was opened."""

    with pytest.raises(UnexplainedFact, match=r"DoorOpened: say summary, Why, Published by"):
        explanation_of(DoorOpened)


def test_the_page_shows_every_fact_with_its_fields(committed: Path) -> None:
    page = (committed / "docs/generated/events.md").read_text(encoding="utf-8")
    for fact in FACTS:
        assert f"### {fact.__name__}\n" in page
        assert f"`{fact.SUBJECT}`" in page
        assert f"`{fact.TYPE}`" in page


def test_every_link_of_the_page_leads_somewhere(committed: Path) -> None:
    page = (committed / "docs/generated/events.md").read_text(encoding="utf-8")
    anchors = {line.removeprefix("### ").lower() for line in page.splitlines() if line.startswith("### ")}
    targets = {one.split(")")[0] for one in page.split("](#")[1:]}
    assert targets <= anchors
