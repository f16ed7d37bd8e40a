"""A delegation's agenda: as data, and as a calendar that programs subscribe to."""

import secrets
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from summit_chassis.answers import Answer
from summit_chassis.identity import OpenToAll
from summit_contracts.scheduling import Placement
from summit_contracts.values import EditionId, InviteeCode, Language
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.handlers.feeds import agenda_of, close_feed, open_feed, read_feed
from summit_notifications.http.doors import DoorTo, Reader
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.icalendar import Organizer, agenda

router = APIRouter(prefix="/editions/{edition_id}", tags=["agenda"])

FeedSecret = Annotated[str, Path(min_length=40, max_length=60, pattern=r"^[A-Za-z0-9_-]+$")]


class MeetingAnswer(Answer):
    """One meeting of the delegation, as its calendar has it."""

    bilateral_id: str
    uid: str
    """Of its calendar entry, in letters and in the feed."""
    sequence: int
    is_cancelled: bool
    parties: tuple[str, ...]
    topic: str
    topic_language: Language
    placement: Placement
    changed_at: datetime

    @classmethod
    def of(cls, entry: CalendarEntry) -> "MeetingAnswer":
        """The meeting."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class AgendaAnswer(Answer):
    """When and where a delegation meets whom."""

    invitee: str
    time_zone: str
    meetings: list[MeetingAnswer]
    """By their start; cancelled ones too."""
    feed_opened_at: datetime | None
    """None while no calendar feed is open."""


class FeedAnswer(Answer):
    """Where calendar programs find the agenda. Whoever knows it reads it: it is said once and kept nowhere."""

    secret: str
    path: str
    """Below this service's address."""
    opened_at: datetime


@router.get("/agendas/{invitee}")
async def show_agenda(
    edition_id: EditionId, invitee: InviteeCode, door: DoorTo, caller: Reader
) -> AgendaAnswer:
    """The meetings of the delegation as the last timetable and what came after have them."""
    caller.must_act_for(edition_id, invitee)
    async with door.begin() as unit:
        found = await agenda_of(edition_id, invitee, unit=unit)
        feed = await unit.feeds.of(edition_id, invitee)
    return AgendaAnswer(
        invitee=invitee,
        time_zone=found.edition.time_zone,
        meetings=[MeetingAnswer.of(entry) for entry in found.entries],
        feed_opened_at=feed.opened_at if feed else None,
    )


@router.put("/agendas/{invitee}/feed")
async def open_it(edition_id: EditionId, invitee: InviteeCode, door: DoorTo, caller: Reader) -> FeedAnswer:
    """A new address opens the agenda; the one before opens nothing any more."""
    caller.must_act_for(edition_id, invitee)
    secret = secrets.token_urlsafe(32)
    async with door.begin() as unit:
        feed = await open_feed(edition_id, invitee, secret=secret, unit=unit, now=door.now())
    path = f"/editions/{edition_id}/feeds/{secret}/agenda.ics"
    return FeedAnswer(secret=secret, path=path, opened_at=feed.opened_at)


@router.delete("/agendas/{invitee}/feed", status_code=204)
async def close_it(edition_id: EditionId, invitee: InviteeCode, door: DoorTo, caller: Reader) -> None:
    """No address opens the agenda."""
    caller.must_act_for(edition_id, invitee)
    async with door.begin() as unit:
        await close_feed(edition_id, invitee, unit=unit)


@router.get(
    "/feeds/{secret}/agenda.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
async def subscribe(
    request: Request,
    edition_id: EditionId,
    secret: FeedSecret,
    door: DoorTo,
    _: OpenToAll,
    language: Language = Language.ENGLISH,
) -> Response:
    """The agenda that the secret opens, for calendar programs; times are UTC, and entries are those that letters bring."""
    async with door.begin() as unit:
        found = await read_feed(edition_id, secret, unit=unit)
    frame = Frame.of(found.edition, request.app.state.portal_url)
    organizer: Organizer = request.app.state.organizer
    text = agenda(found.entries, found.invitee, organizer, frame, language)
    headers = {"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
    return Response(text, media_type="text/calendar", headers=headers)
