"""Every list of packages knows every package: a service that a list has forgotten is a service without rules."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from summit_testkit.house.planted import rooms
from summit_testkit.house.sources import Module, import_name, members, services, settings

_RELEASED_TOGETHER = {"pydantic_core": "pydantic", "starlette": "fastapi"}
"""Imported under its own name, and brought by a package that needs exactly this version."""


@pytest.fixture(scope="module")
def configuration(root: Path) -> dict[str, Any]:
    tools: dict[str, Any] = settings(root)["tool"]
    return tools


def test_every_folder_under_services_is_a_member_of_the_workspace(root: Path) -> None:
    assert [f"services/{name}" for name in services(root)] == [
        str(member) for member in members(root) if member.parts[0] == "services"
    ]


def test_a_service_is_imported_by_its_name(root: Path) -> None:
    assert {name: import_name(root, Path("services") / name) for name in services(root)} == {
        name: f"summit_{name}" for name in services(root)
    }


def test_the_import_linter_knows_every_package(root: Path, configuration: dict[str, Any]) -> None:
    packages = {import_name(root, member) for member in members(root)}
    assert set(configuration["importlinter"]["root_packages"]) == packages


def test_every_service_stands_in_the_layer_of_services(root: Path, configuration: dict[str, Any]) -> None:
    layers = next(
        contract["layers"]
        for contract in configuration["importlinter"]["contracts"]
        if contract["type"] == "layers" and "containers" not in contract
    )
    siblings = next(layer for layer in layers if "summit_registration" in layer)
    assert {name.strip() for name in siblings.split("|")} == {f"summit_{name}" for name in services(root)}


def test_every_service_has_the_rooms_of_exactly_one_rule(root: Path, configuration: dict[str, Any]) -> None:
    containers = [
        container
        for contract in configuration["importlinter"]["contracts"]
        for container in contract.get("containers", ())
    ]
    assert sorted(containers) == [f"summit_{name}" for name in services(root)]
    assert all(
        contract["exhaustive"]
        for contract in configuration["importlinter"]["contracts"]
        if "containers" in contract
    )


@pytest.mark.parametrize("room", ["domain", "handlers"])
def test_every_such_room_is_kept_from_frameworks(
    root: Path, configuration: dict[str, Any], room: str
) -> None:
    linter = configuration["importlinter"]
    having = {container for container, name in rooms(linter) if name == room}
    kept = {
        module
        for contract in linter["contracts"]
        if contract["type"] == "forbidden"
        for module in contract["source_modules"]
        if module.endswith(f".{room}")
    }
    assert having
    assert kept == {f"{container}.{room}" for container in having}


def test_make_installs_and_checks_every_package(root: Path) -> None:
    match = re.search(r"^PACKAGES := (.+)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert match
    assert sorted(match[1].split()) == [str(member) for member in members(root)]


def test_mypy_finds_every_package(root: Path, configuration: dict[str, Any]) -> None:
    assert sorted(configuration["mypy"]["mypy_path"]) == [f"{member}/src" for member in members(root)]


def test_every_package_tells_that_it_is_typed(root: Path) -> None:
    packages = [root / member / "src" / import_name(root, member) for member in members(root)]
    assert [str(package) for package in packages if not (package / "py.typed").is_file()] == []


def test_every_package_declares_what_it_imports(root: Path, house: list[Module]) -> None:
    """Or what a package of ours brings along: a wheel that is installed alone can then be imported."""
    undeclared = [
        f"{member} imports {name}"
        for member in members(root)
        for name in sorted(_imported(house, member) - {import_name(root, member)})
        if not _distributions(name) & _brought_along(root, member)
    ]
    assert not undeclared, "\n".join(undeclared)


def test_contracts_need_pydantic_and_nothing_else(root: Path, house: list[Module]) -> None:
    contracts = Path("contracts")
    assert _declared(root, contracts) == {"pydantic"}
    assert _imported(house, contracts) <= {"summit_contracts", "pydantic", "pydantic_core"}


def test_the_verifier_needs_nothing_at_all(root: Path, house: list[Module]) -> None:
    verifier = Path("verifier")
    assert _declared(root, verifier) == set()
    assert _imported(house, verifier) == {"summit_verifier"}


def _imported(house: list[Module], member: Path) -> set[str]:
    """The top names of everything that a member's own code imports, but for the standard library."""
    found: set[str] = set()
    for module in house:
        if not module.path.is_relative_to(member / "src"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names


def _distributions(name: str) -> set[str]:
    if name.startswith("summit_"):
        return {name.replace("_", "-")}
    if partner := _RELEASED_TOGETHER.get(name):
        return {partner}
    return {found.lower().replace("_", "-") for found in packages_distributions().get(name, [name])}


def _brought_along(root: Path, member: Path) -> set[str]:
    """What is installed with a member, as far as packages of ours say: its own needs and theirs."""
    ours = {import_name(root, other).replace("_", "-"): other for other in members(root)}
    needs = _declared(root, member)
    return needs.union(*(_brought_along(root, ours[need]) for need in needs if need in ours))


def _declared(root: Path, member: Path) -> set[str]:
    project = tomllib.loads((root / member / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = (re.match(r"[\w.-]+", line) for line in project["dependencies"])
    return {name[0].lower().replace("_", "-") for name in names if name}
