"""One bilateral at the desk: its terms and its place, why it has none, and a place given by hand or given back."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.scheduling import Placement
from summit_contracts.values import EditionId, Key
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import SCHEDULERS, back_to, desk, services_of, told
from summit_portal.pages.console.places import chosen_place, placements
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()


@router.get("/console/{edition_id}/meetings/{bilateral_id}")
async def show(
    request: Request, edition_id: EditionId, bilateral_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """The meeting; for one without a place, what stands against the places it could have."""
    return await _show(request, person, await edition_of(request, edition_id), bilateral_id)


@router.post("/console/{edition_id}/meetings/{bilateral_id}/book")
async def book(
    request: Request, edition_id: EditionId, bilateral_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """It is held there from now on, everything else staying where it is."""
    form = Form.of(await request.form())
    body = {"bilateral_id": bilateral_id, **chosen_place(form)}
    path = f"/editions/{edition_id}/bookings"
    sent = {"json": body, "idempotency_key": form.value("once")}
    return await _change(request, person, edition_id, bilateral_id, path, form, sent)


@router.post("/console/{edition_id}/meetings/{bilateral_id}/accept")
async def accept(
    request: Request, edition_id: EditionId, bilateral_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """A party that was awaited has said yes at the desk."""
    form = Form.of(await request.form())
    path = f"/editions/{edition_id}/bilaterals/{bilateral_id}/accept"
    sent = {"json": {"invitee": form.value("invitee")}, "if_match": form.value("seen")}
    return await _change(request, person, edition_id, bilateral_id, path, form, sent)


@router.post("/console/{edition_id}/meetings/{bilateral_id}/release")
async def release(
    request: Request, edition_id: EditionId, bilateral_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """A party did not come, or the place is given back."""
    form = Form.of(await request.form())
    invitee = form.value("invitee") or None
    path = f"/editions/{edition_id}/bilaterals/{bilateral_id}/release"
    body = {"reason": "no_show" if invitee else "released", "invitee": invitee}
    sent = {"json": body, "if_match": form.value("seen")}
    return await _change(request, person, edition_id, bilateral_id, path, form, sent)


async def _change(
    request: Request,
    person: Person,
    edition_id: str,
    bilateral_id: str,
    path: str,
    form: Form,
    sent: Mapping[str, Any],
) -> Response:
    edition = await edition_of(request, edition_id)
    try:
        await services_of(request).post(Service.SCHEDULING, path, token=person.token, **sent)
    except Refused as refused:
        held = f"/editions/{edition_id}/bilaterals/{bilateral_id}"
        if (
            not refused.is_late
            or (await told(request, person, Service.SCHEDULING, held))["status"] != "cancelled"
        ):
            form.refuse(refused)
            return await _show(request, person, edition, bilateral_id, form=form, status=refused.status)
    return back_to(edition_id, "meetings", bilateral_id, query="done=yes")


async def _show(
    request: Request,
    person: Person,
    edition: Edition,
    bilateral_id: str,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    path = f"/editions/{edition.edition_id}/bilaterals/{bilateral_id}"
    answer = await services_of(request).get(Service.SCHEDULING, path, token=person.token)
    held = answer.body
    is_agreed = held["status"] in ("agreed", "unplaced")
    against, free = (
        await asyncio.gather(
            told(request, person, Service.SCHEDULING, f"{path}/why-not", seconds=4),
            told(request, person, Service.SCHEDULING, f"{path}/places"),
        )
        if is_agreed
        else (None, [])
    )
    return desk(
        request,
        person,
        edition,
        "meeting",
        status=status,
        section="timetable",
        held=held,
        days=[date.fromisoformat(one) for one in held["terms"]["days"]],
        place_now=Placement.model_validate(held["placement"]) if held["placement"] else None,
        seen=answer.etag,
        why_not=against or None,
        ways=[
            {**one, "start_at": datetime.fromisoformat(one["start_at"])}
            for one in (against["ways"] if against else ())
        ],
        free=placements(free),
        thread=[{**one, "made_at": datetime.fromisoformat(one["made_at"])} for one in held["thread"]],
        form=form or Form(),
        is_done=request.query_params.get("done") == "yes",
    )
