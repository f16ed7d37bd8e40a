"""The first page of a delegation: what is done, what is missing, and by when."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_contracts.fact import Service
from summit_portal.clients.services import Refused
from summit_portal.pages.delegation import words
from summit_portal.pages.delegation.area import Own, Workspace, instant, router
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page
from summit_portal.shell.speech import gettext as _
from summit_portal.shell.speech import ngettext

Done = Literal["sent", "confirmed", "declined", "withdrawn"]


@dataclass(frozen=True)
class Step:
    """One thing to be done."""

    name: str
    is_done: bool
    by_at: datetime | None = None
    place: str | None = None
    """Below the delegation's pages, where it is done."""
    more: str = ""
    """How far it has come, in words."""


@router.get("/delegation")
async def workspace(request: Request, own: Own, done: Done | None = None) -> Response:
    """What is done, what is missing, and by when."""
    held, bilaterals, pledges = await asyncio.gather(
        own.ask(Service.REGISTRATION, "GET", f"delegations/{own.invitee}"),
        own.items(Service.SCHEDULING, "bilaterals", {"party": own.invitee}),
        own.items(Service.PLEDGES, "pledges", {"pledger": own.invitee}),
    )
    awaited = [one for one in bilaterals if own.invitee in one["awaiting"]]
    return private_page(
        request,
        "delegation/home.html",
        own=own,
        held=held.body,
        delegation=held.body["delegation"],
        members=held.body["delegation"]["members"],
        done=done,
        steps=_steps(own, held.body, awaited=len(awaited), pledges=pledges),
        words=words,
    )


@router.post("/delegation/confirm")
async def confirm(request: Request, own: Own, language: str) -> Response:
    """The members are final but for amendments."""
    form = Form.of(await request.form())
    path = f"delegations/{own.invitee}/confirm"
    try:
        await own.ask(Service.REGISTRATION, "POST", path, if_match=form.seen)
    except Refused as refused:
        await _must_be(own, "confirmed", refused)
    return RedirectResponse(f"/{language}/delegation?done=confirmed", 303)


@router.post("/delegation/leave")
async def leave(request: Request, own: Own, language: str) -> Response:
    """The invitee sends nobody: the invitation is declined, or the delegation withdrawn with all its meetings."""
    form = Form.of(await request.form())
    reason = {"reason": form.value("reason") or None}
    if form.value("revision"):
        path, done = f"delegations/{own.invitee}/withdraw", "withdrawn"
        try:
            await own.ask(Service.REGISTRATION, "POST", path, json=reason, if_match=form.seen)
        except Refused as refused:
            await _must_be(own, "withdrawn", refused)
    else:
        path, done = f"invitations/{own.invitee}/decline", "declined"
        await own.ask(Service.REGISTRATION, "POST", path, json=reason)
    return RedirectResponse(f"/{language}/delegation?done={done}", 303)


async def _must_be(own: Workspace, state: str, refused: Refused) -> None:
    """Nothing, where the delegation stands there already: the same form was sent before.

    Raises:
        Refused: it does not.
    """
    if not refused.is_late:
        raise refused
    held = await own.ask(Service.REGISTRATION, "GET", f"delegations/{own.invitee}")
    if held.body["delegation"]["state"] != state:
        raise refused


def _steps(own: Workspace, held: dict[str, Any], *, awaited: int, pledges: list[Any]) -> list[Step]:
    delegation = held["delegation"]
    is_registered = delegation["state"] in ("nominated", "confirmed")
    by = {name: instant(held[f"{name}_by_at"]) for name in ("nominate", "confirm", "wishes")}
    members, wishes = len(delegation["members"]), len(delegation["wishes"]) if is_registered else 0
    credentials = Counter(one["accreditation"] for one in delegation["members"])
    made = sum(one["state"] not in ("draft", "withdrawn") for one in pledges)
    named = ngettext("%(num)s person", "%(num)s persons", members) % {"num": members} if members else ""
    begun = _("Begun, not sent yet") if delegation["draft"] else ""
    return [
        Step(_("Name the members of the delegation"), is_registered, by["nominate"], "form", named or begun),
        Step(
            _("State wishes for bilateral meetings"),
            wishes > 0,
            by["wishes"],
            "form",
            ngettext("%(num)s wish", "%(num)s wishes", wishes) % {"num": wishes} if wishes else "",
        ),
        Step(
            _("Answer requests for bilateral meetings"),
            not awaited,
            None,
            "bilaterals",
            ngettext("%(num)s request waits", "%(num)s requests wait", awaited) % {"num": awaited}
            if awaited
            else "",
        ),
        Step(_("Confirm the delegation"), delegation["state"] == "confirmed", by["confirm"]),
        Step(
            _("Credentials of all members"),
            bool(members) and credentials["accredited"] == members,
            more=_("%(done)s of %(all)s") % {"done": credentials["accredited"], "all": members},
        ),
        Step(
            _("Make a pledge"),
            made > 0,
            own.edition.deadlines.pledges_by_at,
            "pledges",
            ngettext("%(num)s pledge", "%(num)s pledges", made) % {"num": made} if made else "",
        ),
    ]
