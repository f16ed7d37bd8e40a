"""The outbox: every letter and how far it has come, what it says in each language, and what to do about those that failed."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import Role
from summit_contracts.fact import Service
from summit_contracts.values import EditionId, Key, Language
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import ADMINISTRATORS, STAFF, back_to, desk, services_of, told
from summit_portal.shell.heard import edition_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()


TROUBLED: Final = ("failed", "bounced", "uncertain")
"""States that a person looks into."""
_DECIDED: Final = "letter-not-to-be-decided"


@router.get("/console/{edition_id}/letters")
async def outbox(  # one parameter for each part of the address
    request: Request,
    edition_id: EditionId,
    person: Annotated[Person, STAFF],
    to: Annotated[str, Query(max_length=24)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Letters, the newest first, filtered by whom they go to and how far they are, and counts of all."""
    edition = await edition_of(request, edition_id)
    path = f"/editions/{edition_id}/letters"
    found, counts = await asyncio.gather(
        told(request, person, Service.NOTIFICATIONS, path, to=to, state=state, cursor=cursor, limit=50),
        told(request, person, Service.NOTIFICATIONS, f"/editions/{edition_id}/counts"),
    )
    return desk(
        request,
        person,
        edition,
        "letters",
        letters=found["items"],
        following=found["next_cursor"],
        counts=counts,
        to=to,
        sought_state=state,
        kinds=sorted(counts["by_letter"]),
    )


@router.get("/console/{edition_id}/letters/{letter_id}")
async def show(
    request: Request,
    edition_id: EditionId,
    letter_id: Key,
    person: Annotated[Person, STAFF],
    language: str,
    say_in: Annotated[Language | None, Query(alias="in")] = None,
) -> Response:
    """One letter, how far it has come, and what it says, in any language."""
    edition = await edition_of(request, edition_id)
    path = f"/editions/{edition_id}/letters/{letter_id}"
    letter = await told(request, person, Service.NOTIFICATIONS, path)
    chosen = (say_in or Language(letter["language"] or language)).value
    words: Mapping[str, Any] | None = None
    refusal: Refused | None = None
    try:
        words = await told(request, person, Service.NOTIFICATIONS, f"{path}/words", language=chosen)
    except Refused as refused:  # e.g. a letter with a secret in it is told to nobody
        refusal = refused
    return desk(
        request,
        person,
        edition,
        "letter",
        section="letters",
        letter=letter,
        words=words,
        refusal=refusal,
        chosen=chosen,
        may_settle=person.is_any_of((Role.ADMIN,)) and letter["state"] in TROUBLED,
    )


@router.post("/console/{edition_id}/letters/{letter_id}/{action}")
async def settle(
    request: Request,
    edition_id: EditionId,
    letter_id: Key,
    action: Literal["resend", "found-delivered"],
    person: Annotated[Person, ADMINISTRATORS],
) -> Response:
    """The letter is sent anew, or known to have arrived; one about which nothing is to be decided any more is shown as it is."""
    path = f"/editions/{edition_id}/letters/{letter_id}/{action}"
    try:
        await services_of(request).post(Service.NOTIFICATIONS, path, token=person.token)
    except Refused as refused:
        if refused.slug != _DECIDED:
            raise
    return back_to(edition_id, "letters", letter_id)


@router.get("/console/{edition_id}/previews/{letter}")
async def preview(
    request: Request,
    edition_id: EditionId,
    letter: Key,
    person: Annotated[Person, STAFF],
    language: str,
    say_in: Annotated[Language | None, Query(alias="in")] = None,
) -> Response:
    """How letters of this kind read in one of the six languages, written from examples."""
    edition = await edition_of(request, edition_id)
    chosen = (say_in or Language(language)).value
    mail = await told(request, person, Service.NOTIFICATIONS, f"/letters/preview/{letter}", language=chosen)
    return desk(request, person, edition, "preview", section="letters", kind=letter, mail=mail, chosen=chosen)
