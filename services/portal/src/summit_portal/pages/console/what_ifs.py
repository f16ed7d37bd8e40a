"""What if? The secretariat's rulings: those in force, and others that are tried before they hold."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.values import EditionId
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import SCHEDULERS, back_to, desk, services_of, told
from summit_portal.pages.console.places import by_names, parties_of
from summit_portal.shell import numbers
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person
from summit_portal.shell.speech import gettext as _

router = page_router()

_MOMENTS: Final = ("start_at", "end_at")
LISTS: Final = ("closures", "absences", "duties", "vetoes", "pins")


class NotSaid(Exception):
    """A ruling cannot be made of what was typed; by field, what to do about it."""

    def __init__(self, why: str, *fields: str) -> None:
        self.words = dict.fromkeys(fields, why)
        super().__init__(", ".join(fields))


@router.get("/console/{edition_id}/what-ifs")
async def show(request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]) -> Response:
    """The rulings in force, and a form for others."""
    return await _show(request, person, await edition_of(request, edition_id), Form())


@router.post("/console/{edition_id}/what-ifs")
async def rule(request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]) -> Response:
    """The rulings as chosen are tried, or put in force at once."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    path = f"/editions/{edition_id}"
    in_force = await told(request, person, Service.SCHEDULING, f"{path}/rulings")
    try:
        rulings = chosen(in_force, form, edition.time_zone)
    except NotSaid as fault:
        form.object_to(fault.words)
        return await _show(request, person, edition, form, status=422)
    try:
        if form.value("action") == "rule":
            await _put_in_force(request, person, edition_id, rulings, form.value("seen"))
            return back_to(edition_id, "what-ifs", query="ruled=yes")
        answer = await services_of(request).post(
            Service.SCHEDULING,
            f"{path}/what-ifs",
            token=person.token,
            json={"rulings": rulings, "seconds": numbers.whole(form.value("seconds"))},
            if_match=form.value("seen"),
            idempotency_key=form.value("once"),
        )
    except Refused as refused:
        form.refuse(refused, added(rulings, form))
        form.explain(numbers.misread_whole(form, "seconds"))
        return await _show(request, person, edition, form, status=refused.status)
    return back_to(edition_id, "solves", answer.body["solve_id"])


async def _put_in_force(
    request: Request, person: Person, edition_id: str, rulings: Mapping[str, Any], seen: str
) -> None:
    """The rulings hold; where the same form has put them in force before, nothing happens.

    Raises:
        Refused: as scheduling says.
    """
    path, token = f"/editions/{edition_id}/rulings", person.token
    try:
        await services_of(request).ask(
            Service.SCHEDULING, "PUT", path, token=token, json=rulings, if_match=seen
        )
    except Refused as refused:
        if not refused.is_late:
            raise
        now = await told(request, person, Service.SCHEDULING, path)
        if _meaning(rulings) != _meaning(now):
            raise


def chosen(in_force: Mapping[str, Any], form: Form, time_zone: str) -> dict[str, Any]:
    """The rulings in force that were kept, and the new ones.

    Raises:
        NotSaid: one was begun and not finished, or cannot be read.
    """
    kept: dict[str, Any] = {
        kind: [one for one in in_force[kind] if said(kind, one) not in form.all("lift")] for kind in LISTS
    }
    kept["weights"] = {
        key: times
        for key, times in in_force["weights"].items()
        if said("weights", [key, times]) not in form.all("lift")
    }
    if closed := _during(form, "room", "room", time_zone):
        kept["closures"].append(closed)
    if away := _during(form, "invitee", "away", time_zone):
        kept["absences"].append(away)
    if moved := _during(form, "code", "duty", time_zone):
        former = [one for one in kept["duties"] if one["code"] != moved["code"]]
        kept["duties"] = [*former, moved]
    if pair := _whole(form, "one", "other"):
        kept["vetoes"].append([pair["one"], pair["other"]])
    if pin := _whole(form, "pinned", "start_at"):
        kept["pins"].append({"bilateral_id": pin["pinned"], "start_at": pin["start_at"]})
    if weighed := _whole(form, "weighed", "times"):
        kept["weights"][weighed["weighed"]] = numbers.whole(weighed["times"])
    return kept


def added(rulings: Mapping[str, Any], form: Form) -> dict[str, str]:
    """The field in which that was chosen which is the last of its list."""
    fields = {
        "closures": ("room", ".room"),
        "duties": ("code", ".code"),
        "vetoes": ("one", ""),
        "pins": ("pinned", ""),
    }
    return {
        f"{kind}[{len(rulings[kind]) - 1}]{part}": name
        for kind, (name, part) in fields.items()
        if form.value(name)
    }


def said(kind: str, ruling: Any) -> str:
    """What the form calls a ruling: all that it says, because its place in the list changes with every other's."""
    return json.dumps([kind, ruling], sort_keys=True, separators=(",", ":"))


def _meaning(rulings: Mapping[str, Any]) -> set[tuple[str, Any]]:
    """All that is ruled, in whatever order and however its moments are written."""
    weights = {("weights", one) for one in rulings["weights"].items()}
    return {(kind, _plain(one)) for kind in LISTS for one in rulings[kind]} | weights


def _plain(ruling: Any) -> Any:
    match ruling:
        case dict():
            return frozenset(
                (name, datetime.fromisoformat(value) if name in _MOMENTS else _plain(value))
                for name, value in ruling.items()
            )
        case list():
            return frozenset(ruling)
        case _:
            return ruling


def _whole(form: Form, *names: str) -> dict[str, str] | None:
    """What was said in these fields; none where nothing was said in any.

    Raises:
        NotSaid: something was said in some of them, and nothing in others.
    """
    whole = {name: form.value(name) for name in names}
    if not any(whole.values()):
        return None
    if missing := [name for name in names if not whole[name]]:
        raise NotSaid(_("This is missing."), *missing)
    return whole


def _during(form: Form, what: str, when: str, time_zone: str) -> dict[str, Any] | None:
    """What that field names, from one time of day to another where the summit is held; none where nothing was said.

    Raises:
        NotSaid: something is missing, is no day or time of day, or the end does not lie after the beginning.
    """
    on, start, end = (f"{when}_{one}" for one in ("on", "from", "to"))
    whole = _whole(form, what, on, start, end)
    if whole is None:
        return None
    day = _read(form, on, date.fromisoformat)
    begins, ends = (
        datetime.combine(day, _read(form, at, time.fromisoformat), ZoneInfo(time_zone)) for at in (start, end)
    )
    if ends <= begins:
        raise NotSaid(_("The end must lie after the beginning."), end)
    return {
        what: whole[what],
        "interval": {"start_at": begins.isoformat(), "end_at": ends.isoformat()},
    }


def _read(form: Form, name: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(form.value(name))
    except ValueError as fault:
        raise NotSaid(_("Write a day as 2022-09-01 and a time as 14:30."), name) from fault


async def _show(
    request: Request, person: Person, edition: Edition, form: Form, *, status: int = 200
) -> Response:
    path = f"/editions/{edition.edition_id}"
    answer, slots, parties = await asyncio.gather(
        services_of(request).get(Service.SCHEDULING, f"{path}/rulings", token=person.token),
        told(request, person, Service.SCHEDULING, f"{path}/slots"),
        parties_of(request, edition.edition_id),
    )
    return desk(
        request,
        person,
        edition,
        "what_ifs",
        status=status,
        section="timetable",
        rulings=answer.body,
        # Who was told of another's rulings decides on them from here on.
        seen=answer.etag if status == HTTPStatus.PRECONDITION_FAILED else form.value("seen") or answer.etag,
        said=said,
        parties={one: parties[one] for one in by_names(parties, parties)},
        days=list(dict.fromkeys(date.fromisoformat(one["on"]) for one in slots)),
        duties={one.code: one for one in edition.obligations if one.code},
        starts=[datetime.fromisoformat(one["start_at"]) for one in slots],
        instant=datetime.fromisoformat,
        form=form,
        is_ruled=request.query_params.get("ruled") == "yes",
    )
