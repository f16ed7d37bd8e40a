"""What operators may do to any service: see its dead letters and have them applied again, and compare its counts."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from summit_chassis.deadletters import DeadLetter, DeadLetters
from summit_chassis.identity import Caller, Role, allow
from summit_contracts.errors import Unknown

admin_routes = APIRouter(prefix="/admin", tags=["operations"])


class NoSuchDeadLetter(Unknown):
    """No dead letter has this id."""

    slug = "no-such-dead-letter"
    title = "There is no such dead letter."


class DeadLetterSummary(BaseModel):
    """A message that was set aside."""

    dead_letter_id: str
    state: str
    stream: str
    seq: int
    subject: str
    reason: str
    attempts: int
    died_at: datetime
    asked_by: str | None = None
    """Who asked last for it to be applied again."""
    asked_at: datetime | None = None


class DeadLetterDetail(DeadLetterSummary):
    """A message that was set aside, with the original."""

    headers: dict[str, str]
    payload_base64: str


class Marked(BaseModel):
    """How many dead letters will be applied again."""

    marked: int


@admin_routes.get("/dead-letters")
async def list_dead_letters(
    request: Request,
    _: Annotated[Caller, allow(Role.ADMIN)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[DeadLetterSummary]:
    """Everything that was set aside and still waits, the oldest first."""
    letters = await _dead_letters(request).open_letters(limit)
    return [DeadLetterSummary(**_fields(letter, DeadLetterSummary)) for letter in letters]


@admin_routes.get("/dead-letters/{dead_letter_id}")
async def show_dead_letter(
    request: Request, dead_letter_id: str, _: Annotated[Caller, allow(Role.ADMIN)]
) -> DeadLetterDetail:
    """One of them with the original envelope."""
    letter = await _dead_letters(request).find(dead_letter_id)
    if letter is None:
        raise NoSuchDeadLetter(
            f"No dead letter has the id {dead_letter_id}.", remedy="List them to see which there are."
        )
    return DeadLetterDetail(
        **_fields(letter, DeadLetterSummary),
        headers=letter.headers,
        payload_base64=b64encode(letter.payload).decode(),
    )


@admin_routes.post("/dead-letters/{dead_letter_id}/replay", status_code=202)
async def replay_dead_letter(
    request: Request, dead_letter_id: str, caller: Annotated[Caller, allow(Role.ADMIN)]
) -> Marked:
    """It will be applied again within seconds, with all that waits behind it; who asked for it is kept with it."""
    marked = await _dead_letters(request).mark_for_replay(dead_letter_id, by=caller.account)
    if not marked:
        raise NoSuchDeadLetter(
            f"No dead letter of id {dead_letter_id} waits.", remedy="List them to see which there are."
        )
    return Marked(marked=marked)


@admin_routes.post("/dead-letters/replay", status_code=202)
async def replay_all_dead_letters(request: Request, caller: Annotated[Caller, allow(Role.ADMIN)]) -> Marked:
    """All of them will be applied again within seconds; who asked for it is kept with each."""
    return Marked(marked=await _dead_letters(request).mark_for_replay(by=caller.account))


def _dead_letters(request: Request) -> DeadLetters:
    return DeadLetters(request.app.state.database)


def _fields(letter: DeadLetter, model: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in model.model_fields}
