"""Every state a machine can be in, visited: what must never be is nowhere, and from everywhere the end can be reached."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)


class Step(NamedTuple):
    """What can happen next; faults are what nobody may count on."""

    name: str
    state: Hashable
    is_fault: bool = False


@dataclass(frozen=True)
class Explored(Generic[S]):
    """What came of visiting every state."""

    states: int
    steps: int
    broken: str | None = None
    """The promise that is broken somewhere; none if all are kept everywhere."""
    path: tuple[str, ...] = ()
    """The shortest way there from the beginning, step by step."""


def explored(
    beginning: S,
    steps: Callable[[S], Iterable[Step]],
    broken: Callable[[S], str | None],
    is_end: Callable[[S], bool],
    *,
    most: int = 5_000_000,
) -> Explored[S]:
    """Breadth first, so that a broken promise comes with a shortest way to it.

    A promise is broken where `broken` names one, or where no end can be reached any more although no further fault happens:
    something was lost, or waits for ever.

    Raises:
        MemoryError: there are more than `most` states.
    """
    came_from: dict[S, tuple[S, str] | None] = {beginning: None}
    backwards: dict[S, list[S]] = {}
    ends: list[S] = []
    waiting: deque[S] = deque([beginning])
    count = 0
    while waiting:
        state = waiting.popleft()
        if fault := broken(state):
            return Explored(len(came_from), count, fault, _path(came_from, state))
        if is_end(state):
            ends.append(state)
        for step in steps(state):
            count += 1
            following: S = step.state  # type: ignore[assignment]  # a machine stays a machine of its kind
            if not step.is_fault:
                backwards.setdefault(following, []).append(state)
            if following not in came_from:
                if len(came_from) >= most:
                    raise MemoryError(f"more than {most} states")
                came_from[following] = (state, step.name)
                waiting.append(following)
    hopeful = _reaching(ends, backwards)
    for state in came_from:  # in the order in which they were found: the first is a nearest one
        if state not in hopeful:
            return Explored(
                len(came_from),
                count,
                "something is lost, or waits for ever",
                _path(came_from, state),
            )
    return Explored(len(came_from), count)


def _reaching(ends: Iterable[S], backwards: dict[S, list[S]]) -> set[S]:
    hopeful = set(ends)
    waiting = list(hopeful)
    while waiting:
        for before in backwards.get(waiting.pop(), ()):
            if before not in hopeful:
                hopeful.add(before)
                waiting.append(before)
    return hopeful


def _path(came_from: dict[S, tuple[S, str] | None], state: S) -> tuple[str, ...]:
    names: list[str] = []
    while (before := came_from[state]) is not None:
        state, name = before
        names.append(name)
    return tuple(reversed(names))
