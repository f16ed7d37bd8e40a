"""A reader of calendar objects in another language than Python, and by other people."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from summit_testkit.absent import node_packages

NODE = Path(__file__).parent / "node"
CalendarReader = Callable[[Sequence[str], str], list[dict[str, Any]]]
"""Given calendar objects and the time zone of the machine that reads them, what was understood."""


@pytest.fixture(scope="session")
def calendar_reader() -> CalendarReader:
    """Reads calendar objects with `node/read.mjs`; its parser is installed once, exactly as the lock file has it."""
    node_packages(NODE)

    def read(texts: Sequence[str], zone: str) -> list[dict[str, Any]]:
        done = subprocess.run(
            ["node", "read.mjs"],
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
