"""A person settles a letter that the machine cannot: it had arrived after all, or it is to be sent again."""

from datetime import datetime

from summit_notifications.domain.delivery import Delivery
from summit_notifications.domain.errors import LetterForgotten, LetterUnknown
from summit_notifications.domain.ports import Kept, Unit


async def send_again(letter_id: str, *, unit: Unit, now: datetime) -> Delivery:
    """The letter waits to be sent anew.

    Raises:
        LetterUnknown: there is none.
        LetterForgotten: what it said was a secret, and is not kept.
        NotToBeDecided: it is on its way, or has arrived.
    """
    kept = await _held(letter_id, unit=unit)
    again = kept.delivery.to_be_sent_again(now)
    if kept.draft is None:
        raise LetterForgotten(letter_id)
    await unit.letters.save(again)
    return again


async def found_delivered(letter_id: str, *, unit: Unit) -> Delivery:
    """Nobody is in doubt any more: it had arrived.

    Raises:
        LetterUnknown: there is none.
        NotToBeDecided: nothing about it is uncertain.
    """
    after, fact = (await _held(letter_id, unit=unit)).delivery.found_delivered()
    await unit.letters.save(after)
    unit.stage(fact)
    return after


async def _held(letter_id: str, *, unit: Unit) -> Kept:
    held = await unit.letters.hold(letter_id)
    if letter_id not in held:
        raise LetterUnknown(letter_id)
    return held[letter_id]
