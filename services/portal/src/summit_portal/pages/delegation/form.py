"""The form of a delegation: its people and its wishes in one, kept as one types, and never lost to somebody else's change."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from summit_contracts.fact import Service
from summit_portal.clients.services import Refused
from summit_portal.pages.delegation import rows, words
from summit_portal.pages.delegation.area import Overtaken, Own, Workspace, router
from summit_portal.shell.forms import Form
from summit_portal.shell.page import private_page

_REGISTERED: Final = ("nominated", "confirmed")
_TAKEN: Final = ("already-registered", "idempotency-key-reused")
"""A registration is refused so where another request has registered the delegation with something else."""
_TURNS: Final = 3
"""How often a change is tried that another sending of the same form has overtaken."""
_EMPTY_ROWS: Final = 2
"""Offered below what is filled in already."""


@dataclass(frozen=True)
class Held:
    """What registration keeps of the delegation."""

    terms: dict[str, Any]
    delegation: dict[str, Any]

    @property
    def is_registered(self) -> bool:
        """Whether the finished form was sent in."""
        return self.delegation["state"] in _REGISTERED

    @property
    def revision(self) -> int:
        """What a change names to say on what it was decided."""
        return int(self.delegation["revision"])

    @property
    def tag(self) -> str:
        """The same as an entity tag."""
        return f'"{self.revision}"'

    def is_behind(self, form: Form) -> bool:
        """Whether something was changed since the form was shown."""
        return form.seen != self.tag

    def has_wishes(self, asked: Sequence[Mapping[str, Any]]) -> bool:
        """Whether each of them was made already, with all that it says."""
        made = [one["asked"] for one in self.delegation["wishes"]]
        said = [{**one, "days": sorted({*one["days"]})} for one in asked]
        return all(any({**kept, **one} == kept for kept in made) for one in said)

    @property
    def form(self) -> Form:
        """The form as it is kept: the draft, or the delegation as it stands."""
        draft = self.delegation["draft"]
        if draft and not self.is_registered:
            language = draft["language"] or self.delegation["language"]
            return rows.filled(language, draft["members"], draft["wishes"])
        return rows.filled(self.delegation["language"], self.delegation["members"], [])


@dataclass(frozen=True)
class Standing:
    """What the page tells about the form besides what is in it."""

    status: int = 200
    revision: int | None = None
    """What the typed form was decided on; none for as it is kept now."""
    is_kept: bool = False
    differences: list[rows.Difference] = field(default_factory=list)
    """Between what is kept and what was typed, after somebody else's change."""


@router.get("/delegation/form")
async def show_form(request: Request, own: Own) -> Response:
    """The form as it was left."""
    held = await _held(own)
    return _shown(request, own, held, held.form, Standing())


@router.post("/delegation/form/draft")
async def keep(request: Request, own: Own) -> Response:
    """What was typed so far is kept; asked for by scripts a moment after the last key, and by the button."""
    form = rows.recounted(Form.of(await request.form()))
    is_script = "hx-request" in request.headers
    try:
        kept = await own.ask(
            Service.REGISTRATION, "PUT", _path(own, "/draft"), json=rows.draft(form), if_match=form.seen
        )
    except Refused as refused:
        if is_script:
            return private_page(request, "delegation/kept.html", status=refused.status, revision=None)
        held = await _held(own)
        if refused.is_late or refused.slug in _TAKEN:
            return _conflict(request, own, held, form)
        form.refuse(refused, rows.names_of(refused.faults))
        form.explain(rows.misread(form))
        return _shown(request, own, held, form, Standing(refused.status))
    if is_script:
        return private_page(request, "delegation/kept.html", revision=kept.body["revision"])
    return _shown(request, own, await _held(own), form, Standing(is_kept=True))


@router.post("/delegation/form")
async def send(request: Request, own: Own, language: str) -> Response:
    """The delegation is registered, or changed as it was seen; what is refused stands at its field, and nothing typed is lost.

    The same form sent twice ends as the first time.
    """
    form = rows.recounted(Form.of(await request.form()))
    held = await _held(own)
    do = _amend if held.is_registered and form.value("registered") else _register
    try:
        await do(own, form, held)
    except Overtaken:
        return _conflict(request, own, await _held(own), form)
    except Refused as refused:
        held = await _held(own)
        if refused.slug in _TAKEN:
            return _conflict(request, own, held, form)
        form.refuse(refused, rows.names_of(refused.faults))
        form.explain(rows.misread(form))
        return _shown(request, own, held, form, Standing(422))
    return RedirectResponse(f"/{language}/delegation?done=sent", 303)


async def _register(own: Workspace, form: Form, held: Held) -> None:
    """The delegation is registered, by the same form only once.

    Raises:
        Overtaken: somebody else has kept another draft. Refused: as registration says.
    """
    if not held.is_registered and held.is_behind(form) and rows.differences(held.form, form):
        raise Overtaken
    body = {**_people(form), "wishes": rows.wishes(form)}
    once = form.value("once") or None
    await own.ask(Service.REGISTRATION, "POST", _path(own), json=body, idempotency_key=once)


async def _amend(own: Workspace, form: Form, held: Held) -> None:
    """The delegation has the form's people, and its wishes on top of those before; what is so already is not done again.

    Raises:
        Overtaken: somebody else has made other people of them. Refused: as registration says.
    """
    for _ in range(_TURNS):
        is_late = held.is_behind(form)
        typed = rows.recognized(form, held.form) if is_late else form
        if is_late and rows.differences(held.form, typed, ("members",)):
            break
        more = rows.wishes(typed)
        if await _is_amended(own, typed, [] if is_late and held.has_wishes(more) else more, held.tag):
            return
        held = await _held(own)
    raise Overtaken


async def _is_amended(own: Workspace, form: Form, more: list[dict[str, Any]], tag: str) -> bool:
    """Whether the delegation has now these people and these wishes more; not where it was changed while that was tried.

    Raises:
        Refused: as registration says.
    """
    try:
        seen = await own.ask(Service.REGISTRATION, "PATCH", _path(own), json=_people(form), if_match=tag)
        if more:
            path = _path(own, "/wishes")
            await own.ask(Service.REGISTRATION, "POST", path, json={"wishes": more}, if_match=seen.etag)
    except Refused as refused:
        if not refused.is_late:
            raise
        return False
    return True


def _people(form: Form) -> dict[str, Any]:
    return {"members": rows.members(form), "language": form.value("language") or None}


async def _held(own: Workspace) -> Held:
    body = (await own.ask(Service.REGISTRATION, "GET", _path(own))).body
    return Held(body, body["delegation"])


def _path(own: Workspace, step: str = "") -> str:
    return f"delegations/{own.invitee}{step}"


def _conflict(request: Request, own: Workspace, held: Held, form: Form) -> Response:
    if held.is_registered:
        form = rows.recognized(form, held.form)
    found = rows.differences(held.form, form)
    standing = Standing(412, differences=found) if found else Standing(is_kept=True)
    return _shown(request, own, held, form, standing)


def _shown(request: Request, own: Workspace, held: Held, form: Form, standing: Standing) -> Response:
    typed = rows.count(form, "members")
    return private_page(
        request,
        "delegation/form.html",
        status=standing.status,
        own=own,
        terms=held.terms,
        held=held,
        form=form,
        standing=standing,
        once=secrets.token_urlsafe(18),
        people=max(typed, min(typed + _EMPTY_ROWS, held.terms["quota"])),
        asked=rows.count(form, "wishes") + _EMPTY_ROWS,
        credentials={one["member_id"]: one["accreditation"] for one in held.delegation["members"]},
        days=own.edition.bilateral_days(),
        invitees=[one.code for one in own.edition.invitees if one.code != own.invitee],
        words=words,
    )
