"""What a test needs and this machine does not have: a failure in CI, where nobody would notice a skip; elsewhere a skip that says why."""

import fcntl
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
    with (folder / "package.json").open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)  # several processes of one test run may come here at once
        if not _are_installed(folder):
            _install(npm, folder)


def _are_installed(folder: Path) -> bool:
    installed, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def _install(npm: str, folder: Path) -> None:
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
