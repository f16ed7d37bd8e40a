"""The secretariat's queue: what waits and for how long, and one decision about many."""

from typing import Any

from summit_chassis.identity import Role
from summit_contracts.registration import DelegateAccredited, DelegateRefused
from summit_testkit.desk import Desk
from summit_testkit.forms import Nominator, head, member, refusal

QUEUE = "/editions/uncops-2022/nominations"


def by_name(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Places that were made in one moment stand in any order."""
    return sorted(items, key=lambda one: str(one["person"]["name"]))


async def waiting(desk: Desk, stage: str = "police_division", **asked: Any) -> list[dict[str, Any]]:
    listed = await desk.ask("GET", QUEUE, params={"stage": stage, **asked})
    assert listed.status_code == 200, listed.text
    return by_name(listed.json()["items"])


async def decide(
    desk: Desk, decision: str, places: list[dict[str, Any]], **said: Any
) -> list[dict[str, Any]]:
    named = [
        {"invitee": one["invitee"], "member_id": one["member_id"], "seen_since": one["waits_since"]}
        for one in places
    ]
    answer = await desk.ask(
        "POST", f"{QUEUE}/decisions", json={"decision": decision, "places": named, **said}
    )
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()
    return outcomes


async def test_many_are_cleared_held_let_in_and_refused_at_once(kenya: Nominator) -> None:
    desk = kenya.desk
    await kenya.register(head("Grace"), member("Amina"), member("Otieno"))
    queue = await waiting(desk)
    assert [one["person"]["name"] for one in queue] == ["Amina", "Grace", "Otieno"]
    assert all(one["waits_seconds"] >= 0 for one in queue)
    assert all(one["is_done"] for one in await decide(desk, "clear", queue[:2]))
    assert all(one["is_done"] for one in await decide(desk, "hold", queue[2:], note="Which passport?"))
    assert [one["held_for"] for one in await waiting(desk, "held")] == ["Which passport?"]
    assert all(one["is_done"] for one in await decide(desk, "accredit", queue[:1]))
    assert all(one["is_done"] for one in await decide(desk, "refuse", queue[1:2], reason="security"))
    stages = (await desk.ask("GET", f"{QUEUE}/stages")).json()
    assert stages == {"police_division": 0, "security": 0, "held": 1, "accredited": 1, "refused": 1}
    published = [type(one.data) for one in await desk.facts()]
    assert published.count(DelegateAccredited) == published.count(DelegateRefused) == 1
    entries = (await desk.ask("GET", "/editions/uncops-2022/history")).json()["items"]
    assert [one["action"] for one in entries[-5:]] == [
        "delegate_cleared", "delegate_cleared", "delegate_held", "delegate_accredited", "delegate_refused",
    ]  # fmt: skip


async def test_why_somebody_is_held_is_for_the_secretariat_alone(kenya: Nominator) -> None:
    desk = kenya.desk
    await kenya.register(head("Grace"), member("Amina"))
    queue = await waiting(desk)
    assert all(one["is_done"] for one in await decide(desk, "hold", queue, note="Interpol notice?"))
    assert all(one["is_done"] for one in await decide(desk, "release", queue[:1], note="No notice"))
    assert all(one["is_done"] for one in await decide(desk, "clear", queue[:1], note="No notice at all"))
    assert all(one["is_done"] for one in await decide(desk, "accredit", queue[:1], note="A word more"))
    refused = await decide(desk, "refuse", queue[1:], reason="security", note="There is a notice")
    assert all(one["is_done"] for one in refused)

    own = await kenya.ask("GET", "/history")
    told = [(one["action"], one["why"]) for one in own.json()["items"]]
    assert told == [
        ("invitation_issued", None),
        ("delegation_registered", None),
        ("delegate_accredited", None),
        ("delegate_refused", "security"),
    ]

    seen = (await desk.ask("GET", kenya.path + "/history", roles=(Role.PROTOCOL,))).json()["items"]
    assert [(one["action"], one["by"], one["why"]) for one in seen[2:]] == [
        ("delegate_held", "secretariat/test", None),
        ("delegate_held", "secretariat/test", None),
        ("delegate_released", "secretariat/test", None),
        ("delegate_cleared", "secretariat/test", None),
        ("delegate_accredited", "secretariat/test", None),
        ("delegate_refused", "secretariat/test", "security"),
    ]


async def test_one_that_was_replaced_meanwhile_keeps_back_no_other(kenya: Nominator) -> None:
    desk = kenya.desk
    await kenya.register(head("Grace"), member("Amina"))
    seen = await waiting(desk)
    replaced = await kenya.change(
        f"/members/{seen[0]['member_id']}/replace", {"successor": {"name": "John Kamau"}}
    )
    assert replaced.status_code == 200, replaced.text
    first, second = await decide(desk, "accredit", seen)
    assert (first["is_done"], first["slug"]) == (False, "person-changed")
    assert second["is_done"]
    assert [one["person"]["name"] for one in await waiting(desk)] == ["John Kamau"]


async def test_the_queue_comes_in_pages(kenya: Nominator) -> None:
    await kenya.register(head("A"), member("B"), member("C"))
    first = (await kenya.desk.ask("GET", QUEUE, params={"limit": 2})).json()
    rest = await waiting(kenya.desk, cursor=first["next_cursor"])
    assert [one["person"]["name"] for one in by_name([*first["items"], *rest])] == ["A", "B", "C"]


async def test_a_hold_without_a_word_and_a_refusal_without_reason_are_refused(kenya: Nominator) -> None:
    await kenya.register(head("A"))
    queue = await waiting(kenya.desk)
    for decision in ("hold", "refuse"):
        (outcome,) = await decide(kenya.desk, decision, queue)
        assert (outcome["is_done"], outcome["slug"]) == (False, "reason-missing")


async def test_nobody_else_sees_the_queue(kenya: Nominator) -> None:
    for role in (Role.PLEDGES, Role.SCHEDULING):
        assert refusal(await kenya.desk.ask("GET", QUEUE, roles=(role,))) == (403, "wrong-role")
