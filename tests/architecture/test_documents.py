"""What the documents say can be found: functions, files, links, make targets, rooms."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from summit_cli.main import app
from summit_contracts.catalogue import FACTS
from summit_contracts.values import Rank
from summit_testkit.house.references import (
    dead_commands,
    dead_documents,
    dead_links,
    dead_references,
    dead_targets,
    references,
)
from summit_testkit.house.sources import Module, services, texts

ROOT = Path(__file__).parents[2]
FEWEST_STEPS = 6
"""A walk that names fewer functions has not arrived."""


@pytest.fixture(scope="module")
def documents(root: Path) -> dict[Path, str]:
    return {path: text for path, text in texts(root) if path.suffix == ".md"}


def test_every_function_and_file_that_a_document_names_is_there(
    root: Path, documents: dict[Path, str]
) -> None:
    faults = [str(fault) for path, text in documents.items() for fault in dead_references(root, path, text)]
    assert not faults, "\n".join(faults)


def test_every_link_inside_the_house_leads_somewhere(root: Path, documents: dict[Path, str]) -> None:
    faults = [str(fault) for path, text in documents.items() for fault in dead_links(root, path, text)]
    assert not faults, "\n".join(faults)


def test_every_make_target_that_a_document_names_is_there(root: Path, documents: dict[Path, str]) -> None:
    faults = [str(fault) for path, text in documents.items() for fault in dead_targets(root, path, text)]
    assert not faults, "\n".join(faults)


def test_every_document_that_code_points_to_is_there(root: Path, house: list[Module]) -> None:
    faults = [
        str(fault)
        for module in house
        if module.path.parts[:2] != ("tests", "architecture")
        for fault in dead_documents(root, module.path, module.text)
    ]
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="module")
def commands() -> dict[str, list[str]]:
    """Every command of `summit`, with the commands below it."""
    summit = get_command(app)
    assert isinstance(summit, TyperGroup)
    return {
        name: list(command.commands) if isinstance(command, TyperGroup) else []
        for name, command in summit.commands.items()
    }


def test_every_command_that_anybody_is_told_to_use_is_there(
    root: Path, commands: dict[str, list[str]]
) -> None:
    """In documents, and in the remedies that the code gives."""
    faults = [
        str(fault)
        for path, text in texts(root)
        if path.suffix in (".md", ".py") and path.parts[:2] != ("tests", "architecture")
        for fault in dead_commands(path, text, commands)
    ]
    assert not faults, "\n".join(faults)


def test_a_walk_names_the_functions_it_passes(documents: dict[Path, str]) -> None:
    walks = {path: text for path, text in documents.items() if path.parent == Path("docs/walks")}
    assert walks
    assert [path for path, text in walks.items() if len(list(references(text))) < FEWEST_STEPS] == []


def test_the_chassis_lists_its_rooms(root: Path) -> None:
    rooms = {path.stem for path in (root / "chassis/src/summit_chassis").glob("*.py")} - {"__init__"}
    listed = re.findall(
        r"^\| `(\w+)` \|", (root / "chassis/README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(rooms)


@pytest.mark.parametrize("folder", ["contracts", "chassis", *(f"services/{name}" for name in services(ROOT))])
def test_every_package_introduces_itself(root: Path, folder: str) -> None:
    assert (root / folder / "README.md").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", services(ROOT))
def test_a_service_introduces_itself_with_the_facts_it_publishes_and_hears(root: Path, name: str) -> None:
    text = (root / "services" / name / "README.md").read_text(encoding="utf-8")
    service = import_module(f"summit_{name}.app").service
    assert _row(text, "publishes") == [fact.__name__ for fact in FACTS if name == fact.OWNER]
    assert sorted(_row(text, "hears")) == sorted(fact.__name__ for fact in service.subscribers.facts)


def _row(text: str, head: str) -> list[str]:
    match = re.search(rf"^\| {head} \| (.+) \|$", text, re.MULTILINE)
    assert match, f"no row {head!r}"
    return re.findall(r"`(\w+)`", match[1])


def test_the_glossary_has_the_ranks_in_their_order(root: Path) -> None:
    text = (root / "docs/glossary.md").read_text(encoding="utf-8")
    _, _, ranks = text.partition("## Ranks")
    assert re.findall(r"^\| `(\w+)` \|", ranks.partition("\n## ")[0], re.MULTILINE) == list(Rank)


def test_every_kind_of_test_says_what_belongs_there(root: Path) -> None:
    kinds = [path for path in (root / "tests").iterdir() if path.is_dir() and any(path.rglob("*.py"))]
    assert [kind.name for kind in kinds if not (kind / "README.md").is_file()] == []


PLANTED = Path("docs/planted.md")


@pytest.mark.parametrize(
    "text",
    [
        "`chassis/outbox.py::write`",
        "`chassis/database.py::Database.transaction`",
        "`chassis/src/summit_chassis/relay.py::POLL_SECONDS`",
        "`contracts/values.py::Rank.at_least`",
        "`cli/servers/nats.py::NatsServer`",
        "`contracts/values.py::Rank.MINISTER`",
        "`chassis/provisioner.py`",
        "```python\nno `chassis/nowhere.py::here`\n```",
    ],
)
def test_a_name_of_something_that_is_there_is_accepted(root: Path, text: str) -> None:
    assert not list(dead_references(root, PLANTED, text))


@pytest.mark.parametrize(
    "text",
    [
        "`chassis/outbox.py::never_written`",
        "`chassis/nowhere.py::write`",
        "`nowhere/outbox.py::write`",
        "`chassis/database.py::Database.never_written`",
        "`chassis/database.py::Nothing.transaction`",
        "`chassis/database.py::engine`",
        "`chassis/nowhere.py`",
        "`deploy/nowhere/compose.yaml`",
    ],
)
def test_a_planted_name_of_nothing_is_found(root: Path, text: str) -> None:
    (fault,) = dead_references(root, PLANTED, f"First line.\nThen {text}.")
    assert fault.line == 2


def test_a_planted_link_to_nowhere_is_found(root: Path) -> None:
    text = "[there](../README.md) [here](adr/README.md#how) [out](https://example.org)\n[nowhere](adr/nowhere.md)"
    assert [fault.line for fault in dead_links(root, PLANTED, text)] == [2]


def test_a_planted_command_that_summit_does_not_have_is_found() -> None:
    text = "`summit up`, `summit events tail --from 1`, `summit play uncops-2022`\n`summit fly` or `summit events fly`"
    known = {"up": [], "play": [], "events": ["tail"]}
    assert [fault.line for fault in dead_commands(PLANTED, text, known)] == [2, 2]


def test_a_planted_document_that_is_not_there_is_found(root: Path) -> None:
    text = '"""See docs/glossary.md and docs/adr/README.md."""\n# docs/algorithms/nowhere.md has more'
    assert [fault.line for fault in dead_documents(root, Path("planted.py"), text)] == [2]


def test_a_planted_target_that_make_does_not_have_is_found(root: Path) -> None:
    text = "`make run` and `make nothing`\n\n```\nmake test\nmake everything\n```\nTo make sense of it."
    assert [fault.line for fault in dead_targets(root, PLANTED, text)] == [1, 5]
