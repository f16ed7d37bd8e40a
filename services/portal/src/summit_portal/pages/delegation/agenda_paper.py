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
from summit_portal.shell.paper import Press, unbroken
from summit_portal.shell.speech import gettext as _

TEMPLATE: Final = Path(str(files("summit_portal"))) / "pages" / "delegation" / "paper" / "agenda.typ"
"""The page as Typst reads it."""


@router.get("/delegation/agenda.pdf")
async def print_agenda(request: Request, own: Own, language: Language) -> Response:
    """The agenda on paper, in the language of the address."""
    press: Press = request.app.state.press
    given = _given(own, await agenda_of(own))
    printed = await asyncio.to_thread(press.pdf, TEMPLATE, language, given)
    name = f"{own.edition_id}-{own.invitee}-{language.value}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


def _given(own: Workspace, agenda: Agenda) -> dict[str, Any]:
    """All text of the paper, in the language that is being spoken."""
    zone = ZoneInfo(own.time_zone)

    def row(entry: Entry) -> dict[str, Any]:
        return {
            "time": " – ".join(f"{at.astimezone(zone):%H:%M}" for at in (entry.start_at, entry.end_at)),
            "others": " · ".join(words.plain_state(one) for one in entry.others),
            "topic": unbroken(entry.topic),
            "language": entry.topic_language,
            "room": unbroken(entry.room),
            "is_cancelled": entry.is_cancelled,
        }

    return {
        "title": _("Agenda"),
        "invitee": words.plain_state(own.invitee),
        "summit": unbroken(f"{own.edition.title} · {own.edition.place}"),
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
