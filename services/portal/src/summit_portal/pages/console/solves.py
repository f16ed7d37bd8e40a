"""A timetable in the making: asked for, watched, stopped, compared with the one that holds, published or dropped."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.values import EditionId, Key
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import SCHEDULERS, back_to, desk, services_of, told
from summit_portal.pages.console.places import parties_of, read_difference
from summit_portal.shell import numbers
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.page import private_page
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()

UNDER_WAY: Final = ("waiting", "solving")
_NUMBERS: Final = ("seconds", "seed")
_RELOAD: Final = {"HX-Refresh": "true"}


@router.get("/console/{edition_id}/solves")
async def overview(
    request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """What was solved, the newest first, and a form to ask for more."""
    return await _overview(request, person, await edition_of(request, edition_id), Form())


@router.post("/console/{edition_id}/solves")
async def ask(request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]) -> Response:
    """A worker solves what is agreed by now."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    body = {name: numbers.whole(form.value(name)) for name in _NUMBERS}
    try:
        answer = await services_of(request).post(
            Service.SCHEDULING,
            f"/editions/{edition_id}/solves",
            token=person.token,
            json=body,
            idempotency_key=form.value("once"),
        )
    except Refused as refused:
        form.refuse(refused)
        form.explain(numbers.misread_whole(form, *_NUMBERS))
        return await _overview(request, person, edition, form, status=refused.status)
    return back_to(edition_id, "solves", answer.body["solve_id"])


@router.get("/console/{edition_id}/solves/{solve_id}")
async def show(
    request: Request, edition_id: EditionId, solve_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """How far it is; once it is solved, what would change if it were published."""
    return await _show(request, person, await edition_of(request, edition_id), solve_id)


@router.get("/console/{edition_id}/solves/{solve_id}/progress")
async def progress(
    request: Request, edition_id: EditionId, solve_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """The part of the page that moves; when nothing moves any more, the browser is asked to load the page anew."""
    solve = await _solve(request, person, edition_id, solve_id)
    answer = private_page(request, "console/progress.html", solve=solve, edition_id=edition_id)
    if solve["state"] not in UNDER_WAY:
        answer.headers.update(_RELOAD)
    return answer


@router.post("/console/{edition_id}/solves/{solve_id}/stop")
async def stop(
    request: Request, edition_id: EditionId, solve_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """It ends within seconds with the best plan so far."""
    path = f"/editions/{edition_id}/solves/{solve_id}/stop"
    await services_of(request).post(Service.SCHEDULING, path, token=person.token)
    return back_to(edition_id, "solves", solve_id)


@router.post("/console/{edition_id}/solves/{solve_id}/publish")
async def publish(
    request: Request, edition_id: EditionId, solve_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """It holds from now on, and everybody concerned is told; what was solved on an older state is not published."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    try:
        await services_of(request).post(
            Service.SCHEDULING,
            f"/editions/{edition_id}/solves/{solve_id}/publish",
            token=person.token,
            json={"name": form.value("name") or None},
            idempotency_key=form.value("once"),
        )
    except Refused as refused:
        form.refuse(refused)
        return await _show(request, person, edition, solve_id, form=form, status=refused.status)
    return back_to(edition_id, "timetable", query="published=yes")


@router.post("/console/{edition_id}/solves/{solve_id}/drop")
async def drop(
    request: Request, edition_id: EditionId, solve_id: Key, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """The what-if never was."""
    path = f"/editions/{edition_id}/what-ifs/{solve_id}"
    try:
        await services_of(request).ask(Service.SCHEDULING, "DELETE", path, token=person.token)
    except Refused:
        if not await _is_gone(request, person, edition_id, solve_id):
            raise
    return back_to(edition_id, "solves")


async def _overview(
    request: Request, person: Person, edition: Edition, form: Form, *, status: int = 200
) -> Response:
    path = f"/editions/{edition.edition_id}"
    solves, what_ifs = await asyncio.gather(
        told(request, person, Service.SCHEDULING, f"{path}/solves"),
        told(request, person, Service.SCHEDULING, f"{path}/what-ifs"),
    )
    return desk(
        request,
        person,
        edition,
        "solves",
        status=status,
        section="timetable",
        solves=solves,
        what_ifs=what_ifs,
        form=form,
    )


async def _show(
    request: Request,
    person: Person,
    edition: Edition,
    solve_id: str,
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    solve = await _solve(request, person, edition.edition_id, solve_id)
    parties = await parties_of(request, edition.edition_id)
    form = form or Form()
    changed: Mapping[str, Any] | None = None
    if solve["state"] == "solved":
        path = f"/editions/{edition.edition_id}/solves/{solve_id}/difference"
        try:
            changed = read_difference(await told(request, person, Service.SCHEDULING, path), parties)
        except Refused as refused:  # what it was solved for has changed: it says so, and may not be published
            form.refuse(refused)
    return desk(
        request,
        person,
        edition,
        "solve",
        status=status,
        section="timetable",
        solve=solve,
        changed=changed,
        is_under_way=solve["state"] in UNDER_WAY,
        parties=parties,
        edition_id=edition.edition_id,
        form=form,
    )


async def _is_gone(request: Request, person: Person, edition_id: str, solve_id: str) -> bool:
    try:
        await _solve(request, person, edition_id, solve_id)
    except Refused as refused:
        return refused.status == HTTPStatus.NOT_FOUND
    return False


async def _solve(request: Request, person: Person, edition_id: str, solve_id: str) -> Mapping[str, Any]:
    solve: Mapping[str, Any] = await told(
        request, person, Service.SCHEDULING, f"/editions/{edition_id}/solves/{solve_id}"
    )
    return solve
