"""The probe's two services as `summit_chassis.service` runs services: with HTTP, health, dead letters and migrations.

python -m summit_testkit.probe.application serve     (as the publisher; PROBE_SERVICE=hearer makes it the hearer)
"""

import os
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, insert, select, update

from summit_chassis.answers import Body
from summit_chassis.http import Created, Door, etag, must_be_current, revision_named
from summit_chassis.identity import Caller, OpenToAll, Role, allow
from summit_chassis.service import Service, main
from summit_chassis.subscribers import Subscribers
from summit_contracts.errors import Conflicting
from summit_contracts.values import LongText
from summit_testkit.probe.services import (
    HEARER,
    PUBLISHER,
    ProbeSettings,
    ProbeUnit,
    hearing,
    metadata,
    notes,
    withdrawn,
)

router = APIRouter()


class NoteBody(Body):
    """What is noted about an invitee."""

    text: LongText


class NoteExists(Conflicting):
    """There is a note already."""

    slug = "note-exists"
    title = "There is a note already."


def _door(request: Request) -> Door[ProbeUnit]:
    door: Door[ProbeUnit] = request.app.state.door
    return door


DoorTo = Annotated[Door[ProbeUnit], Depends(_door)]
MayNote = Annotated[Caller, allow(Role.REGISTRATION, Role.NOMINATOR)]


@router.post("/editions/{edition_id}/notes/{invitee}", status_code=201)
async def make_note(
    request: Request, invitee: str, body: NoteBody, door: DoorTo, caller: MayNote
) -> Response:
    """A note is made and published."""

    async def make(unit: ProbeUnit) -> Created:
        connection = unit.transaction.connection
        known = await connection.execute(select(notes.c.invitee).where(notes.c.invitee == invitee))
        if known.one_or_none():
            raise NoteExists(f"{invitee} has one.", remedy="Change it.")
        await connection.execute(insert(notes).values(invitee=invitee, text=body.text, revision=1))
        unit.transaction.stage(withdrawn(body.text, invitee))
        return Created(body, f"/editions/probe/notes/{invitee}", revision=1)

    return await door.create(request, caller, make)


@router.put("/editions/{edition_id}/notes/{invitee}")
async def change_note(request: Request, invitee: str, body: NoteBody, door: DoorTo, _: MayNote) -> Response:
    """The note says something else, if nobody changed it since it was read."""
    named = revision_named(request)
    async with door.begin() as unit:
        connection = unit.transaction.connection
        query = select(notes.c.revision).where(notes.c.invitee == invitee).with_for_update()
        revision = (await connection.execute(query)).scalar_one()
        must_be_current(named, revision)
        change = update(notes).where(notes.c.invitee == invitee)
        await connection.execute(change.values(text=body.text, revision=revision + 1))
        unit.transaction.stage(withdrawn(body.text, invitee))
    return Response(body.model_dump_json(), 200, {"etag": etag(revision + 1)}, "application/json")


@router.get("/notes")
async def count_notes(door: DoorTo, _: OpenToAll) -> int:
    """How many notes there are."""
    async with door.begin() as unit:
        query = select(func.count()).select_from(notes)
        return int((await unit.transaction.connection.execute(query)).scalar_one())


publisher: Service[ProbeUnit] = Service(
    name=PUBLISHER,
    title="Probe: publisher",
    package="summit_testkit.probe",
    metadata=metadata,
    make_unit=ProbeUnit,
    routers=[router],
    subscribers=Subscribers(PUBLISHER),
)
hearer: Service[ProbeUnit] = Service(
    name=HEARER,
    title="Probe: hearer",
    package="summit_testkit.probe",
    metadata=metadata,
    make_unit=ProbeUnit,
    routers=[],
    subscribers=hearing(),
)

if __name__ == "__main__":
    main(hearer if os.environ.get("PROBE_SERVICE") == "hearer" else publisher, ProbeSettings)
