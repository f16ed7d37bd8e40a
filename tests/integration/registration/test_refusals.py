"""What registration will not take: a clear answer with a field and a remedy each time, and nothing is left behind."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from summit_chassis.identity import SECRETARIAT, Role
from summit_testkit.desk import Desk, token
from summit_testkit.forms import Json, Nominator, form, head, member, refusal, wish

NUL = "a\0b"
JSON = {"content-type": "application/json"}
DELEGATION = "/editions/uncops-2022/delegations/KE"
TOO_LARGE = 1_000_001


FORMS: dict[str, tuple[Json, int, str, str]] = {
    "two heads": (form(head(), head("Another")), 422, "not-one-head", "members"),
    "no head": (form(member()), 422, "not-one-head", "members"),
    "nobody": ({"members": []}, 422, "invalid-request", "members"),
    "over quota": (form(head(), *(member(f"M{one}") for one in range(499))), 409, "over-quota", "members"),
    "an unknown member": (form(head(member_id="zz")), 404, "member-unknown", "member_id"),
    "a stay outside the summit": (form(head(arrives_on="2022-08-30")), 422, "stay-outside-edition", "members[0]"),
    "a stay that ends first": (
        form(head(arrives_on="2022-09-02", leaves_on="2022-08-31")),
        422,
        "stay-outside-edition",
        "members[0]",
    ),
    "a wish for oneself": (form(wishes=(wish("KE"),)), 422, "wish-for-oneself", "wishes[0].counterparts"),
    "a wish for somebody unknown": (
        form(wishes=(wish("NO"), wish("INTERPOLL"))),
        422,
        "counterpart-unknown",
        "wishes[1].counterparts",
    ),
    "a counterpart twice": (form(wishes=(wish("NO", "NO"),)), 422, "counterpart-twice", "wishes[0].counterparts"),
    "a wish twice": (
        form(wishes=(wish("NO", "FR"), wish("FR", "NO"))),
        409,
        "wish-repeated",
        "wishes[1].counterparts",
    ),
    "a wish for the plenary day": (
        form(wishes=(wish("NO", days=["2022-09-01"]),)),
        422,
        "wish-outside-bilateral-days",
        "wishes[0].days",
    ),
    "a wish for more than any room seats": (
        form(wishes=(wish("NO", size=41),)),
        422,
        "wish-size-unfit",
        "wishes[0].size",
    ),
    "a wish on no day": (form(wishes=(wish("NO", days=[]),)), 422, "invalid-request", "wishes.0.days"),
    "a wish of no urgency": (form(wishes=(wish("NO", priority=4),)), 422, "invalid-request", "wishes.0.priority"),
    "an unknown rank": (form(head(rank="sheriff")), 422, "invalid-request", "members.0.rank"),
    "no address": (form(head(email="grace at ke")), 422, "invalid-request", "members.0.person.email"),
    "an address with a NUL": (form(head(email="a\0b@ke.example")), 422, "invalid-request", "members.0.person.email"),
    "a name with a NUL": (form(head(NUL)), 422, "invalid-request", "members.0.person.name"),
    "a name of blanks": (form(head("   ")), 422, "invalid-request", "members.0.person.name"),
    "a topic with a NUL": (form(wishes=(wish(topic=NUL),)), 422, "invalid-request", "wishes.0.topic"),
    "an unknown field": (form(visa="yes"), 422, "invalid-request", "visa"),
}  # fmt: skip


@pytest.fixture
async def unmoved(kenya: Nominator) -> AsyncIterator[Nominator]:
    """After the test nothing was published and nothing stands in the workspace."""
    facts = await kenya.desk.facts()
    yield kenya
    assert await kenya.desk.facts() == facts
    workspace = await kenya.ask("GET")
    assert (workspace.headers["etag"], workspace.json()["delegation"]["draft"]) == ('"0"', None)
    assert [one["action"] for one in (await kenya.ask("GET", "/history")).json()["items"]] == [
        "invitation_issued"
    ]


@pytest.mark.parametrize(("sent", "status", "slug", "field"), FORMS.values(), ids=FORMS)
async def test_a_form_is_refused_as_a_whole(
    unmoved: Nominator, sent: Json, status: int, slug: str, field: str
) -> None:
    answer = await unmoved.ask("POST", json=sent)
    assert refusal(answer) == (status, slug)
    assert answer.json()["field"] == field
    assert answer.json()["remedy"]


async def test_a_misspelt_counterpart_is_guessed(unmoved: Nominator) -> None:
    answer = await unmoved.ask("POST", json=form(wishes=(wish("INTERPOLL"),)))
    assert answer.json()["remedy"] == "Did you mean 'INTERPOL'?"


DRAFTS: dict[str, Json] = {
    "a name": {"members": [{"name": NUL}]},
    "a title": {"members": [{"title": NUL}]},
    "an address": {"members": [{"email": NUL}]},
    "a topic": {"wishes": [{"topic": NUL}]},
    "a remark": {"remark": NUL},
}


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_a_draft_with_a_nul_byte_is_refused_and_not_a_mistake_of_the_service(
    unmoved: Nominator, draft: Json
) -> None:
    answer = await unmoved.ask("PUT", "/draft", json=draft)
    assert refusal(answer) == (422, "invalid-request")
    assert "U+0000" in answer.json()["detail"]


BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "half a JSON text": (b'{"members": [', 422),
    "a NUL byte": (b"\0", 422),
    "a list": (b"[]", 422),
    "no UTF-8": (b'{"remark": "\xff"}', 400),
    "a lone surrogate": (b'{"remark": "\\ud800"}', 422),
    "a number beyond all": (b'{"wishes": [{"size": ' + b"9" * 5000 + b"}]}", 400),
    "infinity": (b'{"wishes": [{"priority": 1e999}]}', 422),
    "no number": (b'{"wishes": [{"priority": NaN}]}', 422),
    "a pit of brackets": (b"[" * 200_000, 400),
    "just too much": (b'{"remark": "' + b"x" * TOO_LARGE + b'"}', 413),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_form_is_refused(unmoved: Nominator, body: bytes, status: int) -> None:
    answer = await unmoved.ask("PUT", "/draft", content=body, headers=JSON)
    assert refusal(answer)[0] == status


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", f"{DELEGATION}/draft"), ("POST", DELEGATION), ("POST", "/editions")]
)
async def test_a_body_of_a_megabyte_is_refused_also_where_it_does_not_say_so(
    unmoved: Nominator, method: str, path: str
) -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(21):
            yield b" " * 50_000

    declared = await unmoved.desk.ask(method, path, content=b" " * TOO_LARGE, headers=JSON)
    assert refusal(declared) == (413, "body-too-large")
    undeclared = await unmoved.desk.ask(method, path, content=drops(), headers=JSON)
    assert refusal(undeclared) == (413, "body-too-large")


async def test_a_long_draft_that_can_still_be_kept_is_kept(kenya: Nominator) -> None:
    draft = {"members": [{"name": "x" * 200, "title": "y" * 200, "email": "z" * 200}] * 500}
    assert (await kenya.ask("PUT", "/draft", json=draft)).status_code == 200


PLACES: dict[str, tuple[str, str, int, str]] = {
    "an edition that is not": ("GET", "/editions/uncops-2099/delegations/KE", 404, "edition-unknown"),
    "an edition with a NUL": ("GET", "/editions/a%00b", 422, "invalid-request"),
    "an invitee that is not": ("GET", "/editions/uncops-2022/delegations/XX", 404, "not-invited"),
    "an invitee who was not invited": ("GET", "/editions/uncops-2022/delegations/DE", 404, "not-invited"),
    "an invitee in lower case": ("GET", "/editions/uncops-2022/delegations/ke", 422, "invalid-request"),
    "a cursor with a NUL": ("GET", "/editions/uncops-2022/invitations?cursor=%00", 422, "invalid-request"),
    "a cursor beyond all rows": ("GET", "/editions/uncops-2022/history?cursor=" + "9" * 30, 422, "invalid-request"),
    "a cursor before the first": ("GET", "/editions/uncops-2022/history?cursor=-1", 422, "invalid-request"),
    "a page of nothing": ("GET", "/editions/uncops-2022/history?limit=0", 422, "invalid-request"),
    "a page of everything": ("GET", "/editions/uncops-2022/delegations?limit=501", 422, "invalid-request"),
    "a page that is not": ("GET", "/editions/uncops-2022/nothing", 404, "no-such-page"),
    "a method that is not": ("DELETE", DELEGATION, 405, "no-such-method"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status", "slug"), PLACES.values(), ids=PLACES)
async def test_what_is_not_there_is_said_to_be_missing(
    unmoved: Nominator, method: str, path: str, status: int, slug: str
) -> None:
    assert refusal(await unmoved.desk.ask(method, path)) == (status, slug)


@pytest.mark.parametrize("code", ["XX", "DEE"])
async def test_nobody_is_invited_where_one_of_them_is_unknown(unmoved: Nominator, code: str) -> None:
    focal = {"nominator": {"name": "N", "email": "n@mission.example"}}
    sent = {"addressees": [{"invitee": one, "focal": focal} for one in ("DE", code)]}
    answer = await unmoved.desk.ask("POST", "/editions/uncops-2022/invitations", json=sent)
    assert refusal(answer) == (422, "invitee-unknown")
    listed = (await unmoved.desk.ask("GET", "/editions/uncops-2022/invitations")).json()["items"]
    assert "DE" not in [one["invitee"] for one in listed]


async def test_a_principal_sends_no_delegation(unmoved: Nominator) -> None:
    focal = {"nominator": {"name": "N", "email": "n@mission.example"}}
    sent = {"addressees": [{"invitee": "UN-POLAD", "focal": focal}]}
    answer = await unmoved.desk.ask("POST", "/editions/uncops-2022/invitations", json=sent)
    assert refusal(answer) == (422, "sends-no-delegation")


HEADERS: dict[str, tuple[dict[str, str], str]] = {
    "any revision": ({"if-match": "*"}, "malformed-header"),
    "a revision in words": ({"if-match": '"latest"'}, "malformed-header"),
    "no revision": ({}, "if-match-needed"),
    "a revision of the future": ({"if-match": '"999999999999999999"'}, "delegation-changed"),
}


@pytest.mark.parametrize(("headers", "slug"), HEADERS.values(), ids=HEADERS)
async def test_a_change_names_a_revision_that_is(
    unmoved: Nominator, headers: dict[str, str], slug: str
) -> None:
    answer = await unmoved.ask("POST", "/confirm", headers=headers)
    assert refusal(answer)[1] == slug


@pytest.mark.parametrize("key", ["", " ", "x" * 101, "a b"])
async def test_an_idempotency_key_that_is_none_is_refused(unmoved: Nominator, key: str) -> None:
    answer = await unmoved.ask("POST", json=form(), headers={"idempotency-key": key})
    assert refusal(answer) == (422, "malformed-header")


def signed(*roles: Role, **changed: Any) -> dict[str, str]:
    at: dict[str, Any] = {
        "now": datetime(2022, 6, 1, 9, tzinfo=UTC),
        "edition_id": "uncops-2022",
        "invitee": "KE",
    }
    return {"authorization": f"Bearer {token(*roles, **(at | changed))}"}


TOKENS: dict[str, tuple[dict[str, str], int, str]] = {
    "none": ({}, 401, "not-signed-in"),
    "another scheme": ({"authorization": "Basic a2U6a2U="}, 401, "not-signed-in"),
    "nonsense": ({"authorization": "Bearer x.y.z"}, 401, "not-signed-in"),
    "no signature": ({"authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJLRSJ9."}, 401, "not-signed-in"),
    "one that has run out": (signed(Role.NOMINATOR, valid_for=-timedelta(minutes=1)), 401, "not-signed-in"),
    "one of the future": (signed(Role.NOMINATOR, now=datetime(2023, 1, 1, tzinfo=UTC)), 401, "not-signed-in"),
    "no role": (signed(), 403, "wrong-role"),
    "a subscriber's": (signed(Role.SUBSCRIBER), 403, "wrong-role"),
    "a service's": (signed(Role.SERVICE), 403, "wrong-role"),
    "the pledges desk's": (signed(Role.PLEDGES), 403, "wrong-role"),
    "another invitee's": (signed(Role.NOMINATOR, invitee="NO"), 403, "foreign-invitee"),
    "one for another summit": (signed(Role.NOMINATOR, edition_id="uncops-2018"), 403, "foreign-invitee"),
    "a nominator of nobody": (signed(Role.NOMINATOR, invitee=None), 403, "foreign-invitee"),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "status", "slug"), TOKENS.values(), ids=TOKENS)
async def test_who_may_not_register_does_not(
    unmoved: Nominator, headers: dict[str, str], status: int, slug: str
) -> None:
    answer = await unmoved.desk.ask("POST", DELEGATION, json=form(), headers=headers, anonymous=True)
    assert refusal(answer) == (status, slug)
    assert ("www-authenticate" in answer.headers) is (status == 401)


DESK_ONLY: dict[str, tuple[str, str, Json | None]] = {
    "publishes an edition": ("POST", "/editions", None),
    "invites": ("POST", "/editions/uncops-2022/invitations", {"addressees": []}),
    "sees who is invited": ("GET", "/editions/uncops-2022/invitations", None),
    "sees all delegations": ("GET", "/editions/uncops-2022/delegations", None),
    "gives itself more time": ("POST", "/editions/uncops-2022/invitations/KE/deadlines", {}),
    "reads everybody's history": ("GET", "/editions/uncops-2022/history", None),
    "counts": ("GET", "/editions/uncops-2022/counts", None),
    "reads another's workspace": ("GET", "/editions/uncops-2022/delegations/NO", None),
    "reads another's history": ("GET", "/editions/uncops-2022/delegations/NO/history", None),
}


@pytest.mark.parametrize(("method", "path", "sent"), DESK_ONLY.values(), ids=DESK_ONLY)
async def test_no_nominator(unmoved: Nominator, method: str, path: str, sent: Json | None) -> None:
    answer = await unmoved.desk.ask(method, path, json=sent, as_invitee="KE")
    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("role", [Role.SCHEDULING, Role.PLEDGES, Role.SERVICE])
async def test_no_desk_that_does_not_decide_about_persons_reads_who_they_are(
    registration: Desk, role: Role
) -> None:
    kenya = Nominator(registration)
    await kenya.register()
    for path in (DELEGATION, f"{DELEGATION}/history", "/editions/uncops-2022/delegations"):
        answer = await registration.ask("GET", path, roles=(role,))
        assert refusal(answer) == (403, "wrong-role")


@pytest.mark.parametrize("role", [Role.REGISTRATION, Role.PROTOCOL])
async def test_a_draft_is_the_nominators_alone(registration: Desk, role: Role) -> None:
    kenya = Nominator(registration)
    typed = {"members": [{"name": "half-typed"}]}
    assert (await kenya.ask("PUT", "/draft", json=typed)).status_code == 200
    seen = await registration.ask("GET", DELEGATION, roles=(role,))
    assert (seen.status_code, seen.json()["delegation"]["draft"]) == (200, None)
    assert "half-typed" in (await kenya.ask("GET")).text


@pytest.mark.parametrize("role", [*(one for one in SECRETARIAT if one not in (Role.REGISTRATION, Role.ADMIN)), Role.SERVICE])  # fmt: skip
async def test_no_other_desk_changes_a_delegation(registration: Desk, role: Role) -> None:
    for method, path, sent in (
        ("POST", DELEGATION, form()),
        ("PUT", f"{DELEGATION}/draft", {}),
        ("POST", f"{DELEGATION}/withdraw", {}),
        ("POST", "/editions/uncops-2022/invitations/KE/decline", {}),
    ):
        answer = await registration.ask(method, path, json=sent, roles=(role,))
        assert refusal(answer) == (403, "wrong-role")
