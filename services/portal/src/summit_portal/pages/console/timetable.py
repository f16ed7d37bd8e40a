"""The timetable: rooms by slots, its versions, what changed between them, and what has no place."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import Role
from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.scheduling import Placement
from summit_contracts.values import EditionId
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import SCHEDULERS, STAFF, back_to, desk, services_of, told
from summit_portal.pages.console.places import by_names, parties_of, read_difference
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()

Number = Annotated[int, Query(ge=1, le=2**31 - 1)]


@dataclass(frozen=True)
class Row:
    """One moment of a day at which meetings can begin, and those that do, by room."""

    start_at: datetime
    end_at: datetime | None
    """When the slot ends; none where the edition has no slot then any more."""
    open: Collection[str]
    """The rooms that could be used."""
    held: Mapping[str, Mapping[str, Placement]]
    """By room, the meetings and their places."""


@router.get("/console/{edition_id}/timetable")
async def board(
    request: Request,
    edition_id: EditionId,
    person: Annotated[Person, STAFF],
    version: Number | None = None,
    on: date | None = None,
) -> Response:
    """One day of one version, rooms by slots; what has no place; all versions."""
    edition = await edition_of(request, edition_id)
    return await _show(request, person, edition, version, on)


@router.get("/console/{edition_id}/timetable/difference")
async def difference(
    request: Request,
    edition_id: EditionId,
    person: Annotated[Person, STAFF],
    since: Number,
    version: Number,
) -> Response:
    """What changed from one version to another: from where, to where, why."""
    edition = await edition_of(request, edition_id)
    path = f"/editions/{edition_id}/timetables"
    changed, versions, parties = await asyncio.gather(
        told(request, person, Service.SCHEDULING, f"{path}/{version}/difference", since=since),
        told(request, person, Service.SCHEDULING, path),
        parties_of(request, edition_id),
    )
    return desk(
        request,
        person,
        edition,
        "difference",
        section="timetable",
        since=since,
        version=version,
        versions=versions,
        changed=read_difference(changed, parties),
        parties=parties,
    )


@router.post("/console/{edition_id}/timetable/{number}/roll-back")
async def roll_back(
    request: Request, edition_id: EditionId, number: int, person: Annotated[Person, SCHEDULERS]
) -> Response:
    """The version holds again, as far as it can, under a new number."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    path = f"/editions/{edition_id}/timetables/{number}/roll-back"
    try:
        await services_of(request).post(
            Service.SCHEDULING, path, token=person.token, idempotency_key=form.value("once")
        )
    except Refused as refused:
        return await _show(request, person, edition, number, None, refused=refused)
    return back_to(edition_id, "timetable", query="published=yes")


async def _show(
    request: Request,
    person: Person,
    edition: Edition,
    version: int | None,
    on: date | None,
    *,
    refused: Refused | None = None,
) -> Response:
    path = f"/editions/{edition.edition_id}"
    versions, slots, fairness, parties = await asyncio.gather(
        told(request, person, Service.SCHEDULING, f"{path}/timetables"),
        told(request, person, Service.SCHEDULING, f"{path}/slots"),
        told(request, person, Service.SCHEDULING, f"{path}/fairness"),
        parties_of(request, edition.edition_id),
    )
    shown: Mapping[str, Any] | None = None
    placements: Mapping[str, Placement] = {}
    unplaced: Mapping[str, str] = {}
    if versions:
        chosen = f"{path}/timetables/{version or versions[0]['number']}"
        placed: Mapping[str, Any]
        shown, placed = await asyncio.gather(
            told(request, person, Service.SCHEDULING, chosen),
            told(request, person, Service.SCHEDULING, f"{chosen}/placements"),
        )
        placements = {key: Placement.model_validate(one) for key, one in placed["placements"].items()}
        unplaced = placed["unplaced"]
    days = sorted({date.fromisoformat(one["on"]) for one in slots} | {one.on for one in placements.values()})
    day = on if on in days else next(iter(days), None)
    return desk(
        request,
        person,
        edition,
        "timetable",
        status=refused.status if refused else 200,
        refused=refused,
        versions=versions,
        shown=shown,
        unplaced={one: unplaced[one] for one in by_names(unplaced, parties)},
        days=days,
        day=day,
        rows=_rows(
            [one for one in slots if one["on"] == str(day)],
            {key: one for key, one in placements.items() if one.on == day},
        ),
        rooms=[room for room in edition.rooms if day in room.days],
        parties=parties,
        fairness=fairness,
        may_schedule=person.is_any_of((Role.SCHEDULING, Role.ADMIN)),
        is_published=request.query_params.get("published") == "yes",
    )


def _rows(slots: Sequence[Mapping[str, Any]], placements: Mapping[str, Placement]) -> list[Row]:
    """The slots in order of time; a meeting that begins in none of them has a row of its own."""
    known = {datetime.fromisoformat(one["start_at"]): one for one in slots}
    rows = []
    for start_at in sorted(set(known) | {one.start_at for one in placements.values()}):
        held: dict[str, dict[str, Placement]] = defaultdict(dict)
        for bilateral_id, placement in placements.items():
            if placement.start_at == start_at:
                held[placement.room][bilateral_id] = placement
        slot = known.get(start_at)
        end_at = datetime.fromisoformat(slot["end_at"]) if slot else None
        rows.append(Row(start_at, end_at, slot["rooms"] if slot else (), held))
    return rows
