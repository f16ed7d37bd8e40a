"""The bilaterals of a delegation: who asks, what may be answered now, and what became of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.scheduling import DeclineReason
from summit_contracts.values import Key
from summit_portal.clients.services import Refused
from summit_portal.pages.delegation import words
from summit_portal.pages.delegation.area import Own, Workspace, instant, router
from summit_portal.shell import numbers
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page
from summit_portal.shell.speech import gettext as _

_ENDED: Final = ("declined", "cancelled")
_NUMBERS: Final = ("minutes", "size")

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
    """The delegation has answered, by the same form once; what the owner refuses stands beside the form, with what was typed."""
    form = Form.of(await request.form())
    body = _body(own, form, step)
    try:
        path = f"bilaterals/{bilateral_id}/{step}"
        await own.ask(Service.SCHEDULING, "POST", path, json=body, if_match=form.seen)
    except Refused as refused:
        if refused.is_late:
            found = (await own.ask(Service.SCHEDULING, "GET", f"bilaterals/{bilateral_id}")).body
            if _is_answered(own, found, step, body):
                return RedirectResponse(f"/{language}/delegation/bilaterals/{bilateral_id}", 303)
        form.refuse(refused, _names_of(refused.faults, step))
        form.explain(_explained(form))
        return await _shown(request, own, bilateral_id, form, step=step, status=refused.status)
    return RedirectResponse(f"/{language}/delegation/bilaterals/{bilateral_id}", 303)


def _body(own: Workspace, form: Form, step: Step) -> dict[str, Any]:
    typed: dict[str, Any] = {"invitee": own.invitee}
    if step == "decline":
        typed["reason"] = form.value("reason") or DeclineReason.NOT_STATED.value
    if step == "counter":
        typed |= {name: numbers.whole(value) for name in _NUMBERS if (value := form.value(name))}
        typed |= {"level": level} if (level := form.value("level")) else {}
        typed |= {name: list(form.all(name)) for name in ("days", "starts_at")}
    if step != "accept" and (note := form.value("why") or form.value("note")):
        typed["note"] = note
    return typed


def _is_answered(own: Workspace, found: Mapping[str, Any], step: Step, said: Mapping[str, Any]) -> bool:
    """Whether the bilateral stands as this answer leaves it."""
    last = found["thread"][-1]
    is_ours = last["by"] == own.invitee
    match step:
        case "accept":
            is_heard = own.invitee not in found["awaiting"] and not is_ours
            return is_heard and found["status"] not in _ENDED
        case "decline":
            return bool(found["status"] == "declined")
        case "cancel":
            return bool(found["status"] == "cancelled")
        case "counter":
            is_same = all(last["terms"][name] == said[name] for name in ("level", *_NUMBERS) if name in said)
            return (
                is_ours
                and is_same
                and last["note"] == said.get("note")
                and _when(last["terms"]) == _when(said)
            )


def _when(terms: Mapping[str, Any]) -> tuple[set[str], set[datetime]]:
    return {*terms["days"]}, {instant(one) for one in terms["starts_at"]}


def _names_of(paths: Iterable[str], step: Step) -> dict[str, str]:
    """From the owner's paths (`terms.minutes`, `days.0`) to the fields of these forms."""
    fields = {path: path.removeprefix("terms.").partition(".")[0] for path in paths}
    return {path: "why" if (step, field) == ("decline", "note") else field for path, field in fields.items()}


def _explained(form: Form) -> dict[str, str]:
    """What this page can say better about terms that the owner refused."""
    return {
        **numbers.misread_whole(form, *_NUMBERS),
        "days": _("Tick one or more of these days."),
        "starts_at": _("Tick times of this list, and only on days that are ticked above."),
    }


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
