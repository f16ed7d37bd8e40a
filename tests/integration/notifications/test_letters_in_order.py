"""Letters are listed by when they were written, the newest first, and page by page none twice and none left out."""

from typing import Any

import pytest
from sqlalchemy import text

from summit_testkit.desk import Desk

LETTERS = "/editions/uncops-2022/letters"
COLUMNS = (
    "edition_id, letter, invitee, member_id, cause, audience, part, content, state, due_at, void_at,"
    " attempts, is_last_attempt, recipients"
)
HOURS_LATER = {"b": 1, "c": 1, "a": 2, "e": 3, "d": 3}
"""By id, how long after the first letter a copy of it was written: neither in the order of ids nor each at another moment."""
NEWEST_FIRST = ["e", "d", "a", "c", "b"]


@pytest.fixture
async def five_more(notifications_with_a_letter: Desk) -> tuple[Desk, str]:
    """Notifications with a letter, whose id is told, and five that were written later."""
    (first,) = (await notifications_with_a_letter.ask("GET", LETTERS)).json()["items"]
    copied = text(
        f"INSERT INTO letters (letter_id, written_at, {COLUMNS})"  # noqa: S608  # names of columns
        f" SELECT :id, written_at + make_interval(hours => :hours), {COLUMNS} FROM letters WHERE letter_id = :first"
    )
    async with notifications_with_a_letter.database.engine.begin() as connection:
        for letter_id, hours in HOURS_LATER.items():
            await connection.execute(copied, {"id": letter_id, "hours": hours, "first": first["letter_id"]})
    return notifications_with_a_letter, first["letter_id"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("sought", [{}, {"to": "KE"}, {"state": "queued"}], ids=["all", "to", "state"])
async def test_letters_are_listed_the_newest_first(
    five_more: tuple[Desk, str], limit: int, sought: dict[str, str]
) -> None:
    notifications, first = five_more
    listed: list[str] = []
    asked: dict[str, Any] = {**sought, "limit": limit}
    while True:
        page = (await notifications.ask("GET", LETTERS, params=asked)).json()
        listed += [one["letter_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert listed == [*NEWEST_FIRST, first]
