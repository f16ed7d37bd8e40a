"""Mails as files: one each, complete or absent, in a Maildir that any mail program reads."""

import email
import email.policy
import itertools
import os
import time
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import Envelope

_FROM, _TO = "X-Envelope-From", "X-Envelope-To"
_HEAD = b"X-Envelope-"


class Maildir:
    """The mails under `directory`, each with the envelope it came in.

    It does not wait for the disk: this is a stand-in for delegations' mail boxes, not an archive.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._new = directory / "new"
        self._numbers = itertools.count()

    def prepare(self) -> None:
        """Its folders exist."""
        for part in ("tmp", "new", "cur"):
            (self._directory / part).mkdir(parents=True, exist_ok=True)

    def store(self, envelope: Envelope) -> None:
        """The mail can be read, whole."""
        # Fixed width, so that names sort as the mails came; a Maildir asks only that they differ.
        name = f"{time.time_ns():020d}.{os.getpid()}_{next(self._numbers):08d}.summit"
        head = f"{_FROM}: {envelope.mail_from}\r\n" + "".join(f"{_TO}: {to}\r\n" for to in envelope.rcpt_tos)
        unfinished = self._directory / "tmp" / name
        unfinished.write_bytes(head.encode() + _octets(envelope.content))
        unfinished.rename(self._new / name)

    def messages(self) -> list[EmailMessage]:
        """All mails in the order of their arrival."""
        return [_parsed(path) for path in self._paths()]

    def recipients(self) -> list[str]:
        """To whom each mail was really sent, in the order of their arrival; cheap, for only their heads are read."""
        return [to for path in self._paths() for to in _sent_to(path)]

    def sent_to(self, address: str) -> list[EmailMessage]:
        """The mails that were really sent to the address, in the order of their arrival."""
        sought = address.casefold()
        return [
            _parsed(path) for path in self._paths() if sought in (each.casefold() for each in _sent_to(path))
        ]

    def _paths(self) -> list[Path]:
        return sorted(self._new.iterdir()) if self._new.is_dir() else []

    def count(self) -> int:
        """How many mails there are; cheap."""
        return len(os.listdir(self._new))  # noqa: PTH208  thousands of names, no need of an object for each

    def clear(self) -> None:
        """There are no mails."""
        for path in self._new.iterdir():
            path.unlink()


def envelope_sender(message: EmailMessage) -> str:
    """Where a refusal of a stored mail would have gone."""
    return str(message[_FROM])


def envelope_recipients(message: EmailMessage) -> list[str]:
    """To whom a stored mail was really sent, seen or unseen."""
    return [str(value) for value in message.get_all(_TO, [])]


def to(address: str, messages: Iterable[EmailMessage]) -> list[EmailMessage]:
    """Those that were really sent to the address, in whatever case it was written."""
    sought = address.casefold()
    return [one for one in messages if sought in (each.casefold() for each in envelope_recipients(one))]


def in_plain_text(message: EmailMessage) -> str:
    """What the mail says, without markup; empty where it has no text."""
    body = message.get_body(("plain",))
    return str(body.get_content()).strip() if body is not None else ""


def _sent_to(path: Path) -> list[str]:
    """The recipients that `store` wrote at the beginning."""
    with path.open("rb") as mail:
        head = itertools.takewhile(lambda line: line.startswith(_HEAD), mail)
        return [line[len(_TO) + 2 :].decode().strip() for line in head if line.startswith(_TO.encode())]


def _octets(content: str | bytes | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""


def _parsed(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.SMTPUTF8)
