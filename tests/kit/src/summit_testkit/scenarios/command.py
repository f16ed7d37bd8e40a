"""The command `summit`, as a person types it."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 150  # seconds
_WIDE = os.environ | {"COLUMNS": "200"}


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    """The command `summit` on the system that keeps its state in this directory."""

    directory: Path

    async def __call__(self, *words: str) -> Said:
        argv = [sys.executable, "-m", "summit_cli.main", "--var", str(self.directory), *words]
        done = await asyncio.to_thread(
            subprocess.run, argv, capture_output=True, text=True, env=_WIDE, timeout=_PATIENCE, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)
