"""The registrations queue: who stands at which stage of accreditation and for how long, and decisions on many at once.

Names come from registration when somebody looks who may see them, and are kept nowhere.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.values import EditionId, Key
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import REGISTRARS, back_to, desk, services_of, told
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()

Stage = Literal["police_division", "security", "held", "accredited", "refused"]
DECISIONS: Final[Mapping[str, Sequence[str]]] = {
    "police_division": ("clear", "accredit", "hold", "refuse"),
    "security": ("accredit", "hold", "refuse"),
    "held": ("release", "refuse"),
    "accredited": (),
    "refused": (),
}
"""What can be decided at which stage."""
_PARTS_OF_PLACE: Final = 3


@router.get("/console/{edition_id}/registrations")
async def queue(  # one parameter for each part of the address
    request: Request,
    edition_id: EditionId,
    person: Annotated[Person, REGISTRARS],
    stage: Stage = "police_division",
    cursor: Key | None = None,
    done: Annotated[int | None, Query(ge=0, le=200)] = None,
) -> Response:
    """Who stands at this stage, in the order of member ids: those first who were named first, however long they stand here."""
    edition = await edition_of(request, edition_id)
    return await _show(request, person, edition, stage, cursor=cursor, done=done)


@router.post("/console/{edition_id}/registrations")
async def decide(
    request: Request, edition_id: EditionId, person: Annotated[Person, REGISTRARS], stage: Stage
) -> Response:
    """Each that was chosen is decided by itself, as it was seen; what could not be is shown with its reason."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    chosen = form.all("listed" if form.value("everybody") else "place")
    places = [place for one in chosen if (place := _place(one, stage))]
    if not places:
        return await _show(request, person, edition, stage, form=form, status=422, is_nobody=True)
    body = {
        "decision": form.value("decision"),
        "places": places,
        "reason": form.value("reason") or None if form.value("decision") == "refuse" else None,
        "note": form.value("note") or None if form.value("decision") == "hold" else None,
    }
    path = f"/editions/{edition_id}/nominations/decisions"
    try:
        answer = await services_of(request).post(Service.REGISTRATION, path, token=person.token, json=body)
    except Refused as refused:
        form.refuse(refused)
        return await _show(request, person, edition, stage, form=form, status=refused.status)
    failed = [one for one in answer.body if not one["is_done"]]
    if failed:
        return await _show(request, person, edition, stage, form=form, status=409, failed=failed)
    return back_to(edition_id, "registrations", query=f"stage={stage}&done={len(places)}")


def _place(sent: str, stage: str) -> dict[str, str] | None:
    parts = sent.split(" ")
    if len(parts) != _PARTS_OF_PLACE:
        return None
    return dict(zip(("invitee", "member_id", "seen_since"), parts, strict=True)) | {"seen_stage": stage}


async def _show(
    request: Request,
    person: Person,
    edition: Edition,
    stage: str,
    *,
    form: Form | None = None,
    cursor: str | None = None,
    status: int = 200,
    **outcome: Any,
) -> Response:
    path = f"/editions/{edition.edition_id}/nominations"
    stages, found = await asyncio.gather(
        told(request, person, Service.REGISTRATION, f"{path}/stages"),
        told(request, person, Service.REGISTRATION, path, stage=stage, cursor=cursor, limit=50),
    )
    return desk(
        request,
        person,
        edition,
        "registrations",
        status=status,
        stage=stage,
        stages=stages,
        decisions=DECISIONS[stage],
        nominations=found["items"],
        following=found.get("next_cursor"),
        form=form or Form(),
        **{"failed": (), "done": None, "is_nobody": False} | outcome,
    )
