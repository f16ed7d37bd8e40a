"""Commands that start everything on this machine and keep it running."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from summit_cli import clock as clocks
from summit_cli.clock import Clock
from summit_cli.commands.place import where
from summit_cli.refusals import CannotDo
from summit_cli.services import SERVICES
from summit_cli.sign_in import ways_in
from summit_cli.state import State

if TYPE_CHECKING:
    from rich.console import Console

    from summit_cli.system import System

_INTERRUPTED = 130  # what shells say of a command that Ctrl-C ended

AsOf = Annotated[
    datetime | None,
    typer.Option(
        help="Show this moment (UTC) on all services' clocks instead of the real one, for good; only at the first start.",
        formats=["%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ"],
    ),
]
ThenStop = Annotated[bool, typer.Option("--then-stop", help="Stop when it is done, e.g. in a test.")]


def servers(context: typer.Context) -> None:
    """Start NATS, PostgreSQL and the mailbox alone, to run a service by hand against them. Ctrl-C stops them."""
    from summit_cli import screen  # each command loads what it needs
    from summit_cli.machine import Machine  # loads the mail server

    console = screen.console()
    state = where(context).state
    clock = clocks.kept(state) or clocks.REAL
    with _until_interrupted(), Machine(state, tell=_teller(console)) as machine:
        console.print("\nA service runs against them with this environment, e.g. registration:\n")
        for name, value in machine.environment(SERVICES[0], clock).items():
            console.out(f"  export {name}='{value}'", highlight=False)
        console.print("\nCtrl-C stops them.")
        while True:
            signal.pause()


def up(context: typer.Context, as_of: AsOf = None, then_stop: ThenStop = False) -> None:
    """Start everything: NATS, PostgreSQL, a mailbox, and the services. Ctrl-C stops it; the next start finds it again."""
    from summit_cli import screen

    console = screen.console()
    state = where(context).state
    clock = _agreed_clock(state, clocks.showing(clocks.in_utc(as_of)) if as_of else None)

    async def stay(system: "System") -> None:
        _tell_where(console, system)
        if not then_stop:
            await system.watch()

    with _until_interrupted():
        _start(console, state, clock, stay)


def run(
    context: typer.Context,
    edition: Annotated[str, typer.Argument(help="E.g. uncops-2022, or an edition's TOML file.")],
    then_stop: ThenStop = False,
) -> None:
    """Start everything, play an edition unless it was played here already, and stay up. This is what `make run` does.

    On a fresh machine an edition of the past is played at its own time: all services' clocks are shifted, and stay so.
    """
    from summit_cli import screen
    from summit_cli.checkout import edition_files
    from summit_cli.editions import read
    from summit_cli.play.performance import Performance

    console = screen.console()
    state = where(context).state
    files = edition_files(edition)
    found = read(files.edition)
    clock = _agreed_clock(state, None, otherwise=clocks.fit_for(found))
    good: list[bool] = []

    async def play_and_stay(system: "System") -> None:
        performance = Performance(system.deployment, found, files, console)
        good.append(await performance.play_once(state))
        _tell_where(console, system)
        if not then_stop:
            await system.watch()

    with _until_interrupted(lambda: 0 if good else _INTERRUPTED):
        _start(console, state, clock, play_and_stay)
    if not all(good):
        raise typer.Exit(1)


def _start(
    console: "Console", state: State, clock: Clock, then: Callable[["System"], Awaitable[None]]
) -> None:
    """`then` is done while everything runs; afterwards all of it has stopped."""
    from summit_cli.machine import Machine
    from summit_cli.system import System

    tell = _teller(console)
    _tell_time(console, clock)
    with Machine(state, tell=tell) as machine:

        async def work() -> None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _cancel, asyncio.current_task())
            async with System(machine, clock, tell=tell) as system:
                await then(system)

        asyncio.run(work())


def _cancel(task: "asyncio.Task[None] | None") -> None:
    if task:
        task.cancel()


def _agreed_clock(state: State, asked: Clock | None, *, otherwise: Clock = clocks.REAL) -> Clock:
    """The clock of this machine, chosen now if it never was.

    Raises:
        CannotDo: another one is asked for than it was first started with.
    """
    kept = clocks.kept(state)
    if kept is None:
        return clocks.keep(state, asked or otherwise)
    if asked is not None:
        raise CannotDo(
            f"The clock of {state.directory} was chosen at its first start, and shows {kept}.",
            remedy="Start on another directory: summit --var DIRECTORY up --as-of …",
        )
    return kept


def _tell_time(console: "Console", clock: Clock) -> None:
    if clock.is_shifted:
        console.print(
            f"All services' clocks are [bold]shifted[/bold] and show {clock.now():%Y-%m-%d %H:%M} UTC. "
            "Nothing else about time is made up: seconds last as long as real ones.",
            highlight=False,
        )


def _tell_where(console: "Console", system: "System") -> None:
    deployment = system.deployment
    console.print()
    for name, address in deployment.addresses.items():
        console.print(f"  {name:<14} {address}/docs", highlight=False)
    console.print(f"  {'NATS':<14} {deployment.nats_url}", highlight=False)
    console.print(f"  {'mails':<14} {system.machine.mailbox.directory}", highlight=False)
    console.print(
        f"\nIt is {system.clock} for all services. Look with `summit status` and `summit events tail`; Ctrl-C stops.",
        highlight=False,
    )
    _tell_ways_in(console, system)


def _tell_ways_in(console: "Console", system: "System") -> None:
    console.print()
    machine = system.machine
    for line in ways_in(machine.state, portal=machine.portal_url, issuer=machine.issuer.url):
        console.out(line, highlight=False)


def _teller(console: "Console") -> Callable[[str], None]:
    return lambda said: console.print(said, highlight=False, markup=False)


@contextlib.contextmanager
def _until_interrupted(code: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Ctrl-C and SIGTERM end what is inside in its order; then the command ends with that code, without a traceback."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(code()) from None
