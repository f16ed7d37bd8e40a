"""The delegation's agenda as PDF."""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.values import Language
from summit_portal.pages.delegation.agenda import Agenda, Entry, agenda_of
from summit_portal.pages.delegation.area import Own, Workspace, router
from summit_portal.shell import words
from summit_portal.shell.page import page
from summit_portal.shell.paper import Press
from summit_portal.shell.speech import gettext as _

TEMPLATE: Final = Path(str(files("summit_portal"))) / "pages" / "delegation" / "paper" / "agenda.typ"
"""The page as Typst reads it."""


@router.get("/delegation/agenda.pdf")
async def print_agenda(request: Request, own: Own, language: Language) -> Response:
    """The agenda on paper, in the language of the address; where no font has its letters, a page says what to do instead."""
    press: Press = request.app.state.press
    if not press.can_print(language):
        return page(request, "delegation/no_font.html", status=503)
    given = _given(own, await agenda_of(own), press)
    printed = await asyncio.to_thread(press.pdf, TEMPLATE, language, given)
    name = f"{own.edition_id}-{own.invitee}-{language.value}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


def _given(own: Workspace, agenda: Agenda, press: Press) -> dict[str, Any]:
    """All text of the paper, in the language that is being spoken."""
    elsewhere, zone = _("(see the portal)"), ZoneInfo(own.time_zone)

    def row(entry: Entry) -> dict[str, Any]:
        return {
            "time": " – ".join(f"{at.astimezone(zone):%H:%M}" for at in (entry.start_at, entry.end_at)),
            "others": " · ".join(words.plain_state(one) for one in entry.others),
            "topic": press.legible(entry.topic, elsewhere),
            "language": entry.topic_language,
            "room": press.legible(entry.room, elsewhere),
            "is_cancelled": entry.is_cancelled,
        }

    return {
        "title": _("Agenda"),
        "invitee": words.plain_state(own.invitee),
        "summit": press.legible(f"{own.edition.title} · {own.edition.place}", own.edition_id),
        "zone": words.zone(own.time_zone),
        "heads": [_("When"), _("With"), _("Topic"), _("Where")],
        "days": [
            {"name": words.plain_weekday(on), "rows": [row(one) for one in entries]}
            for on, entries in agenda.days
        ],
        "cancelled": _("Cancelled"),
        "nothing": _(
            "No meeting has a place yet. As soon as the timetable is published, it stands here and a letter tells you."
        ),
        "foot": _("As of %(moment)s") % {"moment": words.plain_moment(own.now, own.time_zone)},
    }
