"""What is done about a pledge that was made or begun: it is read, taken back, thrown away, or its delivery is reported."""

from http import HTTPStatus
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_contracts.fact import Service
from summit_contracts.promises import Promise
from summit_contracts.values import Key
from summit_portal.clients.services import Refused
from summit_portal.pages.delegation import pledge_words, promising
from summit_portal.pages.delegation.area import Own, Workspace, instant, router
from summit_portal.pages.delegation.pledges import kept_pledge
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page
from summit_portal.shell.steps import is_last

Ending = Literal["withdraw", "discard", "progress"]


@router.get("/delegation/pledges/{pledge_id}")
async def show(request: Request, own: Own, pledge_id: Key) -> Response:
    """One pledge: what it says, what the secretariat asks, and what came of it."""
    return await _shown(request, own, pledge_id, Form())


@router.post("/delegation/pledges/{pledge_id}/{step}")
async def end(request: Request, own: Own, language: str, pledge_id: Key, step: Ending) -> Response:
    """The step was taken, by the same form once; what the owner refuses stands beside the form, with what was typed."""
    form = Form.of(await request.form())
    if step == "discard":
        return await _discarded(request, own, language, pledge_id, form)
    said = _report(form) if step == "progress" else {"reason": form.value("reason") or None}
    try:
        path = f"pledges/{pledge_id}/{step}"
        await own.ask(Service.PLEDGES, "POST", path, json=said, if_match=form.seen)
    except Refused as refused:
        now = (await kept_pledge(own, pledge_id)).body if refused.is_late else None
        if now is None or not is_last(now, step, said, own.person.account):
            form.refuse(refused, {one: one.partition(".")[0] for one in refused.faults})
            form.explain(promising.misread_delivery(form))
            return await _shown(request, own, pledge_id, form, step=step, status=refused.status)
    return RedirectResponse(f"/{language}/delegation/pledges/{pledge_id}?done={step}", 303)


async def _discarded(request: Request, own: Workspace, language: str, pledge_id: str, form: Form) -> Response:
    try:
        await own.ask(Service.PLEDGES, "DELETE", f"pledges/{pledge_id}", if_match=form.seen)
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:  # gone already is as good
            form.refuse(refused)
            return await _shown(request, own, pledge_id, form, step="discard", status=refused.status)
    return RedirectResponse(f"/{language}/delegation/pledges", 303)


def _report(form: Form) -> dict[str, Any]:
    unit = form.value("unit")
    delivered = promising.share_of(form.value("delivered"), unit or None)
    return {
        "as_of_on": form.value("as_of_on") or None,
        "delivered": delivered if form.value("delivered") else None,
        "is_complete": bool(form.value("is_complete")),
        "words": form.value("words") or None,
        "references": form.lines("references"),
    }


async def _shown(
    request: Request,
    own: Workspace,
    pledge_id: str,
    form: Form,
    *,
    step: Ending | None = None,
    status: int = 200,
) -> Response:
    found = (await kept_pledge(own, pledge_id)).body
    return private_page(
        request,
        "delegation/pledge.html",
        status=status,
        own=own,
        pledge=found,
        promise=Promise.model_validate(found["promise"]),
        asked=[one for one in found["inside"]["history"] if one["step"] == "return"],
        reported=[one for one in found["inside"]["history"] if one["report"]],
        advice={"is_begun": True, "faults": [], **_advised(found)},
        form=form,
        step=step,
        done=request.query_params.get("done", ""),
        instant=instant,
        words=pledge_words,
    )


def _advised(found: dict[str, Any]) -> dict[str, Any]:
    inside = found["inside"]
    missing = {one["criterion"] for one in inside["asks"]}
    return {
        "score": inside["score"],
        "met": [one for one in pledge_words.criteria() if one not in missing],
        "asks": [{**one, "place": ""} for one in inside["asks"]],
    }
