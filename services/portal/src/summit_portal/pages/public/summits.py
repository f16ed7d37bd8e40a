"""Which summit a page is about, and what every page about a summit is given."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.editions import Edition
from summit_portal.shell.heard import edition_of
from summit_portal.shell.page import page

Summit = Annotated[Edition, Depends(edition_of)]
"""The summit that the address names; a page that is not there where there is none."""


def about(request: Request, template: str, summit: Edition, *, here: str, **given: Any) -> Response:
    """A page about a summit; `here` is the section it belongs to."""
    return page(request, template, summit=summit, here=here, now=now_of(request), **given)


def now_of(request: Request) -> datetime:
    """What time it is for the portal."""
    now: datetime = request.app.state.clock.now()
    return now


def days_left(summit: Edition, now: datetime) -> int:
    """Whole days until the first day, where the summit is held; negative when it has begun."""
    today = now.astimezone(ZoneInfo(summit.time_zone)).date()
    return (summit.first_day - today).days


def is_over(summit: Edition, now: datetime) -> bool:
    """Whether the last day has ended where the summit is held."""
    return now > datetime.combine(summit.last_day, time.max, ZoneInfo(summit.time_zone))
