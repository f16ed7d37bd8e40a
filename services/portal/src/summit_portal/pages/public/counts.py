"""What the portal counts, for whoever compares it with the streams."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request

from summit_chassis.answers import Answer
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_portal.shell.heard import reader_of

router = APIRouter(tags=["read model"])


class Counts(Answer):
    """How many things the read model holds for one edition."""

    participations: int
    meetings: int
    timetables: int
    needs: int
    pledges: int
    adherences: int
    letters: int


@router.get("/editions/{edition_id}/counts")
async def counts(
    request: Request, edition_id: str, _: Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]
) -> Counts:
    """What the read model holds, counted."""
    found = await reader_of(request).counts(edition_id)
    return Counts(
        participations=found.get("participation", 0),
        meetings=found.get("meeting", 0),
        timetables=found.get("timetable", 0),
        needs=found.get("need", 0),
        pledges=found.get("pledge", 0),
        adherences=found.get("adherence", 0),
        letters=found.get("letter", 0),
    )
