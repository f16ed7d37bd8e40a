"""The desk for pledges: what waits for the secretariat, one pledge with its history, and the steps that can be taken."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from summit_contracts import taxonomy
from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.promises import DeliveryReport, Nature, Promise
from summit_contracts.values import EditionId, Key
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import PLEDGE_DESK, back_to, desk, services_of, told
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person
from summit_portal.shell.steps import is_last

router = page_router()

State = Literal["made", "acknowledged", "returned", "accepted", "fulfilled", "withdrawn"]
Step = Literal["acknowledge", "accept", "return", "progress", "fulfil", "classify", "withdraw"]
STEPS: Final[Mapping[str, Sequence[str]]] = {
    "made": ("acknowledge", "classify", "withdraw"),
    "acknowledged": ("accept", "return", "classify", "withdraw"),
    "returned": ("classify", "withdraw"),
    "accepted": ("progress", "fulfil", "classify", "withdraw"),
}
"""What the desk can do with a pledge in each state; with others nothing."""


@router.get("/console/{edition_id}/pledges")
async def overview(
    request: Request,
    edition_id: EditionId,
    person: Annotated[Person, PLEDGE_DESK],
    state: State = "made",
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The pledges in one state, public or not."""
    edition = await edition_of(request, edition_id)
    path = f"/editions/{edition_id}"
    found, counts = await asyncio.gather(
        told(request, person, Service.PLEDGES, f"{path}/pledges", state=state, cursor=cursor, limit=50),
        told(request, person, Service.PLEDGES, f"{path}/counts"),
    )
    return desk(
        request,
        person,
        edition,
        "pledges",
        pledges=[_read(one) for one in found["items"]],
        following=found["next_cursor"],
        counts=counts["by_state"],
        in_state=state,
    )


@router.get("/console/{edition_id}/pledges/{pledge_id}")
async def show(
    request: Request, edition_id: EditionId, pledge_id: Key, person: Annotated[Person, PLEDGE_DESK]
) -> Response:
    """One pledge: what is promised, what could be asked, what was done, and what can be done now."""
    return await _show(request, person, await edition_of(request, edition_id), pledge_id)


@router.post("/console/{edition_id}/pledges/{pledge_id}/{step}")
async def take(
    request: Request,
    edition_id: EditionId,
    pledge_id: Key,
    step: Step,
    person: Annotated[Person, PLEDGE_DESK],
) -> Response:
    """The step is taken on the pledge as it was seen, by the same form once; who was overtaken sees it as it stands now."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    try:
        await services_of(request).post(
            Service.PLEDGES,
            f"/editions/{edition_id}/pledges/{pledge_id}/{step}",
            token=person.token,
            json=_said(step, form),
            if_match=form.value("seen"),
        )
    except Refused as refused:
        path = f"/editions/{edition_id}/pledges/{pledge_id}"
        now = await told(request, person, Service.PLEDGES, path) if refused.is_late else None
        if now is None or not is_last(now, step, _said(step, form), person.account):
            form.refuse(refused)
            return await _show(request, person, edition, pledge_id, form=form, status=refused.status)
    return back_to(edition_id, "pledges", pledge_id, query="done=yes")


def _said(step: str, form: Form) -> Mapping[str, Any] | None:
    match step:
        case "return":
            return {"asks": form.all("asks"), "question": form.value("question") or None}
        case "classify":
            return {"nature": form.value("nature"), "note": form.value("note") or None}
        case "withdraw":
            return {"reason": form.value("reason") or None}
        case "progress":
            return {
                "as_of_on": form.value("as_of_on"),
                "is_complete": form.value("is_complete") == "yes",
                "words": form.value("words") or None,
                "references": form.lines("references"),
            }
        case _:
            return None


def _read(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer with what pages put into words read."""
    reports = {
        side: DeliveryReport.model_validate(told[side]) if told[side] else None
        for side in ("self_report", "evidence")
    }
    return {**told, **reports, "promise": Promise.model_validate(told["promise"])}


async def _show(
    request: Request,
    person: Person,
    edition: Edition,
    pledge_id: str,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    path = f"/editions/{edition.edition_id}/pledges/{pledge_id}"
    answer = await services_of(request).get(Service.PLEDGES, path, token=person.token)
    inside = answer.body["inside"]
    return desk(
        request,
        person,
        edition,
        "pledge",
        status=status,
        section="pledges",
        pledge=_read(answer.body),
        inside=inside,
        history=[{**one, "at": datetime.fromisoformat(one["at"])} for one in inside["history"]],
        embargo_until=inside["embargo_until_at"] and datetime.fromisoformat(inside["embargo_until_at"]),
        seen=answer.etag,
        steps=STEPS.get(answer.body["state"], ()),
        asks=list(taxonomy.tables().terms["ask"]),
        natures=list(Nature),
        today=request.app.state.clock.now().date(),
        form=form or Form.filled(nature=answer.body["promise"]["nature"]),
        is_done=request.query_params.get("done") == "yes",
    )
