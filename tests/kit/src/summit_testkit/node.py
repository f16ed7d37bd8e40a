"""Programs in JavaScript: their packages are installed once, exactly as their lock file has them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def installed(folder: Path) -> str:
    """The path of Node.js; the packages of `folder` are installed.

    Where that cannot be done the test fails in CI, where it would go unnoticed, and is skipped elsewhere with its reason.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        _cannot("Node.js or npm is not installed")
    elif not _is_installed(folder):
        done = subprocess.run(
            [npm, "ci"], cwd=folder, capture_output=True, text=True, timeout=160, check=False
        )
        if done.returncode != 0:
            _cannot(f"npm ci: {done.stderr[-500:]}")
    return node or ""


def _is_installed(folder: Path) -> bool:
    found, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return found.exists() and found.stat().st_mtime >= wanted.stat().st_mtime


def _cannot(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"JavaScript cannot be run: {why}")
    pytest.skip(f"JavaScript cannot be run: {why}")
