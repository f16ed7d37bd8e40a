"""The judges that speak another language than Python, and the documents as the code has them."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NODE = Path(__file__).parent / "node"
Judge = Callable[[str, Any], Any]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the workspace."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Asks a script in `node/` about a document; its packages are installed once, exactly as the lock file has them."""
    npm = shutil.which("npm")
    if npm is None:
        _cannot_judge("npm is not installed")
    elif not _is_installed():
        installed = subprocess.run(
            [npm, "ci"], cwd=NODE, capture_output=True, text=True, timeout=160, check=False
        )
        if installed.returncode != 0:
            _cannot_judge(f"npm ci: {installed.stderr[-500:]}")

    def ask(script: str, document: Any) -> Any:
        judged = subprocess.run(
            ["node", script],
            cwd=NODE,
            input=json.dumps(document),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert judged.returncode == 0, judged.stderr
        return json.loads(judged.stdout)

    return ask


def _is_installed() -> bool:
    installed, wanted = NODE / "node_modules" / ".package-lock.json", NODE / "package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= wanted.stat().st_mtime


def _cannot_judge(why: str) -> None:
    """Fails in CI, where a missing judge would go unnoticed; elsewhere the test is skipped with its reason."""
    if os.environ.get("CI"):
        pytest.fail(f"no judge: {why}")
    pytest.skip(f"no judge: {why}")
