"""A mail as octets (RFC 5322, MIME), the same ones every time, in which no name can become a header.

multipart/mixed                      only where there are calendar objects
├── multipart/alternative
│   ├── text/plain
│   └── text/html
└── text/calendar; method=REQUEST    one per meeting
"""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from hashlib import sha256

from summit_contracts.values import Language
from summit_notifications.domain.mail import Line, Mail

_DOT_ATOM = re.compile(r"^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$")
_HOST_NAME = re.compile(r"^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$")
_ASCII_ONLY = (Language.ENGLISH, Language.FRENCH, Language.SPANISH)
_LONGEST_NAME = (
    120  # characters: a longer one is cut, since some mail servers refuse what does not fit a few lines
)
_KEPT_MARKS = frozenset("\u200c\u200d")  # joiners that Arabic, Persian and Indic spelling needs


class NotAnAddress(ValueError):
    """No mail can be sent to this address, whoever tries: it is not one that RFC 5321 knows."""


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
    if not at or not _DOT_ATOM.match(local) or not _HOST_NAME.match(host):
        raise NotAnAddress("not of the form name@host")
    return f"{local}@{host}"


def one_line(text: str, longest: int = 1000) -> str:
    """The text on one line, without anything that ends a line, changes direction, or cannot be seen."""
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in text
        if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn") or character in _KEPT_MARKS
    )
    return " ".join(visible.split())[:longest].rstrip()


def octets(mail: Mail, *, is_utf8: bool = False) -> bytes:
    """The whole mail; the same octets for the same mail, however often it is made.

    `is_utf8`: whether addresses may hold other letters than ASCII (RFC 6531). Addresses that cannot be written do not
    stand in the header; they were refused before.
    """
    return message(mail, is_utf8=is_utf8).as_bytes()


def message(mail: Mail, *, is_utf8: bool = False) -> EmailMessage:
    """The whole mail as Python's own kind of message; see `octets`."""
    made = EmailMessage(policy=SMTPUTF8 if is_utf8 else SMTP)
    made["Date"] = format_datetime(mail.written_at)
    made["From"] = _address(mail.sender_name, mail.sender_email)
    if to := _addresses(mail, "to", is_utf8=is_utf8):
        made["To"] = to
    if cc := _addresses(mail, "cc", is_utf8=is_utf8):
        made["Cc"] = cc
    made["Message-ID"] = f"<{one_line(mail.message_id)}>"
    made["Subject"] = one_line(mail.subject)
    made["Content-Language"] = mail.language.value
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    encoding = "quoted-printable" if mail.language in _ASCII_ONLY else "base64"
    made.set_content(mail.text, charset="utf-8", cte=encoding)
    made.add_alternative(mail.html, subtype="html", charset="utf-8", cte=encoding)
    for one in mail.calendar:
        made.add_attachment(
            one.text,
            subtype="calendar",
            charset="utf-8",
            cte="base64",
            params={"method": one.method},
            filename=one.filename,
        )
    _fix_boundaries(made, mail.message_id)
    return made


def _addresses(mail: Mail, line: Line, *, is_utf8: bool) -> tuple[Address, ...]:
    return tuple(
        _address(one.name, one.email)
        for one in mail.recipients
        if one.line == line and is_writable(one.email, is_utf8=is_utf8)
    )


def is_writable(email: str, *, is_utf8: bool) -> bool:
    """Whether the address can stand in a header and be told to a mail server."""
    try:
        return wire_address(email).isascii() or is_utf8
    except NotAnAddress:
        return False


def _address(name: str, email: str) -> Address:
    local, _, domain = wire_address(email).rpartition("@")
    return Address(display_name=one_line(name, _LONGEST_NAME), username=local, domain=domain)


def _fix_boundaries(made: EmailMessage, message_id: str) -> None:
    """Boundaries that neither base64 nor quoted-printable can contain, derived instead of drawn."""
    for number, part in enumerate(part for part in made.walk() if part.is_multipart()):
        part.set_boundary(f"=_{sha256(f'{number} {message_id}'.encode()).hexdigest()[:32]}")
