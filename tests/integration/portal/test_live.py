"""Whoever looks on sees every fact once, in order, from wherever they were cut off."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.testing import HAPPENED_AT, examples_of
from summit_portal.live import board as live
from summit_portal.live.board import Board
from summit_portal.readmodel.figures import Figures
from summit_portal.readmodel.happenings import Happening, Happenings
from summit_portal.readmodel.reader import Reader
from summit_portal.readmodel.unit import ReadModelUnit
from summit_testkit.desk import Desk
from summit_testkit.eventually import eventually

PUBLIC = [fact for fact in FACTS if fact.STREAM is not Stream.PERSONAL]
EXAMPLES = [example for fact in PUBLIC for example in examples_of(fact)]
EDITION = "uncops-2022"


def board_of(portal: Desk) -> Board:
    return Board(Happenings(portal.database), Reader(portal.database))


async def everything(portal: Desk) -> Sequence[Happening]:
    return await Happenings(portal.database).after(0, most=10_000, edition_id=EDITION)


async def heard(board: Board, after: int | None, into: list[Happening], stopping: asyncio.Event) -> None:
    async for came in board.facts(EDITION, after, stopping):
        into.extend(came)


async def test_facts_that_are_written_side_by_side_are_all_seen_in_the_order_of_their_numbers(
    portal: Desk,
) -> None:
    board, stopping, seen = board_of(portal), asyncio.Event(), list[Happening]()
    following = asyncio.create_task(heard(board, 0, seen, stopping))

    async def write(edition_id: str) -> None:
        for number in range(25):
            async with portal.database.transaction() as transaction:
                unit = ReadModelUnit(transaction)
                for _ in range(number % 3):  # some are slower than others that began later
                    await transaction.connection.execute(text("SELECT 1"))
                for fact in EXAMPLES[:3]:
                    unit._noted.append(noted(edition_id, f"{edition_id}-{number}", fact.TYPE))

    await asyncio.gather(*(write(EDITION) for _ in range(6)))

    async def all_seen() -> None:
        assert len(seen) == 6 * 25 * 3

    await eventually(all_seen)
    assert [one.seq for one in seen] == [one.seq for one in await everything(portal)]
    stopping.set()
    await following


def noted(edition_id: str, event_id: str, type_: str) -> dict[str, object]:
    return {
        "edition_id": edition_id,
        "type": type_,
        "event_id": event_id,
        "about": "test",
        "happened_at": HAPPENED_AT,
    }


@pytest.mark.parametrize("remembered", [3, 2_000])
async def test_from_every_number_on_the_rest_comes_without_gap_or_double(
    portal: Desk, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(live, "_REMEMBERED", remembered)
    monkeypatch.setattr(live, "_AT_ONCE", 7)
    await portal.hear(*EXAMPLES)
    wanted = await everything(portal)
    board, stopping = board_of(portal), asyncio.Event()
    places = [0, *(one.seq for one in wanted[::5])]
    seen: dict[int, list[Happening]] = {place: [] for place in places}
    following = [asyncio.create_task(heard(board, place, seen[place], stopping)) for place in places]
    await portal.hear(*EXAMPLES)  # while they look
    wanted = await everything(portal)

    async def all_seen() -> None:
        for place in places:
            assert seen[place] == [one for one in wanted if one.seq > place]

    await eventually(all_seen)
    stopping.set()
    await asyncio.gather(*following)


async def test_figures_come_at_once_and_again_when_they_change(portal: Desk) -> None:
    board, stopping, said = board_of(portal), asyncio.Event(), list[Figures]()

    async def look() -> None:
        async for one in board.figures(EDITION, stopping):
            if one:
                said.append(one[1])

    looking = asyncio.create_task(look())

    async def said_times(count: int) -> None:
        assert len(said) == count, said

    await eventually(lambda: said_times(1))
    assert said[0].pledges == 0
    pledge = next(one for one in EXAMPLES if type(one).__name__ == "PledgeMade")
    await portal.hear(pledge)
    await eventually(lambda: said_times(2))
    assert said[1].pledges == 1
    stopping.set()
    await looking


async def test_the_database_away_for_a_while_costs_nobody_a_fact(portal: Desk) -> None:
    board, stopping, seen = board_of(portal), asyncio.Event(), list[Happening]()
    following = asyncio.create_task(heard(board, 0, seen, stopping))
    await portal.hear(*EXAMPLES[:5])
    async with portal.database.engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    async def rest_is_heard() -> None:
        try:
            await portal.hear(*EXAMPLES[5:])
        except DBAPIError:
            portal.forget_telling(*EXAMPLES[5:])
            raise

    await eventually(rest_is_heard)
    wanted = await everything(portal)

    async def all_seen() -> None:
        assert seen == wanted

    await eventually(all_seen)
    stopping.set()
    await following
