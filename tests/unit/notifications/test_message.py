"""A mail as octets: nothing that people wrote can become a header, and the same mail is always the same octets."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit_contracts.values import Language
from summit_notifications.domain.mail import CalendarObject, Mail, Recipient
from summit_notifications.mail.message import NotAnAddress, message, needs_utf8, one_line, wire_address

HEADERS = [
    "Date",
    "From",
    "To",
    "Cc",
    "Message-ID",
    "Subject",
    "Content-Language",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
MAIL = Mail(
    message_id="letter-1@summit.example",
    written_at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
    sender_name="UNCOPS secretariat",
    sender_email="uncops@summit.example",
    recipients=(
        Recipient("nominator", "to", "Mission", "mission@ke.example"),
        Recipient("backup", "cc", "Second", "second@ke.example"),
    ),
    language=Language.FRENCH,
    subject="Nomination",
    text="Bonjour\n",
    html="<p>Bonjour</p>",
    calendar=(CalendarObject("CANCEL", "b.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),),
)
WILD = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from('\r\n\t\0\v\f\x1c\x85\u2028\u2029\u202e\u2066"\\,;:<>@()[]=?_'),
    max_size=200,
)
ATTACKS = [
    "Mission\r\nBcc: everybody@example.org",
    "Mission\nSubject: other",
    "Mission\r\n\r\n<html>",
    "Mission\u2028Bcc: x@example.org",
    '"Mission" <evil@example.org>, ',
    "=?utf-8?q?a=0D=0ABcc:_x=40example.org?=",
    "=?utf-8?b?DQpCY2M6IHhAZXhhbXBsZS5vcmc=?=",
    "a" * 5000,
    "\u202egpj.exe",
]


def octets_of(mail: Mail) -> bytes:
    octets = message(mail, is_utf8=False)
    assert max(len(line) for line in octets.split(b"\r\n")) <= 998
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    return octets


def reread(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(octets_of(mail), _class=EmailMessage, policy=email.policy.default)


def display_name(mail: Mail) -> str:
    """The first name under To, read without the parser that is known to read names twice."""
    to = email.message_from_bytes(octets_of(mail), policy=email.policy.compat32)["To"]
    name, _ = parseaddr(to.split(",\r\n")[0])
    return str(make_header(decode_header(name)))


def with_name(name: str) -> Mail:
    first, second = MAIL.recipients
    return replace(MAIL, recipients=(replace(first, name=name), second), sender_name=name, subject=name)


def assert_only_what_belongs(name: str) -> None:
    arrived = email.message_from_bytes(octets_of(with_name(name)), policy=email.policy.compat32)
    assert arrived.keys() == HEADERS
    assert [address for _, address in getaddresses([arrived["To"]])] == ["mission@ke.example"]
    assert [address for _, address in getaddresses([arrived["From"]])] == ["uncops@summit.example"]
    assert not arrived.defects


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_through_a_name_or_a_topic_makes_a_header(name: str) -> None:
    assert_only_what_belongs(name)


@given(WILD)
def test_no_text_at_all_makes_a_header(name: str) -> None:
    assert_only_what_belongs(name)


@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=60))
def test_a_name_in_any_script_arrives_as_it_was_given(name: str) -> None:
    assert display_name(with_name(name)) == one_line(name, 120)


@pytest.mark.parametrize(
    "name", ["وزارة الداخلية، قسم الشرطة", "警察处", "O'Brien, Sean (Dr.)", 'The "Office"', "Ñandú"]
)
def test_real_names_arrive_as_they_were_given(name: str) -> None:
    assert display_name(with_name(name)) == name
    assert reread(with_name(name))["Subject"] == name


def test_the_same_mail_is_the_same_octets() -> None:
    assert message(MAIL, is_utf8=False) == message(MAIL, is_utf8=False)


def test_two_letters_do_not_share_boundaries() -> None:
    other = replace(MAIL, message_id="letter-2@summit.example")
    assert reread(MAIL).get_boundary() != reread(other).get_boundary()


def test_the_parts_stand_in_the_order_that_mail_programs_expect() -> None:
    arrived = reread(MAIL)
    assert [part.get_content_type() for part in arrived.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    (calendar,) = arrived.iter_attachments()
    assert (calendar.get_param("method"), calendar.get_filename()) == ("CANCEL", "b.ics")


def test_without_meetings_there_is_nothing_but_text_and_html() -> None:
    arrived = reread(replace(MAIL, calendar=()))
    assert [part.get_content_type() for part in arrived.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_out_of_office_answers_are_asked_not_to_come() -> None:
    assert reread(MAIL)["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("given_address", "told"),
    [
        ("mission@ke.example", "mission@ke.example"),
        ("a.b+c_d@UN.example", "a.b+c_d@UN.example"),
        ("police@polícia.example", "police@xn--polcia-7va.example"),
        ("بريد@شرطة.example", "بريد@xn--mgba8b9b.example"),
    ],
)
def test_an_address_is_told_with_its_domain_in_ascii(given_address: str, told: str) -> None:
    local, _, domain = wire_address(given_address).rpartition("@")
    assert local == told.rpartition("@")[0]
    assert domain.isascii()


@pytest.mark.parametrize(
    "odd",
    [
        "a b@ke.example",
        '"a b"@ke.example',
        "a\n@ke.example",
        "a@ke.example>",
        "<a@ke.example",
        ".a@ke.example",
        "a..b@ke.example",
        "a@ke..example",
        "a@",
        "@ke.example",
        "a",
        "a\0@ke.example",
        "a@ke.example\r\nRCPT TO:<x@y.example>",
        "a@" + "x" * 64 + ".example",
    ],
)
def test_what_no_mail_server_should_be_told_is_no_address(odd: str) -> None:
    with pytest.raises(NotAnAddress):
        wire_address(odd)


def test_only_an_address_in_other_letters_asks_for_the_extension() -> None:
    arabic = Recipient("nominator", "to", "البعثة", "بريد@ke.example")
    assert not needs_utf8(MAIL)
    assert needs_utf8(replace(MAIL, recipients=(arabic,)))
    plain = reread(replace(MAIL, recipients=(arabic, MAIL.recipients[1])))
    assert plain["To"] is None
    assert plain["Cc"] is not None
    other = message(replace(MAIL, recipients=(arabic,)), is_utf8=True)
    assert f"<{arabic.email}>".encode() in other
