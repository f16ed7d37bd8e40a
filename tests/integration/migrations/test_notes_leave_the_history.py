"""A database whose history holds notes of the secretariat loses them, and nothing else, when it is migrated."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis import migrations
from summit_registration.app import service

BEFORE = "20261125151200"
NOTED = {
    "delegate_held": "Interpol notice?",
    "delegate_released": "No notice.",
    "delegate_cleared": "No notice at all.",
    "delegate_accredited": "A word more.",
    "delegate_refused": "There is a notice.",
}
SAID = {"member_replaced": "Illness", "delegate_refused": "over_quota", "delegation_withdrawn": None}
_STOOD = text("""
    INSERT INTO history (edition_id, invitee, at, by, action, why, fields, revision)
    VALUES ('uncops-2022', 'KE', now(), 'secretariat/test', :action, :why, '[]', 1)
""")


async def test_notes_of_the_secretariat_leave_the_history_and_reasons_stay(database_url: str) -> None:
    await migrations.upgrade(database_url, service.versions, service.metadata)
    engine = create_async_engine(database_url)
    stood = [*NOTED.items(), *SAID.items()]
    try:
        async with engine.begin() as connection:
            await connection.execute(_STOOD, [{"action": action, "why": why} for action, why in stood])
            await connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": BEFORE})
        await migrations.upgrade(database_url, service.versions, service.metadata)
        async with engine.connect() as connection:
            kept = await connection.execute(text("SELECT action, why FROM history ORDER BY place"))
            assert [tuple(row) for row in kept] == [*((action, None) for action in NOTED), *SAID.items()]
    finally:
        await engine.dispose()
