"""What the import linter cannot see is not there."""

from pathlib import Path

import pytest

from summit_testkit.house.blindspots import imports_by_name, unseen_modules
from summit_testkit.house.planted import PlantedHouse
from summit_testkit.house.sources import Module


def test_no_module_hides_in_a_folder_that_is_no_package(house: list[Module]) -> None:
    faults = [str(fault) for fault in unseen_modules(module for module in house if not module.is_test)]
    assert not faults, "\n".join(faults)


def test_no_package_imports_another_by_a_name_in_quotes(house: list[Module]) -> None:
    packages = [
        module for module in house if module.path.parts[0] in ("contracts", "verifier", "chassis", "services")
    ]
    faults = [str(fault) for module in packages for fault in imports_by_name(module)]
    assert packages
    assert not faults, "\n".join(faults)


def test_the_import_linter_does_not_see_such_a_folder(root: Path, tmp_path: Path) -> None:
    """Why the first test is needed. If this one fails, the linter has learned to, and both may go."""
    planted = PlantedHouse(root, tmp_path)
    planted.plant({"summit_pledges/utils/planted.py": "import summit_registration\n"})
    assert not planted.verdicts().broken


def test_a_planted_module_in_such_a_folder_is_found() -> None:
    paths = [
        "__init__.py",
        "domain/__init__.py",
        "domain/pledge.py",
        "utils/hidden.py",
        "domain/deep/hidden.py",
    ]
    modules = [Module(Path("services/pledges/src/summit_pledges") / path, "") for path in paths]
    assert [fault.path.name for fault in unseen_modules(modules)] == ["hidden.py", "hidden.py"]


def test_migrations_are_loaded_by_path() -> None:
    paths = [
        "__init__.py",
        "store/__init__.py",
        "store/migrations/__init__.py",
        "store/migrations/versions/1_x.py",
    ]
    modules = [Module(Path("services/pledges/src/summit_pledges") / path, "") for path in paths]
    assert not list(unseen_modules(modules))


@pytest.mark.parametrize(
    "text",
    [
        "import_module('summit_registration.store')",
        "importlib.import_module(f'summit_{name}.store')",
        "__import__('summit_' + name)",
    ],
)
def test_a_planted_import_by_name_is_found(text: str) -> None:
    assert list(imports_by_name(Module(Path("planted.py"), text)))


def test_importing_what_one_is_told_is_no_such_import() -> None:
    assert not list(imports_by_name(Module(Path("planted.py"), "import_module(package).__path__")))
