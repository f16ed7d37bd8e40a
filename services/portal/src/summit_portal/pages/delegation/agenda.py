"""The delegation's agenda: a list by day, a grid of days, and the address for calendar programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.identity import OpenToAll
from summit_contracts.fact import Service
from summit_contracts.values import EditionId
from summit_portal.clients.services import Services
from summit_portal.pages.delegation.area import Own, Workspace, instant, router
from summit_portal.shell.knocking import Knocking
from summit_portal.shell.page import private_page

Secret = Annotated[str, Path(min_length=40, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


@dataclass(frozen=True)
class Entry:
    """One meeting, where and when it is held."""

    bilateral_id: str
    start_at: datetime
    end_at: datetime
    room: str
    others: Sequence[str]
    """Whom the delegation meets."""
    topic: str
    topic_language: str
    is_cancelled: bool


@dataclass(frozen=True)
class Agenda:
    """All meetings of a delegation, by their start."""

    entries: Sequence[Entry]
    time_zone: str
    has_feed: bool

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """The meetings by day."""
        return self._by_day(self.entries)

    @property
    def hours(self) -> list[tuple[str, dict[date, list[Entry]]]]:
        """What is held, by time of day and then by day; cancelled meetings take no place."""
        held = [one for one in self.entries if not one.is_cancelled]
        times = sorted({self._at(one) for one in held})
        return [
            (at, {on: [one for one in found if self._at(one) == at] for on, found in self._by_day(held)})
            for at in times
        ]

    def _by_day(self, entries: Sequence[Entry]) -> list[tuple[date, list[Entry]]]:
        return [(on, list(group)) for on, group in groupby(entries, self._on)]

    def _on(self, entry: Entry) -> date:
        return entry.start_at.astimezone(ZoneInfo(self.time_zone)).date()

    def _at(self, entry: Entry) -> str:
        return f"{entry.start_at.astimezone(ZoneInfo(self.time_zone)):%H:%M}"


async def agenda_of(own: Workspace) -> Agenda:
    """The agenda as notifications keeps it: what its letters and calendar entries say."""
    told = (await own.ask(Service.NOTIFICATIONS, "GET", f"agendas/{own.invitee}")).body
    entries = [_entry(one, own.invitee) for one in told["meetings"]]
    return Agenda(entries, own.time_zone, told["feed_opened_at"] is not None)


@router.get("/delegation/agenda")
async def show_agenda(request: Request, own: Own, view: Literal["list", "grid"] = "list") -> Response:
    """When and where the delegation meets whom."""
    return await _shown(request, own, view=view)


@router.post("/delegation/agenda/feed")
async def open_feed(request: Request, own: Own, language: str) -> Response:
    """A new address for calendar programs, shown this once; the one before opens nothing any more."""
    form = await request.form()
    if form.get("close"):
        await own.ask(Service.NOTIFICATIONS, "DELETE", f"agendas/{own.invitee}/feed")
        return RedirectResponse(f"/{language}/delegation/agenda", 303)
    opened = await own.ask(Service.NOTIFICATIONS, "PUT", f"agendas/{own.invitee}/feed")
    base = str(request.base_url).rstrip("/")
    address = f"{base}/{language}/calendar/{own.edition_id}/{opened.body['secret']}/agenda.ics"
    return await _shown(request, own, address=address)


@router.get("/calendar/{edition_id}/{secret}/agenda.ics")
async def feed(
    request: Request, language: str, edition_id: EditionId, secret: Secret, _: OpenToAll, __: Knocking
) -> Response:
    """The agenda as calendar programs read it, as its owner writes it."""
    services: Services = request.app.state.services
    path = f"/editions/{edition_id}/feeds/{secret}/agenda.ics"
    answer = await services.get(Service.NOTIFICATIONS, path, params={"language": language})
    headers = {"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
    return Response(answer.body, media_type="text/calendar", headers=headers)


async def _shown(
    request: Request, own: Workspace, *, view: str = "list", address: str | None = None
) -> Response:
    agenda = await agenda_of(own)
    return private_page(request, "delegation/agenda.html", own=own, agenda=agenda, view=view, address=address)


def _entry(told: dict[str, Any], invitee: str) -> Entry:
    place = told["placement"]
    return Entry(
        told["bilateral_id"],
        instant(place["start_at"]),
        instant(place["end_at"]),
        place["room_name"],
        [one for one in told["parties"] if one != invitee],
        told["topic"],
        told["topic_language"],
        told["is_cancelled"],
    )
