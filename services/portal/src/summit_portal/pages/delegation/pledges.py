"""What a delegation pledges: a form that advises while one types, drafts that nobody else sees, and what became of each."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_chassis.speech import taxonomy_term
from summit_contracts import taxonomy
from summit_contracts.fact import Service
from summit_contracts.promises import Promise
from summit_contracts.values import Key
from summit_portal.clients.services import Answer, Refused
from summit_portal.pages.delegation import pledge_words, promising, rows, words
from summit_portal.pages.delegation.area import Overtaken, Own, Workspace, router
from summit_portal.pages.delegation.misplaced import misplaced
from summit_portal.pages.delegation.promised import filled
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page
from summit_portal.shell.refusals import meaning

_ANYTHING: Final = "/delegation/pledges"
_TURNS: Final = 3
"""How often a change is tried that another sending of the same form has overtaken."""
_EMPTY_ROWS: Final = 2
Step = Literal["make", "draft", "save", "advice"]


@dataclass(frozen=True)
class Standing:
    """What the page tells about the form besides what is in it."""

    status: int = 200
    pledge: dict[str, Any] | None = None
    """As it is kept; none for one that is not begun."""
    advice: dict[str, Any] | None = None
    differences: list[rows.Difference] = field(default_factory=list)
    """Between what is kept and what was typed, after somebody else's change."""


@router.get("/delegation/pledges")
async def list_pledges(request: Request, own: Own) -> Response:
    """What the delegation has pledged and begun, and what is needed."""
    found, needs = await asyncio.gather(
        own.items(Service.PLEDGES, "pledges", {"pledger": own.invitee}),
        own.items(Service.PLEDGES, "needs"),
    )
    return private_page(
        request,
        "delegation/pledges.html",
        own=own,
        pledges=found,
        needs=[one for one in needs if one["is_open"]],
        words=pledge_words,
    )


@router.get("/delegation/pledges/new")
async def begin(request: Request, own: Own, need_id: Key | None = None) -> Response:
    """An empty form, or one that answers a need."""
    form = Form({})
    if need_id is not None:
        need = (await own.ask(Service.PLEDGES, "GET", f"needs/{need_id}")).body["need"]
        unit = need["quantity"].get("unit")
        form = Form.filled(
            need_id=need_id, capability=need["capability"], place=need.get("place"), **{"quantity.unit": unit}
        )
    return await _form(request, own, form, Standing())


@router.post("/delegation/pledges/advice")
async def advise(request: Request, own: Own) -> Response:
    """What a reviewer would ask about what was typed so far; asked for by scripts while one types."""
    form = rows.recounted(Form.of(await request.form()), promising.GROUPS)
    advice = await _advice(own, form)
    return private_page(request, "delegation/advice.html", advice=advice, words=pledge_words)


@router.post("/delegation/pledges/new")
async def create(request: Request, own: Own, language: str) -> Response:
    """A draft is kept, or the pledge is made; what is refused stands at its field, and nothing typed is lost."""
    form = rows.recounted(Form.of(await request.form()), promising.GROUPS)
    step = form.value("step", "draft")
    if step == "advice":
        return await _form(request, own, form, Standing(advice=await _advice(own, form)))
    if form.object_to(misplaced(form)):
        return await _form(request, own, form, Standing(422))
    try:
        begun = await own.ask(
            Service.PLEDGES,
            "POST",
            "pledges",
            json={**_said(own, form), "pledger": own.invitee, "make": step == "make"},
            idempotency_key=form.value("once") or None,
        )
    except Refused as refused:
        return await _refused(request, own, form, refused, Standing(422))
    return RedirectResponse(f"/{language}{_ANYTHING}/{begun.body['pledge_id']}?done={step}", 303)


@router.get("/delegation/pledges/{pledge_id}/form")
async def change(request: Request, own: Own, pledge_id: Key) -> Response:
    """The form as the draft, or the pledge, stands."""
    kept = (await kept_pledge(own, pledge_id)).body
    return await _form(request, own, filled(kept, own.time_zone), Standing(pledge=kept))


@router.post("/delegation/pledges/{pledge_id}/form")
async def save(request: Request, own: Own, language: str, pledge_id: Key) -> Response:
    """The draft or the pledge says this from now on; somebody else's change meanwhile is shown beside it.

    The same form sent twice ends as the first time.
    """
    form = rows.recounted(Form.of(await request.form()), promising.GROUPS)
    kept = (await kept_pledge(own, pledge_id)).body
    step = form.value("step", "save")
    if step == "advice":
        return await _form(request, own, form, Standing(pledge=kept, advice=await _advice(own, form)))
    if form.object_to(misplaced(form)):
        return await _form(request, own, form, Standing(422, pledge=kept))
    try:
        for _ in range(_TURNS):
            if await _saved(own, form, kept, step):
                return RedirectResponse(f"/{language}{_ANYTHING}/{pledge_id}?done={step}", 303)
            kept = (await kept_pledge(own, pledge_id)).body
    except Overtaken:
        pass
    except Refused as refused:
        kept = (await kept_pledge(own, pledge_id)).body
        return await _refused(request, own, form, refused, Standing(422, pledge=kept))
    differing = promising.differences(filled(kept, own.time_zone), form)
    return await _form(request, own, form, Standing(412, pledge=kept, differences=differing))


async def _saved(own: Workspace, form: Form, kept: dict[str, Any], step: str) -> bool:
    """Whether the pledge is now as the form has it; not where it was changed while that was tried.

    Raises:
        Overtaken: it was changed since the form was shown, and says something else. Refused: as its owner says.
    """
    before, path, tag = filled(kept, own.time_zone), f"pledges/{kept['pledge_id']}", f'"{kept["revision"]}"'
    is_said = not promising.differences(before, form) or _is_said(own, form, before, kept)
    if not is_said and form.seen != tag:
        raise Overtaken
    try:
        if not is_said:
            change = _changed(own, form, before, kept)
            tag = (await own.ask(Service.PLEDGES, "PATCH", path, json=change, if_match=tag)).etag or tag
        if step == "make" and kept["state"] == "draft":
            await own.ask(Service.PLEDGES, "POST", f"{path}/make", if_match=tag)
    except Refused as refused:
        if not refused.is_late:
            raise
        return False
    return True


def _is_said(own: Workspace, form: Form, before: Form, kept: dict[str, Any]) -> bool:
    """Whether the pledge says already what was typed, however it was typed."""
    typed = _said(own, form, kept)
    try:
        promise = Promise.model_validate(typed["promise"])
    except ValidationError:
        return False
    return (
        promise == Promise.model_validate(kept["promise"])
        and typed["held_back"] == sorted(kept["held_back"])
        and typed["visibility"] == promising.visibility_of(before, own.time_zone)
    )


def _said(own: Workspace, form: Form, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    before = kept or {"promise": None, "held_back": ()}
    return {
        "promise": promising.promise_of(form, before["promise"]),
        "held_back": promising.held_back_of(form, before["held_back"]),
        "visibility": promising.visibility_of(form, own.time_zone),
    }


def _changed(own: Workspace, form: Form, before: Form, kept: dict[str, Any]) -> dict[str, Any]:
    """What of the pledge is to be otherwise: the owner refuses what would change nothing."""
    said = _said(own, form, kept)
    found = {one.field for one in promising.differences(before, form)}
    opening = found & {"openness", "until_at"}
    is_restated = bool(found - {"openness", "until_at"})
    return {
        **({"promise": said["promise"], "held_back": said["held_back"]} if is_restated else {}),
        **({"visibility": said["visibility"]} if opening else {}),
    }


async def kept_pledge(own: Workspace, pledge_id: str) -> Answer:
    """The pledge as its owner keeps it.

    Raises:
        Refused: there is none, or it is another's.
    """
    found = await own.ask(Service.PLEDGES, "GET", f"pledges/{pledge_id}")
    if found.body["pledger"] != own.invitee:  # public, and read elsewhere
        raise Refused(404, {"type": "urn:summit:problem:no-such-page", "title": "It is another's pledge."})
    return found


async def _advice(own: Workspace, form: Form) -> dict[str, Any]:
    if not form.value("capability"):
        return {"is_begun": False, "asks": [], "faults": []}
    promise = promising.promise_of(form)
    if without_place := misplaced(form):
        told = [(name, why, False) for name, why in without_place.items()]
        return {"is_begun": True, "asks": [], "faults": told}
    try:
        said = (await own.ask(Service.PLEDGES, "POST", "pledges/advice", json={"promise": promise})).body
    except Refused as refused:
        asked = Form(form.values)
        _refuse(asked, refused)
        faults = [
            (
                name,
                asked.faults[name] if name in asked.general else asked.fault(name),
                name not in asked.explained or name in asked.general,
            )
            for name in asked.faults
        ]
        return {"is_begun": True, "asks": [], "faults": faults or [_told(refused)]}
    names = promising.names_of([one["field"] for one in said["asks"]], form)
    return {
        **said,
        "is_begun": True,
        "faults": [],
        "asks": [{**one, "place": names[one["field"]]} for one in said["asks"]],
    }


def _told(refused: Refused) -> tuple[str, str, bool]:
    """What was refused of the whole, and whether that is in its owner's words."""
    meant = meaning(refused.slug)
    return "", meant or refused.detail, not meant


async def _refused(
    request: Request, own: Workspace, form: Form, refused: Refused, standing: Standing
) -> Response:
    _refuse(form, refused)
    return await _form(request, own, form, standing)


def _refuse(form: Form, refused: Refused) -> None:
    form.refuse(refused, promising.names_of(refused.faults, form))
    form.explain(promising.misread(form))


async def _form(request: Request, own: Workspace, form: Form, standing: Standing) -> Response:
    needs = await own.items(Service.PLEDGES, "needs")
    return private_page(
        request,
        "delegation/pledge_form.html",
        status=standing.status,
        own=own,
        form=form,
        standing=standing,
        once=secrets.token_urlsafe(18),
        needs=[one for one in needs if one["is_open"] or one["need_id"] == form.value("need_id")],
        capabilities=_capabilities(),
        vocabularies=_vocabularies(),
        counts={group: rows.count(form, group) + _EMPTY_ROWS for group in promising.GROUPS},
        invitees=[one.code for one in own.edition.invitees if one.code != own.invitee],
        parts=promising.PARTS,
        words=pledge_words,
        tongues=words.tongues(),
    )


def _capabilities() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be pledged, by category, each by what it is called."""
    known = taxonomy.tables()
    grouped: dict[str, list[tuple[str, str]]] = {}
    for code, one in known.capabilities.items():
        if one.is_offered_in(known.version):
            grouped.setdefault(one.category, []).append((code, taxonomy_term("capability", code)))
    return [(taxonomy_term("category", category), found) for category, found in grouped.items()]


def _vocabularies() -> dict[str, list[tuple[str, str]]]:
    known = taxonomy.tables()
    return {
        name: [
            (code, taxonomy_term(name, code))
            for code, one in known.terms[name].items()
            if one.is_offered_in(known.version)
        ]
        for name in ("unit", "condition")
    }
