"""Letters: listed, looked at, settled; and any letter in any language, to see how it reads."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from summit_chassis.answers import Listing, listing
from summit_contracts.values import EditionId, InviteeCode, Key, Language
from summit_notifications.domain.delivery import DeliveryState
from summit_notifications.domain.draft import Letter
from summit_notifications.handlers import queries
from summit_notifications.handlers.decide_letter import found_delivered, send_again
from summit_notifications.http.doors import Counter, DoorTo, Operator, Reader, Staff
from summit_notifications.http.schemas import CountsAnswer, LetterAnswer, MailAnswer, WordsAnswer
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.preview import preview
from summit_notifications.letters.writer import Writer

router = APIRouter(tags=["letters"])


@router.get("/editions/{edition_id}/letters")
async def list_letters(
    edition_id: EditionId,
    door: DoorTo,
    caller: Reader,
    to: InviteeCode | None = None,
    state: DeliveryState | None = None,
    cursor: Key | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Listing[LetterAnswer]:
    """Letters, the newest first, and how far each has come; a nominator sees those to its own invitee."""
    if caller.invitee is not None:
        to = to or caller.invitee
    caller.must_act_for(edition_id, to or "")
    async with door.begin() as unit:
        page = await queries.letters(
            edition_id, unit=unit, invitee=to, state=state, after=cursor, limit=limit
        )
    return listing(page, LetterAnswer.of)


@router.get("/editions/{edition_id}/letters/{letter_id}")
async def show_letter(edition_id: EditionId, letter_id: Key, door: DoorTo, caller: Reader) -> LetterAnswer:
    """One letter and how far it has come."""
    async with door.begin() as unit:
        kept = await queries.letter(edition_id, letter_id, unit=unit)
    caller.must_act_for(edition_id, kept.delivery.invitee)
    return LetterAnswer.of(kept)


@router.get("/editions/{edition_id}/letters/{letter_id}/words")
async def say_again(
    request: Request,
    edition_id: EditionId,
    letter_id: Key,
    door: DoorTo,
    caller: Reader,
    language: Language = Language.ENGLISH,
) -> WordsAnswer:
    """What the letter says, in this language, by its own invitee's nominator or the secretariat; never a secret."""
    async with door.begin() as unit:
        kept = await queries.letter(edition_id, letter_id, unit=unit)
        caller.must_act_for(edition_id, kept.delivery.invitee)
        legible = await queries.legible(kept, unit=unit)
    draft = legible.draft
    words = Writer(Frame.of(legible.edition, request.app.state.portal_url)).write(
        draft.letter,
        draft.content,
        language,
        invitee=draft.invitee,
        letter_id=letter_id,
        person=legible.person,
    )
    return WordsAnswer(
        letter_id=letter_id,
        letter=draft.letter.value,
        language=language,
        subject=words.subject,
        text=words.text,
    )


@router.post("/editions/{edition_id}/letters/{letter_id}/resend")
async def resend(edition_id: EditionId, letter_id: Key, door: DoorTo, _: Operator) -> LetterAnswer:
    """The letter that failed, came back or is uncertain is sent anew."""
    async with door.begin() as unit:
        kept = await queries.letter(edition_id, letter_id, unit=unit)
        delivery = await send_again(letter_id, unit=unit, now=door.now())
    return LetterAnswer.after(delivery, kept.written_at)


@router.post("/editions/{edition_id}/letters/{letter_id}/found-delivered")
async def settle(edition_id: EditionId, letter_id: Key, door: DoorTo, _: Operator) -> LetterAnswer:
    """Somebody looked: the uncertain letter had arrived."""
    async with door.begin() as unit:
        kept = await queries.letter(edition_id, letter_id, unit=unit)
        delivery = await found_delivered(letter_id, unit=unit)
    return LetterAnswer.after(delivery, kept.written_at)


@router.get("/editions/{edition_id}/counts")
async def count(edition_id: EditionId, door: DoorTo, _: Counter) -> CountsAnswer:
    """What notifications itself counts, for comparing with its facts."""
    async with door.begin() as unit:
        return CountsAnswer.of(await queries.census(edition_id, unit=unit))


@router.get("/letters/preview/{letter}")
async def preview_letter(letter: Letter, _: Staff, language: Language = Language.ENGLISH) -> MailAnswer:
    """The letter in this language, written from examples."""
    return MailAnswer.of(preview(letter, language))
