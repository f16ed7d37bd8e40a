"""What cannot be applied is set aside, with its reason and the original; its neighbours never notice."""

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from summit_chassis import inbox
from summit_chassis.applying import Verdict
from summit_chassis.arrivals import Parsed
from summit_chassis.ids import new_id
from summit_chassis.inbox import Inbox
from summit_chassis.subscribers import ComeAgain
from summit_cli.servers.nats import NatsServer
from summit_contracts.envelope import CONTENT_TYPE, Envelope
from summit_contracts.fact import Stream
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.pipeline import Pipeline, running
from summit_testkit.probe.services import CODES, HEARER, ProbeUnit, applied_reasons, coded, publish, withdrawn

SHORTEST_WAITS_SECONDS = (0.8, 3.2)
"""After the first and the second attempt, each four times the one before; no machine is too fast or too slow for a minimum."""

SUBJECT = "summit.probe.registration.delegation_withdrawn.v1.ZZ"


def envelope(**changes: Any) -> bytes:
    """A well-formed event of an aggregate that nobody else speaks of, but for what is changed."""
    event = {
        "specversion": "1.0",
        "id": new_id(),
        "source": "/summit/registration",
        "type": "summit.registration.delegation_withdrawn.v1",
        "time": datetime.now(UTC).isoformat(),
        "aggregateid": "delegation/probe/ZZ",
        "aggregateversion": 1,
        "data": {"edition_id": "probe", "invitee": "ZZ", "reason": "foreign"},
    }
    return json.dumps(event | changes).encode()


async def inject(pipeline: Pipeline, payload: bytes, headers: Mapping[str, str] | None = None) -> None:
    await pipeline.client.jetstream().publish(SUBJECT, payload, headers=dict(headers) if headers else None)


async def everything_is_acknowledged(pipeline: Pipeline) -> None:
    for stream in (Stream.REGISTRATION, Stream.PERSONAL):
        found = await pipeline.client.jetstream().consumer_info(stream.value, HEARER.value)
        assert (found.num_pending, found.num_ack_pending) == (0, 0)


BROKEN: dict[str, tuple[bytes, dict[str, str] | None, str]] = {
    "nothing at all": (b"", None, "JSON"),
    "half a JSON text": (b'{"specversion": "1.0"', None, "JSON"),
    "bytes that are no text": (b"\xff\xfe\x00\x01", None, "JSON"),
    "JSON that is no event": (b'{"hello": "world"}', None, "Field required"),
    "another content type": (envelope(), {"content-type": "text/plain"}, "content-type"),
    "an id with a NUL": (envelope(id="a\0b"), None, "id:"),
    "an id with a line feed": (envelope(id="a\nb"), None, "id:"),
    "an aggregate with a NUL": (envelope(aggregateid="delegation/\0"), None, "aggregateid:"),
    "a lone surrogate": (envelope(type="\ud800"), None, "JSON"),
    "a version beyond all numbers": (envelope(aggregateversion=2**70), None, "aggregateversion:"),
    "version nought": (envelope(aggregateversion=0), None, "aggregateversion:"),
    "somebody else's source": (envelope(source="/summit/pledges"), None, "source"),
    "a fact that belongs elsewhere": (
        envelope(data={"edition_id": "probe", "invitee": "KE"}),
        None,
        "belongs on",
    ),
    "data that breaks its contract": (
        envelope(aggregateid="delegation/probe/YY", data={"edition_id": "probe", "invitee": "k"}),
        None,
        "data.invitee",
    ),
    "the server's own status, forged": (b"", {"Status": "408", "Description": "Request Timeout"}, "JSON"),
    "a heartbeat, forged": (b"", {"Status": "100"}, "JSON"),
    "a header with a NUL": (b"{", {"x-note": "a\0b"}, "JSON"),
    "headers of another alphabet": (b"{", {"x-note": "é中"}, "JSON"),
    "close to the largest message": (b"x" * 1_000_000, None, "JSON"),
}


async def test_messages_that_cannot_be_read_are_set_aside(pipeline: Pipeline) -> None:
    await publish(pipeline.source, withdrawn("before"), coded("before too"))
    for payload, headers, _ in BROKEN.values():
        await inject(pipeline, payload, headers)
    await publish(pipeline.source, withdrawn("after"))
    await pipeline.has_set_aside(*["dead"] * len(BROKEN))
    await pipeline.has_applied("before", "before too", "after")
    letters = sorted(await pipeline.letters.open_letters(), key=lambda letter: letter.seq)
    for (name, (payload, _, reason)), letter in zip(BROKEN.items(), letters, strict=True):
        assert (letter.payload, letter.subject) == (payload, SUBJECT), name
        assert reason in letter.reason, name
    await eventually(lambda: everything_is_acknowledged(pipeline))
    await eventually(lambda: the_world_was_told(pipeline, len(BROKEN)))


async def the_world_was_told(pipeline: Pipeline, times: int) -> None:
    """So many dead letters are on the stream of dead letters: the hearer's relay was not stopped by what it carries."""
    state = (await pipeline.client.jetstream().stream_info(Stream.DEAD.value)).state
    assert state.messages == times


async def test_two_broken_messages_make_two_letters(pipeline: Pipeline) -> None:
    await inject(pipeline, b"{")
    await inject(pipeline, b"[")
    await pipeline.has_set_aside("dead", "dead")


async def test_a_poison_in_the_middle_of_a_batch_is_set_aside_and_applied_after_its_replay(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = [withdrawn(str(number), CODES[number % 5]) for number in range(40)]
    facts[12] = withdrawn("poison", CODES[2])
    await publish(pipeline.source, *facts)
    waiting = [str(number) for number in range(13, 40) if number % 5 == 2]
    await pipeline.has_set_aside("dead", *["parked"] * len(waiting))
    await pipeline.has_applied(
        *(str(number) for number in range(40) if number != 12 and str(number) not in waiting)
    )
    dead = (await pipeline.letters.open_letters())[0]
    assert (dead.reason, dead.attempts) == ("RuntimeError: poison", 2)

    heal(pipeline, monkeypatch)
    await pipeline.letters.mark_for_replay(dead.dead_letter_id, by="an operator")
    await pipeline.has_set_aside()
    assert (await applied_reasons(pipeline.sink))[-len(waiting) - 1 :] == ["poison", *waiting]
    await pipeline.settled()


def heal(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, *, but: str = "nothing") -> None:
    """The hearer's handler does what it should, but for what begins with this."""

    async def healed(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        if (event.data.reason or "").startswith(but):
            raise RuntimeError("still poison")
        unit.note(event, event.data.reason)

    handlers = pipeline.hearer.subscribers._handlers
    monkeypatch.setitem(handlers, DelegationWithdrawn.TYPE, healed)


async def test_a_replay_goes_as_far_as_it_can(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(pipeline.source, *map(withdrawn, ("poison 1", "2", "poison 3", "4")))
    await pipeline.has_set_aside("dead", "parked", "parked", "parked")
    heal(pipeline, monkeypatch, but="poison 3")
    await pipeline.letters.mark_for_replay(by="an operator")
    await pipeline.has_applied("poison 1", "2")

    async def the_third_is_dead_and_why_is_told() -> None:
        dead, parked = await pipeline.letters.open_letters()
        assert (dead.state, parked.state) == ("dead", "parked")
        assert dead.reason == "RuntimeError: still poison"

    await eventually(the_third_is_dead_and_why_is_told)

    heal(pipeline, monkeypatch)
    await pipeline.letters.mark_for_replay(by="an operator")
    await pipeline.has_set_aside()
    assert await applied_reasons(pipeline.sink) == ["poison 1", "2", "poison 3", "4"]


async def test_what_is_published_during_a_replay_is_not_forgotten(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(pipeline.source, withdrawn("poison"))
    await pipeline.has_set_aside("dead")
    heal(pipeline, monkeypatch)
    for number in range(300):
        await publish(pipeline.source, withdrawn(f"{number}"))
        if number == 100:
            await pipeline.letters.mark_for_replay(by="an operator")
    await pipeline.settled()
    assert await applied_reasons(pipeline.sink) == ["poison", *map(str, range(300))]
    await pipeline.has_set_aside()


async def test_a_replay_of_what_needs_none_changes_nothing(pipeline: Pipeline) -> None:
    await publish(pipeline.source, withdrawn("1"))
    await inject(pipeline, b"{")
    await pipeline.has_set_aside("dead")
    assert await pipeline.letters.mark_for_replay(by="an operator") == 1

    async def it_was_tried_again() -> None:
        letter = (await pipeline.letters.open_letters())[0]
        assert (letter.state, letter.attempts) == ("dead", 2)

    await eventually(it_was_tried_again)
    await pipeline.has_applied("1")


async def test_a_handler_that_hangs_is_cut_off(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "HANDLER_SECONDS", 2)  # ample for those that do not hang
    await publish(pipeline.source, withdrawn("1"), withdrawn("hangs", CODES[1]), withdrawn("3", CODES[2]))
    await pipeline.has_set_aside("dead")
    await pipeline.has_applied("1", "3")
    assert "TimeoutError" in (await pipeline.letters.open_letters())[0].reason


async def test_an_event_of_a_newer_type_is_passed_over_and_what_follows_applies(pipeline: Pipeline) -> None:
    jetstream = pipeline.client.jetstream()
    await publish(pipeline.source, withdrawn("1"))
    await pipeline.has_applied("1")
    newer = envelope(
        id="newer",
        type="summit.registration.delegation_praised.v1",
        aggregateid="delegation/probe/AA",
        aggregateversion=2,
    )
    await jetstream.publish(
        "summit.probe.registration.delegation_praised.v1.AA", newer, headers={"content-type": CONTENT_TYPE}
    )
    following = envelope(
        id="following",
        aggregateid="delegation/probe/AA",
        aggregateversion=3,
        data={
            "edition_id": "probe",
            "invitee": "AA",
            "reason": "3",
            "mood": "a field of a newer minor version",
        },
    )
    await jetstream.publish("summit.probe.registration.delegation_withdrawn.v1.AA", following)
    await pipeline.has_applied("1", "3")
    await pipeline.has_set_aside()


async def test_a_fact_waits_for_its_predecessor(pipeline: Pipeline) -> None:
    await inject(pipeline, envelope(id="second", aggregateversion=2))
    await publish(pipeline.source, withdrawn("meanwhile"))
    await pipeline.has_applied("meanwhile")
    await inject(pipeline, envelope(id="first", aggregateversion=1))
    await pipeline.has_applied("meanwhile", "foreign", "foreign")
    await pipeline.has_set_aside()


async def test_a_fact_that_came_too_early_comes_again_and_is_no_failure(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    async def needs_a_code_first(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        nonlocal tried
        tried += 1
        if "the code" not in await applied_reasons(pipeline.sink):
            raise ComeAgain
        unit.note(event, event.data.reason)

    monkeypatch.setitem(pipeline.hearer.subscribers._handlers, DelegationWithdrawn.TYPE, needs_a_code_first)
    await publish(pipeline.source, withdrawn("too early"), withdrawn("and behind it"))

    async def it_was_tried_more_often_than_a_poison() -> None:
        assert tried > 2 * 4

    await eventually(it_was_tried_more_often_than_a_poison)
    await pipeline.has_set_aside()
    await publish(pipeline.source, coded("the code"))
    await pipeline.has_applied("the code", "too early", "and behind it")
    await pipeline.settled()


async def test_what_fails_comes_again_after_longer_and_longer_and_is_then_set_aside(
    databases: Databases, fresh_nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried_at: list[float] = []

    async def fails(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        if event.data.reason == "fails":
            tried_at.append(time.monotonic())
            raise RuntimeError("again")
        unit.note(event, event.data.reason)

    async with running(databases.fresh(), databases.fresh(), fresh_nats.url, max_attempts=3) as pipeline:
        monkeypatch.setitem(pipeline.hearer.subscribers._handlers, DelegationWithdrawn.TYPE, fails)
        await publish(pipeline.source, withdrawn("fails"), withdrawn("its neighbour", CODES[1]))
        await pipeline.has_set_aside("dead")
        await pipeline.has_applied("its neighbour")
        assert (await pipeline.letters.open_letters())[0].attempts == 3
    tries = list(zip(tried_at[::2], tried_at[1::2], strict=True))  # within its batch, then alone
    waits = [after[0] - before[1] for before, after in pairwise(tries)]
    assert len(waits) == len(SHORTEST_WAITS_SECONDS)
    assert all(wait >= shortest for wait, shortest in zip(waits, SHORTEST_WAITS_SECONDS, strict=True)), waits


async def test_what_came_too_early_costs_those_beside_it_no_transaction_of_their_own(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dozens that wait for another stream, one by one, kept a hearer busy for half a minute."""
    asked = 0

    async def later(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        nonlocal asked
        asked += 1
        if asked < 200:
            raise ComeAgain
        unit.note(event, event.data.reason)

    async def alone(self: Inbox[Any], one: Parsed, **_: Any) -> Verdict:
        raise AssertionError(f"{one.message_id} is tried alone")

    monkeypatch.setitem(pipeline.hearer.subscribers._handlers, DelegationWithdrawn.TYPE, later)
    monkeypatch.setattr(Inbox, "_apply_alone", alone)
    await publish(pipeline.source, *(withdrawn("early", code) for code in CODES[:20]))
    await pipeline.has_applied(*["early"] * 20)
    await pipeline.has_set_aside()
