"""A house of empty rooms under the real import rules, to plant a violation in and see which rule bites.

Its packages, rooms and rules are read from the root's `pyproject.toml`, so a rule that is changed there is tested as changed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summit_testkit.house.sources import settings

_RULES = re.compile(
    r"^\[tool\.importlinter\]$.*?(?=^\[(?!\[?tool\.importlinter)|\Z)", re.MULTILINE | re.DOTALL
)
_VERDICT = re.compile(r"^(?P<rule>.+) (?P<verdict>KEPT|BROKEN)$", re.MULTILINE)
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Verdicts:
    """What the import linter says."""

    kept: frozenset[str]
    """Names of the rules that hold."""
    broken: frozenset[str]
    report: str
    """Everything it printed: each offending import with its line."""


class PlantedHouse:
    """Every package and room that the rules of `root` know, with nothing in them, under `directory`."""

    def __init__(self, root: Path, directory: Path) -> None:
        self._directory = directory
        configuration = (root / "pyproject.toml").read_text(encoding="utf-8")
        rules = _RULES.search(configuration)
        if rules is None:
            raise LookupError("pyproject.toml has no [tool.importlinter]")
        (directory / "pyproject.toml").write_text(rules[0], encoding="utf-8")
        known = settings(root)["tool"]["importlinter"]
        for package in known["root_packages"]:
            self.plant({f"{package}/__init__.py": ""})
        for container, room in rooms(known):
            self.plant({f"{container}/{room}/__init__.py": ""})
        for module in independent(known):
            self.plant({f"{module.replace('.', '/')}/__init__.py": ""})

    def plant(self, files: Mapping[str, str]) -> None:
        """These files are in the house; paths are relative to its directory."""
        for name, text in files.items():
            path = self._directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def verdicts(self) -> Verdicts:
        """What the import linter says about the house as it stands."""
        return lint_imports(self._directory, {"PYTHONPATH": str(self._directory)})


def rooms(linter: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each (package, room) that a rule on the layers of a container lists."""
    found: list[tuple[str, str]] = []
    for contract in linter["contracts"]:
        listed = " | ".join(contract.get("layers", ())).replace(":", "|").split("|")
        names = [name.strip(" ()") for name in listed]
        found += [(container, name) for container in contract.get("containers", ()) for name in names]
    return found


def independent(linter: Mapping[str, Any]) -> list[str]:
    """Each module that a rule keeps from its neighbours."""
    return [
        module
        for contract in linter["contracts"]
        if contract["type"] == "independence"
        for module in contract["modules"]
    ]


def lint_imports(directory: Path, environment: Mapping[str, str] | None = None) -> Verdicts:
    """What the import linter says about the packages that the rules in `directory` name.

    Raises:
        RuntimeError: it could not judge, e.g. because a room that must be there is missing.
    """
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"],
        cwd=directory,
        env={**os.environ, "COLUMNS": "1000", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    verdicts = {match["rule"]: match["verdict"] for match in _VERDICT.finditer(done.stdout)}
    if not verdicts:
        raise RuntimeError(f"the import linter did not judge: {done.stdout}{done.stderr}")
    broken = frozenset(rule for rule, verdict in verdicts.items() if verdict == "BROKEN")
    if bool(broken) != bool(done.returncode):
        raise RuntimeError(f"exit status {done.returncode} with {len(broken)} broken rules: {done.stdout}")
    return Verdicts(frozenset(verdicts) - broken, broken, done.stdout)
