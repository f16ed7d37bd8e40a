"""From a fact to a receiver that really listens: signed, again after a failure, in order, and to nobody inside."""

from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from summit_chassis.identity import Role
from summit_contracts.catalogue import parse_without_subject
from summit_contracts.fact import Fact
from summit_contracts.pledges import PledgeAcknowledged, PledgeMade
from summit_contracts.registration import InvitationIssued
from summit_contracts.testing import golden_messages_of
from summit_testkit.desk import Desk
from summit_testkit.eventually import eventually
from summit_testkit.receiver import Received, Receiver


def fact(kind: type[Fact], **different: Any) -> Fact:
    return golden_messages_of(kind).full.data.model_copy(update=different)


async def added(webhooks: Desk, url: str, name: str = "rooms", facts: str = "summit.>") -> str:
    """The secret of a webhook that was added."""
    body = {"name": name, "url": url, "facts": facts, "owner": "Rooms, rooms@un.example"}
    answer = await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


async def asked(webhooks: Desk, method: str, path: str, **sent: Any) -> Any:
    answer = await webhooks.ask(method, path, roles=(Role.ADMIN,), **sent)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def standing(webhooks: Desk) -> dict[str, Any]:
    (only,) = await asked(webhooks, "GET", "/webhooks")
    return dict(only)


async def received(receiver: Receiver, count: int) -> list[Received]:
    def enough() -> list[Received]:
        assert len(receiver.received) >= count
        return receiver.received

    return await eventually(enough)


async def settled(webhooks: Desk, **expected: Any) -> None:
    async def is_so() -> None:
        found = await standing(webhooks)
        assert {name: found[name] for name in expected} == expected

    await eventually(is_so)


async def test_a_fact_arrives_whole_and_signed(webhooks: Desk, receiver: Receiver) -> None:
    secret = await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    (post,) = await received(receiver, 1)
    assert (post.path, post.headers["content-type"]) == ("/summit", "application/cloudevents+json")
    Verifier(secret).verify(post.body, dict(post.headers))
    event = parse_without_subject(post.body)
    assert event.data == fact(PledgeMade)
    assert post.headers["webhook-id"] == event.id
    await settled(webhooks, delivered=1, waiting=0, state="active")
    for tampered in (post.body.replace(b"2022", b"2023"), b"{}"):
        with pytest.raises(WebhookVerificationError):
            Verifier(secret).verify(tampered, dict(post.headers))


async def test_a_receiver_that_fails_is_posted_to_again_with_the_same_id_and_the_log_says_so(
    webhooks: Desk, receiver: Receiver
) -> None:
    receiver.answers += [500, 503]
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    posts = await received(receiver, 3)
    assert len({post.headers["webhook-id"] for post in posts}) == 1
    assert len({post.body for post in posts}) == 1
    await settled(webhooks, delivered=1)
    log = await asked(webhooks, "GET", "/webhooks/rooms/log")
    assert [(line["attempt"], line["status"], line["reason"]) for line in log] == [
        (3, 204, "taken"),
        (2, 503, "refused"),
        (1, 500, "refused"),
    ]


async def test_facts_of_one_aggregate_arrive_in_their_order_while_others_pass(
    webhooks: Desk, receiver: Receiver
) -> None:
    receiver.answers += [500, 500]
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade), fact(PledgeAcknowledged), fact(PledgeMade, pledge_id="another"))
    await settled(webhooks, delivered=3)
    taken = [parse_without_subject(post.body) for post in receiver.received[2:]]
    one = [event.aggregateversion for event in taken if not event.aggregateid.endswith("another")]
    assert one == sorted(one)


async def test_a_newcomer_is_told_everything_from_the_first_fact_on_and_only_what_it_asked_for(
    webhooks: Desk, receiver: Receiver
) -> None:
    await webhooks.hear(fact(InvitationIssued), fact(PledgeMade))
    await added(webhooks, receiver.url, facts="summit.*.pledges.>")
    await webhooks.hear(fact(PledgeAcknowledged))
    await settled(webhooks, delivered=2, waiting=0)
    assert await asked(webhooks, "GET", "/editions/uncops-2022/counts") == {"facts": 3}
    assert await asked(webhooks, "GET", "/editions/uncops-2024/counts") == {"facts": 0}
    assert [parse_without_subject(post.body).data for post in receiver.received] == [
        fact(PledgeMade),
        fact(PledgeAcknowledged),
    ]


async def test_a_fact_is_said_again_when_an_operator_asks(webhooks: Desk, receiver: Receiver) -> None:
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    (first,) = await received(receiver, 1)
    await settled(webhooks, delivered=1)
    body = {"event_id": first.headers["webhook-id"]}
    assert await asked(webhooks, "POST", "/webhooks/rooms/redeliver", json=body) == {"deliveries": 1}
    again = (await received(receiver, 2))[1]
    assert (again.body, again.headers["webhook-id"]) == (first.body, first.headers["webhook-id"])
    unknown = await webhooks.ask(
        "POST", "/webhooks/rooms/redeliver", json={"event_id": "none"}, roles=(Role.ADMIN,)
    )
    assert (unknown.status_code, unknown.json()["field"]) == (404, "event_id")


async def test_who_is_gone_is_posted_to_no_more_and_misses_nothing_once_it_is_back(
    webhooks: Desk, receiver: Receiver
) -> None:
    receiver.answers.append(410)
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    await settled(webhooks, state="stopped")
    await webhooks.hear(fact(InvitationIssued))
    assert len(receiver.received) == 1
    await asked(webhooks, "POST", "/webhooks/rooms/redeliver", json={})
    await settled(webhooks, state="active", delivered=2, waiting=0)


async def test_what_was_given_up_is_tried_again_when_an_operator_asks(
    webhooks: Desk, receiver: Receiver
) -> None:
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    await settled(webhooks, delivered=1)
    async with webhooks.database.transaction() as transaction:
        await transaction.connection.execute(text("UPDATE deliveries SET state = 'given_up', attempts = 13"))
    await settled(webhooks, given_up=1)
    assert await asked(webhooks, "POST", "/webhooks/rooms/redeliver", json={}) == {"deliveries": 1}
    await received(receiver, 2)
    await settled(webhooks, given_up=0, delivered=1)


async def test_both_secrets_sign_while_the_receiver_changes_over(webhooks: Desk, receiver: Receiver) -> None:
    former = await added(webhooks, receiver.url)
    told = await asked(webhooks, "POST", "/webhooks/rooms/secret")
    assert told["secret"] != former
    assert told["former_until"]
    await webhooks.hear(fact(PledgeMade))
    (post,) = await received(receiver, 1)
    for secret in (former, told["secret"]):
        Verifier(secret).verify(post.body, dict(post.headers))


async def test_a_redirect_is_not_followed(webhooks: Desk, receiver: Receiver) -> None:
    receiver.answers += [307]
    await added(webhooks, receiver.url.replace("/summit", "/elsewhere"))
    await webhooks.hear(fact(PledgeMade))
    posts = await received(receiver, 2)
    assert {post.path for post in posts} == {"/elsewhere"}


async def test_who_is_removed_is_told_no_more(webhooks: Desk, receiver: Receiver) -> None:
    receiver.answers += [500]
    await added(webhooks, receiver.url)
    await webhooks.hear(fact(PledgeMade))
    await received(receiver, 1)
    await asked(webhooks, "DELETE", "/webhooks/rooms")
    assert await asked(webhooks, "GET", "/webhooks") == []
    gone = await webhooks.ask("GET", "/webhooks/rooms/log", roles=(Role.ADMIN,))
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:summit:problem:webhook-unknown")


async def test_a_name_that_leads_inside_is_never_connected_to(
    guarded_webhooks: Desk, receiver: Receiver
) -> None:
    """The address passed when it was registered, as a name that was pointed inside afterwards would have."""
    await added(guarded_webhooks, "https://rooms.un.example/summit")
    async with guarded_webhooks.database.transaction() as transaction:
        inside = {"url": receiver.url.replace("127.0.0.1", "localhost")}
        await transaction.connection.execute(text("UPDATE webhooks SET url = :url"), inside)
    await guarded_webhooks.hear(fact(PledgeMade))

    async def is_logged() -> None:
        log = await asked(guarded_webhooks, "GET", "/webhooks/rooms/log")
        assert {line["reason"] for line in log} == {"internal_address"}

    await eventually(is_logged)
    assert receiver.received == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "https://127.0.0.1/"),
        ("url", "https://[::ffff:10.0.0.1]/"),
        ("url", "http://rooms.un.example/"),
        ("url", "https://metadata.google.internal/"),
        ("facts", "summit-personal.>"),
        ("name", "Rooms and more"),
        ("owner", ""),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(guarded_webhooks: Desk, field: str, value: str) -> None:
    body = {"name": "rooms", "url": "https://rooms.un.example/", "owner": "Rooms"} | {field: value}
    refused = await guarded_webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
    assert refused.status_code == 422
    assert refused.json()["field"].endswith(field)
    assert refused.json()["remedy"]
    assert await asked(guarded_webhooks, "GET", "/webhooks") == []


async def test_a_name_is_given_once(webhooks: Desk, receiver: Receiver) -> None:
    await added(webhooks, receiver.url)
    body = {"name": "rooms", "url": receiver.url, "owner": "Others"}
    refused = await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
    assert (refused.status_code, refused.json()["field"]) == (409, "name")


async def test_nobody_but_an_operator_opens_a_webhook_or_sees_a_secret(
    webhooks: Desk, receiver: Receiver
) -> None:
    secret = await added(webhooks, receiver.url)
    body = {"name": "mine", "url": receiver.url, "owner": "Me"}
    for roles in ((Role.REGISTRATION,), (Role.PROTOCOL,), (Role.SUBSCRIBER,)):
        assert (await webhooks.ask("POST", "/webhooks", json=body, roles=roles)).status_code == 403
    shown = await webhooks.ask("GET", "/webhooks", roles=(Role.ADMIN,))
    assert secret not in shown.text
