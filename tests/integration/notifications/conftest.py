"""A reader of calendar objects in another language than Python, and by other people."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

NODE = Path(__file__).parent / "node"
CalendarReader = Callable[[Sequence[str], str], list[dict[str, Any]]]
"""Given calendar objects and the time zone of the machine that reads them, what was understood."""


@pytest.fixture(scope="session")
def calendar_reader() -> CalendarReader:
    """Reads calendar objects with `node/read.mjs`; its parser is installed once, exactly as the lock file has it."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        _cannot_read("node and npm are not installed")
    elif not _is_installed():
        installed = subprocess.run(
            [npm, "ci", "--ignore-scripts"],
            cwd=NODE,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if installed.returncode != 0:
            _cannot_read(f"npm ci: {installed.stderr[-500:]}")

    def read(texts: Sequence[str], zone: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            [node or "node", "read.mjs"],
            cwd=NODE,
            input=json.dumps(list(texts)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "TZ": zone},
        )
        assert done.returncode == 0, done.stderr
        understood: list[dict[str, Any]] = json.loads(done.stdout)
        return understood

    return read


def _is_installed() -> bool:
    installed, wanted = NODE / "node_modules" / ".package-lock.json", NODE / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def _cannot_read(why: str) -> None:
    """Fails in CI, where a missing reader would go unnoticed; elsewhere the test is skipped with its reason."""
    if os.environ.get("CI"):
        pytest.fail(f"no reader of calendar objects: {why}")
    pytest.skip(f"no reader of calendar objects: {why}")
