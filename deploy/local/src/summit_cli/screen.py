"""What is shown while something goes on: bars on a terminal, plain lines everywhere else."""

import os
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

_NAMES_UP_TO = 24  # characters
_WIDTH_OF_A_LOG = 160


def console() -> Console:
    """The screen, or a wide page where the output goes to a file or another program."""
    found = Console()
    return found if found.is_terminal or "COLUMNS" in os.environ else Console(width=_WIDTH_OF_A_LOG)


class Acts:
    """Shows the acts of a play while this context lasts; a `Progress` of the play (`summit_cli.play.acts`).

    Without a terminal each act is one line when it is over, so that a log reads like a record.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓[/green]"),
            TextColumn(f"{{task.description:<{_NAMES_UP_TO}}}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._bar: TaskID | None = None
        self._act = ""
        self._done = 0
        self._begun_at = 0.0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, act: str, total: int | None) -> None:
        """An act begins; `total` steps, if that is known."""
        self._act, self._done, self._begun_at = act, 0, time.monotonic()
        self._bar = self._bars.add_task(act, total=total, said="")

    def advance(self, steps: int = 1) -> None:
        """So many more steps are done."""
        self._done += steps
        if self._bar is not None:
            self._bars.advance(self._bar, steps)

    def end(self, said: str) -> None:
        """The act is over."""
        whole = f"{said} ({time.monotonic() - self._begun_at:.1f} s)"
        if self._console.is_terminal and self._bar is not None:
            # A bar that is not full, or of unknown length, would look as if something were missing.
            self._bars.update(self._bar, total=self._done or 1, completed=self._done or 1, said=whole)
        else:
            self._console.print(f"{self._act:<{_NAMES_UP_TO}} {whole}", highlight=False)
