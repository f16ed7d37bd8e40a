"""A file system of its own under a folder, which can be full and have room again; only root may have one."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOM = "64g"
"""What it could hold at most, and so what a server sees that looks for room at its start; it takes only what is used."""

_MOST_SPARE = 1_000_000
"""Bytes left to whoever writes in that moment."""


class Disk:
    """A mounted folder."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def fill(self) -> None:
        """There is room for nothing more than what lies on it, and what was written while it was looked at."""
        for spare in range(0, _MOST_SPARE, _MOST_SPARE // 20):
            found = os.statvfs(self._place)
            with contextlib.suppress(subprocess.CalledProcessError):  # more lies on it by now
                self._give(str((found.f_blocks - found.f_bfree) * found.f_frsize + spare))
                return
        raise RuntimeError(f"{self._place} grows faster than it can be filled")

    def make_room(self) -> None:
        """There is room again."""
        self._give(_ROOM)

    def _give(self, size: str) -> None:
        subprocess.run(
            ["mount", "-o", f"remount,size={size}", str(self._place)], check=True, capture_output=True
        )


@contextmanager
def disk_at(place: Path) -> Iterator[Disk | None]:
    """A file system of its own lies there while this lasts, in memory; none for whoever may not mount one."""
    place.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM},mode=0755", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        yield None
        return
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
