"""What lands is what a person would check: `.ci/run` calls the same targets, and nothing on the way swallows a failure."""

import os
import re
import subprocess
from pathlib import Path

import pytest


def test_ci_runs_checks_and_every_test_and_nothing_else(root: Path) -> None:
    lines = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "began=$(deploy/docker/engine.sh start)",
        "trap 'deploy/docker/engine.sh stop \"${began:-none}\"' EXIT",
        "make --jobs 2 --output-sync=target check images BASE=summit/base:bookworm",
        "SUMMIT_CONTAINERS=required make test",
    ]
    assert os.access(root / ".ci" / "run", os.X_OK)
    assert _recipe(root, "ci") == "\t.ci/run\n"


def test_no_recipe_swallows_a_failure(root: Path) -> None:
    recipes = re.findall(r"^\t(.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    swallowing = [
        recipe
        for recipe in recipes
        if recipe.startswith("-") or re.search(r"\|\|\s*(?:true|:|exit 0)", recipe)
    ]
    assert recipes
    assert not swallowing


@pytest.mark.parametrize(("status", "expected"), [(0, 0), (1, 2), (5, 2)])
def test_make_test_fails_when_pytest_fails_or_finds_no_test(
    root: Path, tmp_path: Path, status: int, expected: int
) -> None:
    """With the Makefile's own recipe, and programs in place of its tools that end as they are told."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in re.findall(r"\$\(BIN\)/([\w-]+)", _recipe(root, "test")):
        program = programs / name
        program.write_text(f"#!/bin/sh\nexit {status if name == 'pytest' else 0}\n", encoding="utf-8")
        program.chmod(0o755)
    stamp = tmp_path / "prepared"
    stamp.touch()
    done = subprocess.run(
        ["make", "--silent", "test", f"BIN={programs}", f"STAMP={stamp}", "--old-file", str(stamp)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr


def test_every_target_explains_itself(root: Path) -> None:
    done = subprocess.run(
        ["make", "--silent"], cwd=root, capture_output=True, text=True, timeout=30, check=True
    )
    phony = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    assert [name for name in phony[1].split() if f"make {name} " not in done.stdout] == []


def _recipe(root: Path, target: str) -> str:
    match = re.search(
        rf"^{target}:.*\n((?:\t.*\n)+)", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert match
    return match[1]
