"""Why a message is dead is said without the persons that are in it."""

from sqlalchemy.exc import IntegrityError

from summit_chassis.database import Database
from summit_chassis.deadletters import reason_of

NAME = "Jane Wanjiru"


def test_of_what_a_database_says_no_value_is_repeated() -> None:
    original = Exception(f'a key is there already "one_head"\nDETAIL:  Key (person)=({NAME}) already exists.')
    failure = IntegrityError("INSERT INTO members", {"person": NAME}, original, hide_parameters=True)
    assert NAME in str(failure)
    reason = reason_of(failure)
    assert NAME not in reason
    assert "one_head" in reason


async def test_no_failure_of_a_statement_says_what_was_to_be_written() -> None:
    database = Database("postgresql+asyncpg://nobody:x@127.0.0.1:1/none", service="probe")
    assert database.engine.sync_engine.hide_parameters
    await database.dispose()
