"""What comes in and goes out over HTTP, in the form that is the same in every service."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from pydantic import ConfigDict

from summit_contracts.explained import Explained

T = TypeVar("T")
R = TypeVar("R")


class Body(Explained):
    """What a caller sends; an unknown field is refused, because it would be ignored otherwise."""

    model_config = ConfigDict(extra="forbid")


class Answer(Explained):
    """What a caller gets."""


class Page(NamedTuple, Generic[T]):
    """Some rows, and where the next ones begin."""

    rows: Sequence[T]
    next_after: str | None
    """What to pass as `after` for the next page; none where this is the last."""


def page(rows: Sequence[T], limit: int, place: Callable[[T], str]) -> Page[T]:
    """The page that `limit + 1` rows make: one more than fits says that there is another page."""
    return Page(rows[:limit], place(rows[limit - 1]) if len(rows) > limit else None)


class Listing(Answer, Generic[R]):
    """One page of a list."""

    items: list[R]
    next_cursor: str | None
    """Pass it as `cursor` for the next page; none on the last."""


def listing(page: Page[T], of: Callable[[T], R]) -> Listing[R]:
    """The page as an answer."""
    return Listing(items=[of(row) for row in page.rows], next_cursor=page.next_after)
