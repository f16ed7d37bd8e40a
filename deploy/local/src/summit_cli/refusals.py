"""What a command says when it cannot do its work: a sentence and a remedy, never a traceback."""

import traceback
from pathlib import Path

from summit_cli.servers.failures import ServerFailed
from summit_cli.state import AlreadyRunning


class CannotDo(Exception):
    """The command cannot do what it was asked, for this reason."""

    def __init__(self, what: str, *, remedy: str | None = None) -> None:
        super().__init__(f"{what}\n{remedy}" if remedy else what)


def in_words(problem: Exception) -> str | None:
    """The problem for the person at the keyboard; none where nobody foresaw it."""
    if isinstance(problem, CannotDo | ServerFailed | AlreadyRunning):
        return str(problem)
    if _is_one_of(problem, "summit_cli.play.doors", "DoorRefused", "NoAnswer"):
        return str(problem)
    if _is_one_of(problem, "summit_cli.play.acts", "NothingHappened"):
        return str(problem)
    if _is_one_of(problem, "summit_cli.documents", "ContractBroken"):
        return str(problem)
    if _is_one_of(problem, "nats.errors", "Error") or isinstance(problem, ConnectionError):
        return f"NATS does not answer as it should: {str(problem) or type(problem).__name__}\nSee `summit status`."
    return None


def kept_for_later(problem: Exception, folder: Path) -> Path:
    """The file under `folder` that now ends with the whole story of a problem that nobody foresaw."""
    path = folder / "summit.log"
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(problem)) + "\n")
    return path


def _is_one_of(problem: Exception, module: str, *names: str) -> bool:
    """Whether it is such an error; a class whose module was never loaded cannot have been raised."""
    return any(
        kind.__module__.startswith(module) and kind.__name__ in names for kind in type(problem).__mro__
    )
