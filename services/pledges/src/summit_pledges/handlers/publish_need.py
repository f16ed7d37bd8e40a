"""The secretariat publishes what UN Police needs, changes it, or says that it is met."""

from summit_contracts.promises import Need
from summit_contracts.values import Key
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.ports import Unit
from summit_pledges.handlers.command import Command, NeedCommand
from summit_pledges.handlers.desk import TAXONOMY, edition, held_need


class PublishNeed(Command):
    """This is needed."""

    need_id: Key
    need: Need


class ChangeNeed(NeedCommand):
    """This is needed instead."""

    need: Need


class CloseNeed(NeedCommand):
    """It is met, or no longer required."""


async def publish_need(command: PublishNeed, *, unit: Unit) -> PublishedNeed:
    """The need is open, and everybody hears of it.

    Raises:
        EditionUnknown: no such edition was published.
        Invalid: a code means nothing; see `check_need`.
    """
    await edition(command.edition_id, unit=unit)
    need, fact = PublishedNeed.publish(
        command.need, edition_id=command.edition_id, need_id=command.need_id, taxonomy=TAXONOMY
    )
    await unit.needs.add(need)
    unit.stage(fact)
    return need


async def change_need(command: ChangeNeed, *, unit: Unit) -> PublishedNeed:
    """The need says something else.

    Raises:
        NeedUnknown, PledgeChanged, NeedClosed, NothingChanged: there is nothing to change.
        Invalid: a code means nothing; see `check_need`.
    """
    need, fact = (await held_need(command, unit=unit)).change(command.need, taxonomy=TAXONOMY)
    await unit.needs.save(need)
    unit.stage(fact)
    return need


async def close_need(command: CloseNeed, *, unit: Unit) -> PublishedNeed:
    """Nobody can pledge to it any more; pledges that answer it stay.

    Raises:
        NeedUnknown, PledgeChanged, NeedClosed: there is nothing to close.
    """
    need, fact = (await held_need(command, unit=unit)).close()
    await unit.needs.save(need)
    unit.stage(fact)
    return need
