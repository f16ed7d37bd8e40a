"""Public pages are kept while nothing changes: what was heard is seen at once, and nobody sees what is another's."""

import asyncio
from typing import cast

from sqlalchemy import text
from starlette.responses import Response

from summit_contracts.pledges import PledgeMade
from summit_contracts.registration import EditionPublished
from summit_contracts.testing import examples_of
from summit_portal.readmodel.revision import Revision
from summit_portal.shell.session import Sessions
from summit_testkit.desk import Desk, token
from summit_testkit.eventually import eventually

PUBLISHED = cast("EditionPublished", examples_of(EditionPublished).full)
PLEDGE = cast("PledgeMade", examples_of(PledgeMade).full)
EDITION = PUBLISHED.edition_id
SHOWN = f"/en/{EDITION}/pledges"
_CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def seen(portal: Desk, path: str = SHOWN, **headers: str) -> str:
    """What a visitor without a token reads there."""
    answer = await portal.ask("GET", path, anonymous=True, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_what_was_heard_is_seen_by_who_comes_next(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    for number in range(5):
        said = PLEDGE.model_copy(update={"pledge_id": f"P-{number}"})
        assert f"P-{number}" not in await seen(portal)
        await portal.hear(said)
        for path in (SHOWN, f"{SHOWN}?pledger={PLEDGE.pledger}", f"/data/{EDITION}/pledges.json"):
            assert f"P-{number}" in await seen(portal, path), path


async def test_a_page_that_did_not_change_is_not_sent_twice(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    first = await portal.ask("GET", SHOWN, anonymous=True)
    known = {"if-none-match": first.headers["etag"]}
    again = await portal.ask("GET", SHOWN, anonymous=True, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    await portal.hear(PLEDGE)
    assert (await portal.ask("GET", SHOWN, anonymous=True, headers=known)).status_code == 200


async def test_nothing_of_somebody_who_is_signed_in_is_shown_to_others(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    answer = Response()
    Sessions("k" * 32, is_secure=False).sign_in(answer, token())
    cookie = answer.headers["set-cookie"].partition(";")[0]
    for path in (f"/en/{EDITION}", SHOWN, "/en/stream"):
        for _ in range(2):  # in either order
            own, everybodys = await seen(portal, path, cookie=cookie), await seen(portal, path)
            assert "Sign out" in own
            assert 'name="csrf"' in own
            assert "Sign out" not in everybodys
            assert 'name="csrf"' not in everybodys


async def test_the_same_address_in_another_language_is_another_page(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    assert 'lang="ar" dir="rtl"' in await seen(portal, f"/ar/{EDITION}")
    assert 'lang="fr" dir="ltr"' in await seen(portal, f"/fr/{EDITION}")


async def test_nobody_is_told_a_number_that_was_overtaken_before_they_asked(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    revision = Revision(portal.database)
    assert set(await asyncio.gather(*(revision.now() for _ in range(1000)))) == {1}
    for number in range(2, 30):
        early = [asyncio.create_task(revision.now()) for _ in range(3)]
        await asyncio.sleep(0)
        await portal.hear(PLEDGE.model_copy(update={"pledge_id": f"P-{number}"}))
        assert await revision.now() == number
        assert set(await asyncio.gather(*early)) <= {number - 1, number}


async def test_a_database_that_went_away_is_asked_anew_once_it_is_back(portal: Desk) -> None:
    await portal.hear(PUBLISHED)
    revision = Revision(portal.database)
    await revision.now()
    async with portal.database.engine.connect() as connection:
        await connection.execute(text(_CUT_OFF))
    told = await asyncio.gather(*(revision.now() for _ in range(3)), return_exceptions=True)
    assert all(one == 1 or isinstance(one, Exception) for one in told)

    async def is_told() -> None:
        assert await revision.now() == 1

    await eventually(is_told)
