"""What goes over the wire is what nats-py would send, and what comes is read as it would read it."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.protocol import command

from summit_chassis.connection import SummitClient, message

_WORDS = st.text(
    st.characters(codec="ascii", categories=["L", "N"], include_characters="-._$"), min_size=1, max_size=30
)
_VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=40)
_HEADERS = st.dictionaries(_WORDS, _VALUES, max_size=6)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the table of letters is made with the first example
@given(_WORDS, st.binary(max_size=100), _HEADERS)
def test_a_message_is_what_the_library_sends(subject: str, payload: bytes, headers: dict[str, str]) -> None:
    if headers:
        block = b"NATS/1.0\r\n" + b"".join(f"{k}: {v}\r\n".encode() for k, v in headers.items()) + b"\r\n"
        expected = command.hpub_cmd(subject, "", block, payload)
    else:
        expected = command.pub_cmd(subject, "", payload)
    assert message(subject, payload, headers) == expected


@given(_HEADERS)
def test_headers_are_read_as_the_library_reads_them(headers: dict[str, str]) -> None:
    raw = b"".join(f"{k}: {v}\r\n".encode() for k, v in headers.items())
    assert SummitClient._parse_header_lines(raw) == Client._parse_header_lines(raw)


@example(b"\x1c:")
@example(b"\x1cname: value")
@given(st.binary(max_size=200) | st.lists(st.binary(max_size=30)).map(b"\r\n".join))
def test_whatever_comes_is_read_as_the_library_reads_it(raw: bytes) -> None:
    expected = {name: value for name, value in Client._parse_header_lines(raw).items() if name}
    assert SummitClient._parse_header_lines(raw) == expected


@pytest.mark.parametrize(
    "name",
    [
        "_parse_header_lines",
        "_send_command",
        "_flush_pending",
        "_connect_to_server",
        "_process_op_err",
        "_build_message",
    ],
)
def test_the_library_still_has_what_is_overridden_or_called(name: str) -> None:
    assert name in vars(Client)


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\rb", "a\r\nX: y"])
def test_a_header_of_two_lines_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        message("a.b", b"", {"x": value})


@pytest.mark.parametrize("subject", ["", " ", "a b", "a\r\nPUB b"])
def test_a_subject_of_no_word_or_two_is_refused(subject: str) -> None:
    with pytest.raises(ValueError, match="no subject"):
        message(subject, b"")
