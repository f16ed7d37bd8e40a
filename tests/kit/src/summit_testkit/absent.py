"""What a test needs and this machine does not have: a failure in CI, where nobody would notice a skip; elsewhere a skip that says why."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

_NPM_WITHIN = 160  # seconds


def absent(what: str) -> NoReturn:
    """The test does not run on."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def node_packages(folder: Path) -> None:
    """The packages of `folder` are installed exactly as its lock file has them."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        absent("node and npm are not installed")
    installed, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime:
        return
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_NPM_WITHIN,
        check=False,
    )
    if done.returncode != 0:
        absent(f"npm ci: {done.stderr[-500:]}")
