"""The bilaterals of a delegation: who asks, what may be answered now, and what became of it."""

from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.scheduling import DeclineReason
from summit_contracts.values import Key
from summit_portal.clients.services import Refused
from summit_portal.pages.delegation import words
from summit_portal.pages.delegation.area import Own, Workspace, instant, router
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page

_ENDED: Final = ("declined", "cancelled")

Step = Literal["accept", "decline", "counter", "cancel"]


@router.get("/delegation/bilaterals")
async def inbox(request: Request, own: Own) -> Response:
    """All of the delegation's bilaterals, those that wait for its answer first, those that are over last."""
    found = await own.items(Service.SCHEDULING, "bilaterals", {"party": own.invitee})
    found.sort(key=lambda one: (own.invitee not in one["awaiting"], one["status"] in _ENDED))
    return private_page(request, "delegation/bilaterals.html", own=own, bilaterals=found, words=words)


@router.get("/delegation/bilaterals/{bilateral_id}")
async def one_of_them(request: Request, own: Own, bilateral_id: Key) -> Response:
    """One bilateral: what was proposed by whom, and what may be answered."""
    return await _shown(request, own, bilateral_id, Form())


@router.post("/delegation/bilaterals/{bilateral_id}/{step}")
async def answer_it(request: Request, own: Own, language: str, bilateral_id: Key, step: Step) -> Response:
    """The delegation has answered; what the owner refuses stands beside the form, with what was typed."""
    form = Form.of(await request.form())
    try:
        await own.ask(
            Service.SCHEDULING,
            "POST",
            f"bilaterals/{bilateral_id}/{step}",
            json=_body(own, form, step),
            if_match=form.seen,
        )
    except Refused as refused:
        form.refuse(refused, {"note": "why"} if step == "decline" else {})
        return await _shown(request, own, bilateral_id, form, step=step, status=refused.status)
    return RedirectResponse(f"/{language}/delegation/bilaterals/{bilateral_id}", 303)


def _body(own: Workspace, form: Form, step: Step) -> dict[str, Any]:
    typed: dict[str, Any] = {"invitee": own.invitee}
    if step == "decline":
        typed["reason"] = form.value("reason") or DeclineReason.NOT_STATED.value
    if step == "counter":
        typed |= {name: value for name in ("level", "minutes", "size") if (value := form.value(name))}
        typed["days"] = list(form.all("days"))
        typed["starts_at"] = [one for one in form.all("starts_at") if _local_day(own, one) in typed["days"]]
    if step != "accept" and (note := form.value("why") or form.value("note")):
        typed["note"] = note
    return typed


def _local_day(own: Workspace, start: str) -> str:
    return instant(start).astimezone(ZoneInfo(own.time_zone)).date().isoformat()


def _starts(edition: Edition) -> list[tuple[date, list[datetime]]]:
    """The moments at which a meeting could begin, by day."""
    return [
        (on, [start for _, start in found])
        for on, found in groupby(edition.slot_starts(), key=lambda one: one[0])
    ]


async def _shown(
    request: Request,
    own: Workspace,
    bilateral_id: str,
    form: Form,
    *,
    step: Step | None = None,
    status: int = 200,
) -> Response:
    found = (await own.ask(Service.SCHEDULING, "GET", f"bilaterals/{bilateral_id}")).body
    terms = found["terms"]
    standing = Form(
        {
            "level": [terms["level"]],
            "minutes": [str(terms["minutes"])],
            "size": [str(terms["size"])],
            "days": terms["days"],
            "starts_at": [instant(one).isoformat() for one in terms["starts_at"]],
        }
    )
    return private_page(
        request,
        "delegation/bilateral.html",
        status=status,
        own=own,
        bilateral=found,
        forms={one: form if one == step else Form() for one in ("accept", "decline", "cancel")}
        | {"counter": form if step == "counter" else standing},
        step=step,
        starts=_starts(own.edition),
        instant=instant,
        day_of=date.fromisoformat,
        words=words,
    )
