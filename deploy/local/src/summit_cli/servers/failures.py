"""What can go wrong with a server of this machine, in words for the person at the keyboard."""

from pathlib import Path

_LINES = 15


class ServerFailed(Exception):
    """A server could not be brought to the state that was asked for."""


class ServerDied(ServerFailed):
    """A server ended although nobody asked it to."""


def last_lines(log: Path, lines: int = _LINES) -> str:
    """The end of a log file, indented, or a note that there is none."""
    if not log.exists():
        return f"  ({log} does not exist)"
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"  {line}" for line in tail) or f"  ({log} is empty)"
