"""A mail as octets (RFC 5322, MIME): the same ones every time, in which nothing that people wrote can become a header.

    multipart/mixed                      only where there are calendar objects
    ├── multipart/alternative
    │   ├── text/plain
    │   └── text/html
    └── text/calendar; method=REQUEST    one per meeting

Written out here instead of with Python's `email` package, whose header writing reads what it is given again: a name that
holds an encoded line break comes out as a header of its own, which a test keeps in mind.
"""

import re
import unicodedata
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from email.utils import format_datetime
from hashlib import sha256

from summit_contracts.values import Language
from summit_notifications.domain.mail import CalendarObject, Line, Mail

_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_HOST_NAME = re.compile(r"(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/^_`{|}~-]+)*")
_VISIBLE_ASCII = re.compile(r"[ -~]*")
_LATIN = (Language.ENGLISH, Language.FRENCH, Language.SPANISH)
_LONGEST_NAME, _LONGEST_SUBJECT = 120, 250  # characters
_LONGEST_WORD = 39  # octets that fit an encoded word of 75 with its frame, as base64
_JOINERS = "\u200c\u200d"  # invisible, but Persian and Indic spelling needs them


class NotAnAddress(ValueError):
    """No mail can be sent to this address, whoever tries."""


def wire_address(email: str) -> str:
    """The address as the mail server is told it, with the domain in ASCII.

    Only plain addresses pass: dotted words before the @, a host name after it. Quoted ones and literal hosts do not.

    Raises:
        NotAnAddress: it is not of that form.
    """
    local, at, domain = email.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError as problem:
        raise NotAnAddress("the domain is not a host name") from problem
    if not at or not _DOT_ATOM.fullmatch(local) or not _HOST_NAME.fullmatch(host):
        raise NotAnAddress("not of the form name@host")
    return f"{local}@{host}"


def is_writable(email: str, *, is_utf8: bool) -> bool:
    """Whether the address can stand in a header and be told to a mail server."""
    try:
        return wire_address(email).isascii() or is_utf8
    except NotAnAddress:
        return False


def needs_utf8(mail: Mail) -> bool:
    """Whether one of its addresses can be told only to a mail server that takes other letters than ASCII (RFC 6531)."""
    return any(
        is_writable(email, is_utf8=True) and not is_writable(email, is_utf8=False) for email in mail.addresses
    )


def one_line(text: str, longest: int) -> str:
    """The text on one line, without what ends a line, turns the direction, or cannot be seen."""
    kept = (_kept(character) for character in text)
    return " ".join("".join(kept).split())[:longest].rstrip()


def message(mail: Mail, *, is_utf8: bool) -> bytes:
    """The whole mail; the same octets for the same mail, however often it is made.

    `is_utf8`: whether the mail server takes other letters than ASCII in addresses, and one of these needs it. Addresses that
    cannot be written do not stand in the header; they were refused before.
    """
    lines = [*_headers(mail, is_utf8=is_utf8), *_parts(mail)]
    return "\r\n".join((*lines, "")).encode("utf-8" if is_utf8 else "ascii")


def _headers(mail: Mail, *, is_utf8: bool) -> Iterator[str]:
    yield f"Date: {format_datetime(mail.written_at)}"
    yield f"From: {_mailbox(mail.sender_name, mail.sender_email)}"
    for header, line in _LINES.items():
        if mailboxes := [
            _mailbox(one.name, one.email)
            for one in mail.recipients
            if one.line == line and is_writable(one.email, is_utf8=is_utf8)
        ]:
            yield f"{header}: " + ",\r\n ".join(mailboxes)
    yield f"Message-ID: <{_token(mail.message_id)}>"
    yield f"Subject: {_unstructured(one_line(mail.subject, _LONGEST_SUBJECT))}"
    yield f"Content-Language: {mail.language.value}"
    yield "Auto-Submitted: auto-generated"  # RFC 3834: no out-of-office answers, please
    yield "MIME-Version: 1.0"


_LINES: dict[str, Line] = {"To": "to", "Cc": "cc"}


def _parts(mail: Mail) -> Iterator[str]:
    texts = [
        _text("text/plain", mail.text, is_latin=mail.language in _LATIN),
        _text("text/html", mail.html, is_latin=mail.language in _LATIN),
    ]
    alternative = _multipart("alternative", texts, mail.message_id)
    if mail.calendar:
        meetings = [_meeting(one) for one in mail.calendar]
        yield from _multipart("mixed", [alternative, *meetings], mail.message_id)
    else:
        yield from alternative


def _multipart(kind: str, parts: list[list[str]], message_id: str) -> list[str]:
    # Neither base64 nor quoted-printable can contain "=_".
    boundary = f"=_{kind}_{sha256(message_id.encode()).hexdigest()[:32]}"
    inside = [line for part in parts for line in (f"--{boundary}", *part)]
    return [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"', "", *inside, f"--{boundary}--", ""]


def _text(kind: str, text: str, *, is_latin: bool) -> list[str]:
    octets = _unix_lines(text).encode()
    if is_latin:
        encoding, body = "quoted-printable", b2a_qp(octets, istext=True).decode("ascii").rstrip("\n")
    else:
        encoding, body = "base64", encodebytes(octets.replace(b"\n", b"\r\n")).decode("ascii").rstrip("\n")
    return [
        f"Content-Type: {kind}; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        *body.split("\n"),
    ]


def _meeting(one: CalendarObject) -> list[str]:
    kind, *rest = _text("text/calendar", one.text, is_latin=False)
    return [
        f"{kind};\r\n method={_token(one.method)}",
        f'Content-Disposition: attachment; filename="{_token(one.filename)}"',
        *rest,
    ]


def _mailbox(name: str, email: str) -> str:
    return f"{_phrase(one_line(name, _LONGEST_NAME))} <{wire_address(email)}>".lstrip()


def _phrase(name: str) -> str:
    """A name as RFC 5322 lets it stand before an address; an encoded word in it comes out as the letters it consists of."""
    if not name or _PLAIN_WORDS.fullmatch(name):
        return name
    if _VISIBLE_ASCII.fullmatch(name) and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"'
    return _encoded(name)


def _unstructured(text: str) -> str:
    is_plain = _VISIBLE_ASCII.fullmatch(text) and "=?" not in text
    return text if is_plain else _encoded(text)


def _encoded(text: str) -> str:
    """As encoded words, none of which splits a character. Source: RFC 2047 sections 2 and 5."""
    words, word = [], b""
    for character in text:
        octets = character.encode()
        if len(word) + len(octets) > _LONGEST_WORD:
            words.append(word)
            word = b""
        word += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode('ascii')}?=" for one in (*words, word))


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9@._=+-]", "_", text)


def _unix_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kept(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs":
            return character if character in _JOINERS else ""
        case _:
            return character
