"""No name and no address that anybody entered leaves in a public fact, in a subject, in a header or in the history."""

from datetime import timedelta

from sqlalchemy import text

from summit_chassis import retention
from summit_chassis.identity import Role
from summit_contracts.fact import Stream
from summit_contracts.registration import AccessCodeIssued
from summit_registration.store.forgetting import FORGETTING
from summit_testkit.desk import Desk
from summit_testkit.forms import Nominator, addressee, head, kept_members, member, wish

ENTERED = (
    "Wanjiru", "Odhiambo", "Otieno", "Achieng", "Mwangi", "Kiplagat", "Njoroge", "Inspector-General", "Zuhura",
    "Director-of-Operations", "half-typed", "@ke.example", "@mission.example", "Nominator of", "Backup of",
    "@brevity.example", "Renewed Person",
)  # fmt: skip
"""Parts of everything personal that the story enters: if one of them is found, something leaked."""


async def a_whole_story(registration: Desk) -> None:
    kenya = Nominator(registration)
    typed = {"name": "half-typed Wanjiru", "title": "Inspector-General", "email": "half-typed@ke.example"}
    assert (await kenya.ask("PUT", "/draft", json={"members": [typed]})).status_code == 200
    before = await kenya.register(
        head("Grace Wanjiru", title="Inspector-General", email="grace@ke.example", language="fr"),
        member("Amina Odhiambo", email="amina@ke.example"),
        member("Otieno", "alternate"),
        wishes=(wish("NO"),),
    )
    members = kept_members(before)
    members[0]["person"] |= {"name": "Grace Achieng", "email": "achieng@ke.example"}
    members[1]["person"] |= {"title": "Director-of-Operations"}
    amended = await kenya.change("", {"members": [*members[:2], member("Mwangi", email="mwangi@ke.example")]})
    assert amended.status_code == 200, amended.text
    place = amended.json()["members"][1]["member_id"]
    successor = {"name": "Kiplagat Njoroge", "email": "njoroge@ke.example"}
    assert (await kenya.change(f"/members/{place}/replace", {"successor": successor})).status_code == 200
    desk = (Role.REGISTRATION,)
    assert (await kenya.change(f"/members/{place}/accredit", roles=desk)).status_code == 200
    assert (
        await kenya.change(f"/members/{place}/refuse", {"reason": "other"}, roles=desk)
    ).status_code == 200
    assert (await kenya.change("/wishes", {"wishes": [wish("FR")]})).status_code == 200
    assert (await kenya.change("/confirm")).status_code == 200
    assert (await kenya.change("/withdraw")).status_code == 200
    renewed = addressee("KE")
    renewed["focal"]["nominator"] = {"name": "Renewed Person", "email": "focal@brevity.example"}
    sent = {"addressees": [renewed], "is_renewal": True}
    assert (await registration.ask("POST", "/editions/uncops-2022/invitations", json=sent)).status_code == 201
    await kenya.register(head("Zuhura", email="zuhura@mission.example"))
    issued = [fact.data for fact in await registration.facts() if isinstance(fact.data, AccessCodeIssued)]
    link = issued[-1].secret
    await registration.ask("POST", "/sign-in/codes", json={"link": link}, anonymous=True)


async def outgoing(registration: Desk, *, personal: bool) -> list[str]:
    """Every message that waits to go out, with its subject and headers, as text."""
    compare = "=" if personal else "<>"
    query = f"SELECT concat(subject, headers, convert_from(payload, 'UTF8')) FROM outbox WHERE stream {compare} :stream"  # noqa: S608  an operator of ours
    async with registration.database.engine.connect() as connection:
        return list((await connection.execute(text(query), {"stream": Stream.PERSONAL.value})).scalars())


async def test_what_everybody_may_read_names_and_reaches_nobody(registration: Desk) -> None:
    await a_whole_story(registration)
    public = await outgoing(registration, personal=False)
    personal = await outgoing(registration, personal=True)
    assert len(public) == 15
    found = [
        (part, message) for message in public for part in ENTERED if part.casefold() in message.casefold()
    ]
    assert not found
    told = "".join(personal)
    unused = [part for part in ENTERED if part not in told]
    # Otieno, titles and drafts go nowhere: no letter needs them.
    assert set(unused) == {"Otieno", "Inspector-General", "Director-of-Operations", "half-typed"}


async def test_the_history_names_accounts_and_places_but_no_people(registration: Desk) -> None:
    await a_whole_story(registration)
    kept = (await registration.ask("GET", "/editions/uncops-2022/history?limit=500")).text
    assert "KE/nominator" in kept
    assert not [part for part in ENTERED if part.casefold() in kept.casefold()]


async def test_what_others_look_at_names_nobody(registration: Desk) -> None:
    await a_whole_story(registration)
    for path in ("/editions/uncops-2022/counts", "/editions/uncops-2022", "/editions", "/metrics"):
        seen = await registration.ask("GET", path)
        assert seen.status_code == 200, (path, seen.text)
        assert not [part for part in ENTERED if part.casefold() in seen.text.casefold()], path


async def test_who_withdrew_is_forgotten_in_the_delegation(registration: Desk) -> None:
    kenya = Nominator(registration)
    await kenya.ask("PUT", "/draft", json={"members": [{"name": "half-typed"}]})
    await kenya.register(head("Grace Wanjiru"), member("Amina Odhiambo"))
    await kenya.change("/withdraw")
    async with registration.database.engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT (SELECT count(*) FROM members), delegations::text FROM delegations")  # fmt: skip
        ((members, kept),) = [tuple(row) for row in rows]
    assert members == 0
    assert not [part for part in ENTERED if part in kept]


async def kept(registration: Desk) -> str:
    """All that the service's own tables hold; what waits to go out and repeated answers end after days by themselves."""
    tables = ("invitations", "delegations", "members", "wishes", "history")
    async with registration.database.engine.connect() as connection:
        rows = [
            await connection.exec_driver_sql(f"SELECT one::text FROM {table} one")  # noqa: S608  # named above
            for table in tables
        ]
        return "\n".join(str(row[0]) for found in rows for row in found)


async def housekeeping(registration: Desk, *, in_years: int) -> None:
    year = timedelta(days=366)
    async with registration.database.engine.begin() as connection:
        then = registration.database.clock.now() + in_years * year
        await retention.forget(connection, FORGETTING, now=then, after=year)


async def test_what_somebody_wrote_as_a_reason_is_forgotten_and_what_was_decided_stays(
    registration: Desk,
) -> None:
    kenya = Nominator(registration)
    before = await kenya.register(head("Grace Wanjiru"), member("Amina Odhiambo"))
    first, second = (one["member_id"] for one in before["members"])
    refused = await kenya.change(f"/members/{second}/refuse", {"reason": "duplicate"}, roles=(Role.PROTOCOL,))
    assert refused.status_code == 200, refused.text
    successor = {"successor": {"name": "Njeri"}, "reason": "Commissioner Wanjiru fell ill"}
    assert (await kenya.change(f"/members/{first}/replace", successor)).status_code == 200
    assert (await kenya.change("/withdraw", {"reason": "Odhiambo is indispensable"})).status_code == 200
    before_it = (await kenya.ask("GET", "/history")).json()["items"]
    assert "Wanjiru" in str(before_it)

    for _ in range(2):
        await housekeeping(registration, in_years=2)
        after = (await kenya.ask("GET", "/history")).json()["items"]
        assert [one["why"] for one in after] == [None, None, "duplicate", "", ""]
        assert [one | {"why": None} for one in after] == [one | {"why": None} for one in before_it]


async def test_long_after_the_summit_nobody_is_known_and_the_figures_stay(registration: Desk) -> None:
    kenya = Nominator(registration)
    await a_whole_story(registration)
    await kenya.ask("PUT", "/draft", json={"members": [{"name": "half-typed"}]})
    assert "Zuhura" in await kept(registration)
    counts = (await registration.ask("GET", "/editions/uncops-2022/counts")).json()

    await housekeeping(registration, in_years=1)
    assert "Zuhura" in await kept(registration), (
        "the summit has not been yet, and a year is a year from its end"
    )

    await housekeeping(registration, in_years=2)
    still = await kept(registration)
    assert not [part for part in ENTERED if part.casefold() in still.casefold()]
    assert (await registration.ask("GET", "/editions/uncops-2022/counts")).json() == counts
    delegation = await kenya.ask("GET", "")
    assert delegation.status_code == 200
    assert [one["person"]["name"] for one in delegation.json()["delegation"]["members"]] == ["—"]
