"""The list of participants of every summit, made of nothing but what Summit says: a reference for whoever subscribes.

    set -a; . protocol.env; set +a
    python participants.py list.db follow          # keeps up with what happens; stop it whenever you like
    python participants.py list.db show uncops-2022 --language fr

It may be killed at any moment, started again, given an empty file or one that is weeks behind, and hear facts twice or
out of order: the list ends the same. Three things see to that, and are all there is to it:

1. One transaction holds the change and the version of the aggregate it came from (`apply`).
2. A fact is applied at the last version + 1 only; an older one is known, a later one has to wait (`Verdict`).
3. A message is acknowledged after the commit, never before (`follow`).
"""

import argparse
import asyncio
import csv
import json
import os
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import nats
from nats.aio.msg import Msg

from summit_contracts.catalogue import Unheard, parse
from summit_contracts.envelope import Envelope, NotAnEvent
from summit_contracts.reference import display_name
from summit_contracts.registration import (
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
    InvitationDeclined,
    InvitationIssued,
)
from summit_contracts.values import Language

TABLES = """
CREATE TABLE IF NOT EXISTS heard (aggregate TEXT PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS participants (
    edition TEXT NOT NULL, invitee TEXT NOT NULL, invitation TEXT NOT NULL DEFAULT 'none',
    delegation TEXT NOT NULL DEFAULT 'none', members TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (edition, invitee));
CREATE TABLE IF NOT EXISTS set_aside (message TEXT PRIMARY KEY, reason TEXT NOT NULL);
"""
COLUMNS = [
    "edition",
    "code",
    "name",
    "invitation",
    "delegation",
    "place",
    "function",
    "rank",
    "accreditation",
]
WAIT_FOR_PREDECESSOR = 0.5  # seconds


class Verdict(Enum):
    """What became of a fact."""

    APPLIED = "applied"
    KNOWN = "known"
    TOO_EARLY = "too early"
    """A fact of the same aggregate has to come first."""


class Participants:
    """The list in one SQLite file, with the version of each aggregate that it rests on."""

    def __init__(self, file: Path | str) -> None:
        self.store = sqlite3.connect(file, isolation_level=None)
        # A journal of another mode could not be chosen while somebody else opens the file.
        self.store.executescript(f"BEGIN IMMEDIATE; {TABLES} COMMIT")

    def apply(self, event: Envelope[Any]) -> Verdict:
        """The fact is in the list, once; call it in a transaction. What it does not speak of still counts as a version."""
        known = self.store.execute(
            "SELECT version FROM heard WHERE aggregate = ?", [event.aggregateid]
        ).fetchone()
        last = known[0] if known else 0
        if event.aggregateversion <= last:
            return Verdict.KNOWN
        if event.aggregateversion > last + 1:
            return Verdict.TOO_EARLY
        self._change(event.data)
        self.store.execute(
            "INSERT INTO heard VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version",
            [event.aggregateid, event.aggregateversion],
        )
        return Verdict.APPLIED

    def _change(self, fact: Any) -> None:
        match fact:
            case InvitationIssued():
                self._put(fact, invitation="issued")
            case InvitationDeclined():
                self._put(fact, invitation="declined")
            case DelegationRegistered() | DelegationConfirmed() | DelegationAmended():
                members = {
                    one.member_id: [one.function.value, one.rank.value, one.accreditation]
                    for one in fact.members
                }
                self._put(fact, delegation=fact.state.value, members=json.dumps(members, sort_keys=True))
            case DelegationWithdrawn():
                self._put(fact, delegation="withdrawn", members="{}")
            case DelegateAccredited():
                self._accredit(fact, "accredited")
            case DelegateRefused():
                self._accredit(fact, "refused")

    def _accredit(self, fact: DelegateAccredited | DelegateRefused, accreditation: str) -> None:
        members = json.loads(self._row(fact)["members"])
        if fact.member_id in members:
            members[fact.member_id][2] = accreditation
        self._put(fact, members=json.dumps(members, sort_keys=True))

    def _row(self, fact: Any) -> dict[str, str]:
        names = ("invitation", "delegation", "members")
        found = self.store.execute(
            "SELECT invitation, delegation, members FROM participants WHERE edition = ? AND invitee = ?",
            [fact.edition_id, fact.invitee],
        ).fetchone()
        return dict(zip(names, found or ("none", "none", "{}"), strict=True))

    def _put(self, fact: Any, **values: str) -> None:
        row = self._row(fact) | values
        self.store.execute(
            "INSERT OR REPLACE INTO participants VALUES (:edition, :invitee, :invitation, :delegation, :members)",
            {"edition": fact.edition_id, "invitee": fact.invitee, **row},
        )

    def set_aside(self, message: str, reason: str) -> None:
        """A person finds what could not be read, under its place in the stream."""
        self.store.execute("INSERT OR REPLACE INTO set_aside VALUES (?, ?)", [message, reason])

    def rows(self, edition: str, language: Language = Language.ENGLISH) -> Iterator[list[str]]:
        """One line for each place in a delegation, or for an invitee without one, in the order of the English names."""
        found = self.store.execute(
            "SELECT invitee, invitation, delegation, members FROM participants WHERE edition = ?", [edition]
        ).fetchall()
        for invitee, invitation, delegation, members in sorted(
            found, key=lambda row: display_name(row[0], Language.ENGLISH)
        ):
            start = [invitee, display_name(invitee, language), invitation, delegation]
            places = sorted(json.loads(members).items()) or [("", ("", "", ""))]
            yield from ([*start, member, *place] for member, place in places)

    def editions(self) -> list[str]:
        """Every summit there is."""
        return [row[0] for row in self.store.execute("SELECT DISTINCT edition FROM participants ORDER BY 1")]


def take(participants: Participants, messages: list[Msg]) -> list[Verdict]:
    """The messages are applied in one transaction; what became of each comes back."""
    with participants.store:  # commits, or takes everything back
        participants.store.execute("BEGIN IMMEDIATE")
        return [_taken(participants, message) for message in messages]


def _taken(participants: Participants, message: Msg) -> Verdict:
    try:
        return participants.apply(parse(message.subject, message.data, message.headers))
    except Unheard as newer:  # a fact that this version has no word for: it counts as a version all the same
        return participants.apply(newer.envelope)
    except NotAnEvent as refusal:
        participants.set_aside(str(message.metadata.sequence.stream), refusal.reason)
        return Verdict.KNOWN


async def follow(participants: Participants) -> None:
    """The list keeps up with the stream, whatever happens to the server meanwhile."""
    authority = os.environ.get("NATS_CA_FILE")
    client = await nats.connect(
        os.environ["NATS_URL"],
        nkeys_seed_str=os.environ["NATS_SEED"],
        inbox_prefix=os.environ["NATS_INBOX"],
        tls=ssl.create_default_context(cafile=authority) if authority else None,
        max_reconnect_attempts=-1,
    )
    history = await client.jetstream().pull_subscribe_bind(
        os.environ["NATS_DURABLE"], os.environ["NATS_STREAM"]
    )
    while True:
        try:
            messages = await history.fetch(100, timeout=5)
        except TimeoutError:
            continue  # nothing new
        for message, verdict in zip(messages, take(participants, messages), strict=True):
            if verdict is Verdict.TOO_EARLY:
                await message.nak(delay=WAIT_FOR_PREDECESSOR)
            else:
                await message.ack()


def main() -> None:
    """What the command line asks for is done."""
    parser = argparse.ArgumentParser(description="The list of participants of every summit.")
    parser.add_argument("file", type=Path, help="where the list is kept")
    asked = parser.add_subparsers(dest="asked", required=True)
    asked.add_parser("follow", help="keep up with what happens")
    showing = asked.add_parser("show", help="print the list of one summit as CSV, or of all")
    showing.add_argument("edition", nargs="?")
    showing.add_argument("--language", type=Language, default=Language.ENGLISH)
    given = parser.parse_args()
    participants = Participants(given.file)
    if given.asked == "follow":
        asyncio.run(follow(participants))
        return
    write = csv.writer(sys.stdout).writerow
    write(COLUMNS)
    for edition in [given.edition] if given.edition else participants.editions():
        for row in participants.rows(edition, given.language):
            write([edition, *row])


if __name__ == "__main__":
    main()
