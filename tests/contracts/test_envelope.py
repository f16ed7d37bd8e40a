"""The envelope: what goes out comes back, strangers are refused with a reason, newer publishers are understood."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.catalogue import FACTS, Unheard, parse, parse_without_subject, seal
from summit_contracts.envelope import CONTENT_TYPE, Envelope, NotAnEvent, read
from summit_contracts.fact import Fact
from summit_contracts.registration import DelegationWithdrawn, InvitationDeclined
from summit_contracts.testing import golden_messages_of

STRUCTURED = {"content-type": CONTENT_TYPE}
FACT = InvitationDeclined(edition_id="uncops-2022", invitee="FR", reason="Déjà « pris » à 100 %")
SEALED = seal(FACT, id="id-1", at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC), version=1)
every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.schema_name())


def message(**changes: Any) -> bytes:
    """The structured message with some attributes changed, or left out where None."""
    attributes = {**json.loads(SEALED.to_json()), **changes}
    return json.dumps({name: value for name, value in attributes.items() if value is not None}).encode()


def binary_headers(**changes: str) -> dict[str, str]:
    attributes = {name: value for name, value in json.loads(SEALED.to_json()).items() if name != "data"}
    return {f"ce-{name}": str(value) for name, value in {**attributes, **changes}.items()}


DATA = FACT.model_dump_json().encode()


def test_sealing_fills_every_attribute_from_one_place() -> None:
    assert json.loads(SEALED.to_json()) == {
        "specversion": "1.0",
        "id": "id-1",
        "source": "/summit/registration",
        "type": "summit.registration.invitation_declined.v1",
        "subject": "FR",
        "time": "2022-07-04T14:05:00Z",
        "dataschema": "urn:summit:schema:registration.invitation_declined.v1",
        "datacontenttype": "application/json",
        "aggregateid": "invitation/uncops-2022/FR",
        "aggregateversion": 1,
        "data": {"edition_id": "uncops-2022", "invitee": "FR", "reason": "Déjà « pris » à 100 %"},
    }


def test_what_led_to_a_fact_travels_with_it() -> None:
    sealed = seal(FACT, id="id-2", at=SEALED.time, version=2, correlation_id="work-1", causation_id="id-1")
    assert (sealed.correlationid, sealed.causationid) == ("work-1", "id-1")


def test_a_moment_is_written_in_utc_whatever_the_clock_says() -> None:
    in_new_york = datetime(2022, 7, 4, 10, 5, tzinfo=timezone(timedelta(hours=-4)))
    assert b'"time":"2022-07-04T14:05:00Z"' in seal(FACT, id="id-1", at=in_new_york, version=1).to_json()


@pytest.mark.parametrize(
    "wrong",
    [{"id": ""}, {"id": "x" * 101}, {"id": "a b"}, {"version": 0}, {"at": datetime(2022, 7, 4)}],  # noqa: DTZ001  # the fault itself
)
def test_what_cannot_be_read_back_is_not_sealed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        seal(FACT, **{"id": "id-1", "at": SEALED.time, "version": 1, **wrong})


@every_fact
def test_sealing_keeps_the_class_of_the_fact(fact: type[Fact]) -> None:
    for sealed in golden_messages_of(fact):
        assert type(sealed.data) is fact
        assert (sealed.source, sealed.type, sealed.subject) == (fact.OWNER.source, fact.TYPE, sealed.data.key)


@pytest.mark.parametrize(
    "content_type", [CONTENT_TYPE, f"{CONTENT_TYPE}; charset=utf-8", "Application/CloudEvents+JSON"]
)
@pytest.mark.parametrize("name", ["content-type", "Content-Type"])
def test_structured_mode_is_known_by_its_content_type(name: str, content_type: str) -> None:
    assert parse(FACT.subject, SEALED.to_json(), {name: content_type}) == SEALED


def test_a_message_without_headers_is_taken_as_structured() -> None:
    assert parse(FACT.subject, SEALED.to_json()) == SEALED


def test_structured_mode_goes_before_headers_of_binary_mode() -> None:
    assert parse(FACT.subject, SEALED.to_json(), {**binary_headers(id="another"), **STRUCTURED}) == SEALED


def test_binary_mode_is_read_from_headers() -> None:
    assert parse(FACT.subject, DATA, binary_headers()) == SEALED


def test_binary_mode_with_a_content_type_is_read() -> None:
    assert parse(FACT.subject, DATA, {**binary_headers(), "Content-Type": "application/json"}) == SEALED


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("work%2D1", "work-1"),
        ('"work-1"', "work-1"),
        ('"wo\\"rk\\\\1"', 'wo"rk\\1'),
        ("100%25", "100%"),
        ('"%77ork"', "work"),
    ],
)
def test_values_of_headers_are_unquoted_and_decoded(written: str, meant: str) -> None:
    envelope = parse(FACT.subject, DATA, binary_headers(correlationid=written))
    assert envelope.correlationid == meant


@pytest.mark.parametrize("written", ["%C0%A0", "%ED%A0%80", "%FF", "%F8%88%80%80%80", "\udc80"])
def test_overlong_and_broken_utf8_in_a_header_is_refused(written: str) -> None:
    with pytest.raises(NotAnEvent, match="ce-correlationid: not UTF-8"):
        parse(FACT.subject, DATA, binary_headers(correlationid=written))


def test_data_in_base64_is_read() -> None:
    encoded = message(data=None, data_base64=base64.b64encode(DATA).decode())
    assert parse(FACT.subject, encoded) == SEALED


@pytest.mark.parametrize("encoded", ["not base64!", 7, "bm8ganNvbg=="])
def test_data_in_broken_base64_is_refused(encoded: Any) -> None:
    with pytest.raises(NotAnEvent, match="data_base64"):
        parse(FACT.subject, message(data=None, data_base64=encoded))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "Invalid JSON"),
        (b"\xff", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        pytest.param(b"[" * 100_000, "Invalid JSON", id="a hundred thousand brackets"),
        (message(specversion="0.3"), "specversion: Input should be '1.0'"),
        (message(id=None), "id: Field required"),
        (message(id=""), "id: String should have at least 1 character"),
        (message(id="line\nfeed"), "id: String should match pattern"),
        (message(time="2022-07-04T14:05:00"), "time: Input should have timezone info"),
        (message(aggregateversion=0), "aggregateversion: Input should be greater than or equal to 1"),
        (message(data={"edition_id": "uncops-2022"}), "data.invitee: Field required"),
        (message(data={"edition_id": "UNCOPS 2022", "invitee": "no"}), "data.edition_id: .* (and 1 more)"),
    ],
)
def test_what_is_no_event_is_refused_with_the_place(payload: bytes, reason: str) -> None:
    with pytest.raises(NotAnEvent, match=reason.replace("(", r"\(").replace(")", r"\)")):
        parse(FACT.subject, payload)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_another_content_type_is_no_event(content_type: str) -> None:
    with pytest.raises(NotAnEvent, match="is not a CloudEvent"):
        parse(FACT.subject, SEALED.to_json(), {"content-type": content_type})


def test_a_batch_is_no_event() -> None:
    with pytest.raises(NotAnEvent):
        parse(
            FACT.subject,
            b"[" + SEALED.to_json() + b"]",
            {"content-type": "application/cloudevents-batch+json"},
        )


@pytest.mark.parametrize(
    ("subject", "payload", "reason"),
    [
        (FACT.subject, message(source="/summit/pledges"), "does not own subject"),
        (
            FACT.subject,
            message(type="summit.registration.invitation_issued.v1"),
            "does not belong on subject",
        ),
        (FACT.subject.replace("FR", "KE"), message(), "the fact belongs on"),
        (FACT.subject.replace("uncops-2022", "uncops-2024"), message(), "the fact belongs on"),
        (
            "summit.uncops-2022.kitchen.dinner_served.v1.x",
            message(source="/summit/kitchen"),
            "does not own subject",
        ),
        ("summit", message(), "does not own subject"),
    ],
)
def test_only_the_owner_of_a_subject_speaks_on_it(subject: str, payload: bytes, reason: str) -> None:
    with pytest.raises(NotAnEvent, match=reason):
        parse(subject, payload)


def test_a_type_that_this_version_does_not_know_is_no_fault() -> None:
    subject = "summit.uncops-2022.registration.badge_printed.v1.FR"
    unknown = message(
        type="summit.registration.badge_printed.v1", data={"edition_id": "uncops-2022", "colour": "blue"}
    )
    with pytest.raises(Unheard) as unheard:
        parse(subject, unknown)
    assert unheard.value.envelope.data == {"edition_id": "uncops-2022", "colour": "blue"}


def test_a_newer_major_version_is_another_type() -> None:
    with pytest.raises(Unheard):
        parse(
            FACT.subject.replace(".v1.", ".v2."),
            message(type=SEALED.type.replace("v1", "v2"), data={"all": "new"}),
        )


@pytest.mark.parametrize(
    "payload", [b"", b"7", b'"type"', b"{}", b'{"type": ["x"]}', b'{"type": "summit.unknown.v1"}']
)
def test_a_message_that_came_another_way_has_to_name_its_type(payload: bytes) -> None:
    with pytest.raises(NotAnEvent, match=r"CloudEvent|not in the catalogue"):
        parse_without_subject(payload)


def with_a_new_field_everywhere(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            **{key: with_a_new_field_everywhere(one) for key, one in value.items()},
            "weather": {"sky": ["blue"]},
        }
    return [with_a_new_field_everywhere(one) for one in value] if isinstance(value, list) else value


@every_fact
def test_a_fact_from_a_newer_minor_version_is_read(fact: type[Fact]) -> None:
    for sealed in golden_messages_of(fact):
        newer = json.dumps(with_a_new_field_everywhere(json.loads(sealed.to_json()))).encode()
        assert parse(sealed.data.subject, newer) == sealed


@every_fact
def test_a_null_says_as_much_as_a_missing_field(fact: type[Fact]) -> None:
    minimal = golden_messages_of(fact).minimal
    assert parse(minimal.data.subject, minimal.model_dump_json(exclude_none=False).encode()) == minimal


def junk() -> st.SearchStrategy[bytes]:
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    values = st.recursive(
        scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
    )
    attributes = st.fixed_dictionaries({}, optional=dict.fromkeys(json.loads(SEALED.to_json()), values))
    return st.binary() | st.builds(lambda changes: message(**changes), attributes)


READERS: list[Callable[[bytes, dict[str, str] | None], object]] = [
    lambda payload, headers: parse(FACT.subject, payload, headers),
    lambda payload, headers: parse("summit.x.registration.badge_printed.v1.FR", payload, headers),
    lambda payload, _: parse_without_subject(payload),
    lambda payload, headers: read(Envelope[DelegationWithdrawn], payload, headers),
]


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None)
@given(
    payload=junk(), headers=st.none() | st.dictionaries(st.sampled_from(sorted(binary_headers())), st.text())
)
def test_junk_is_refused_and_never_breaks_the_reader(
    reader: Callable[[bytes, dict[str, str] | None], object], payload: bytes, headers: dict[str, str] | None
) -> None:
    answer: object
    try:
        answer = reader(payload, headers)
    except (NotAnEvent, Unheard) as refusal:
        answer = refusal
    assert isinstance(answer, Envelope | NotAnEvent | Unheard)
