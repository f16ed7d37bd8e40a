"""The judge: compares what was promised with what can be seen, and knows nothing of how it is done."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from summit_contracts.fact import Stream
from summit_testkit.chaos.books import PUBLIC, Books, Told
from summit_testkit.chaos.promises import Promises


class Kind(StrEnum):
    """What is wrong, whatever it is about."""

    REFUSED = "an answer that no fault excuses"
    UNANSWERED = "somebody waited in vain"
    UNPUBLISHED = "a promised fact was never published"
    FORGOTTEN = "a service forgot what it promised"
    UNAPPLIED = "a service never applied a fact"
    DISORDER = "a history has a gap or is out of order"
    TWICE = "something happened twice"
    APPLIED_TWICE = "a service applied a fact twice"
    GHOST = "the world was told of what did not happen"
    UNASKED = "a service has what nobody asked for"
    DIFFERENT = "a reader shows otherwise than a replay"
    LETTER = "a letter did not come to its end"
    SET_ASIDE = "something was set aside without poison"


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong, in words."""

    kind: Kind
    says: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.says}"


_SAID_BY = {
    "registered": "delegation_registered",
    "asked": "bilateral_requested",
    "withdrawn": "delegation_withdrawn",
    "pledged": "pledge_made",
    "pledge withdrawn": "pledge_withdrawn",
}
"""Promises that one fact each tells the world of."""
_WRITTEN_OF = "delegation_registered"
"""A fact that a letter of the same name answers."""
_ANSWERS = {"accept": "bilateral_accepted", "decline": "bilateral_declined"}
_FINAL = frozenset({"delegation_registered", "delegation_withdrawn", "bilateral_requested", "bilateral_declined", "pledge_made", "pledge_withdrawn", "letter_sent"})  # fmt: skip
"""What can happen to a thing only once."""
_THERE_ALREADY = "duplicate key"
"""What a database says of a row that it has."""


def flaws(promises: Promises, books: Books, *, poison_fed: int) -> list[Flaw]:
    """What is lost, twice, out of order or from nowhere; nothing if everything is as it was promised."""
    return [
        *(Flaw(Kind.REFUSED, one) for one in promises.broken_doors),
        *(Flaw(Kind.UNANSWERED, one) for one in promises.unanswered),
        *_flaws_of_streams(books),
        *_flaws_of_promises(promises, books),
        *_flaws_of_doors(promises, books),
        *_ghosts(books),
        *_flaws_of_letters(books),
        *_flaws_of_readers(books),
        *_set_aside(books, poison_fed),
    ]


def _facts(books: Books) -> list[Told]:
    return [one for stream in PUBLIC for one in books.streams[stream.value]]


def _about(told: Told) -> str:
    """What a fact speaks of, as the ledger calls it."""
    for name in ("bilateral_id", "pledge_id", "letter_id", "invitee"):
        if name in told.about:
            return str(told.about[name])
    return ""


def _edition(told: Told) -> str:
    return str(told.about.get("edition_id"))


def _flaws_of_streams(books: Books) -> Iterator[Flaw]:
    for name, stream in books.streams.items():
        for event_id, times in Counter(one.event_id for one in stream).items():
            if times > 1:
                yield Flaw(Kind.TWICE, f"{name} holds {event_id} {times} times")
        versions: dict[str, list[int]] = defaultdict(list)
        for one in stream:
            versions[one.aggregate].append(one.version)
        for aggregate, found in versions.items():
            if found != list(range(1, len(found) + 1)):
                yield Flaw(Kind.DISORDER, f"{name}: the history of {aggregate} is {found}")
    owned = {one.event_id for one in _facts(books)}
    history = {one.event_id for one in books.streams[Stream.SUMMIT.value]}
    yield from (Flaw(Kind.UNPUBLISHED, f"SUMMIT lacks {one}") for one in sorted(owned - history))
    yield from (Flaw(Kind.GHOST, f"only SUMMIT has {one}") for one in sorted(history - owned))
    happened = Counter((one.name, _edition(one), _about(one)) for one in _facts(books) if one.name in _FINAL)
    for what, times in happened.items():
        if times > 1:
            yield Flaw(Kind.TWICE, f"{' '.join(what)} happened {times} times")


def _flaws_of_promises(promises: Promises, books: Books) -> Iterator[Flaw]:
    told = {(one.name, _edition(one), _about(one)) for one in _facts(books)}
    for act, name in _SAID_BY.items():
        for one in promises.of(act):
            if (name, one.edition_id, one.about) not in told:
                yield Flaw(
                    Kind.UNPUBLISHED, f"nobody was told that {one.about} of {one.edition_id} was {act}"
                )
    answered = {
        (one.name, _about(one), str(one.about.get("party") or one.about.get("by"))) for one in _facts(books)
    }
    for one in promises.of("answered"):
        verb, party = one.says.split()
        if (_ANSWERS[verb], one.about, party) not in answered:
            yield Flaw(Kind.UNPUBLISHED, f"nobody was told that {party} said {verb} to {one.about}")
    amended = Counter(
        (_edition(one), _about(one)) for one in _facts(books) if one.name == "delegation_amended"
    )
    for key, times in Counter((one.edition_id, one.about) for one in promises.of("amended")).items():
        if amended[key] < times:
            yield Flaw(
                Kind.UNPUBLISHED,
                f"{' '.join(key)} was amended {times} times and the world was told of {amended[key]}",
            )


def _flaws_of_doors(promises: Promises, books: Books) -> Iterator[Flaw]:
    registered = {(one.edition_id, one.about) for one in promises.of("registered")}
    for key in sorted(registered - books.delegations.keys()):
        yield Flaw(Kind.FORGOTTEN, f"registration lost {' '.join(key)}")
    for key in sorted(books.delegations.keys() - registered):
        yield Flaw(Kind.UNASKED, f"nobody sent {' '.join(key)}")
    languages = {(one.edition_id, one.about): one.says for one in promises.of("amended")}
    for key, language in languages.items():
        if key in books.delegations and books.delegations[key]["language"] != language:
            found = books.delegations[key]["language"]
            yield Flaw(Kind.FORGOTTEN, f"{' '.join(key)} was promised {language} and has {found}")
    for act, shown, service, lost in (
        ("asked", books.bilaterals, "scheduling", Kind.UNAPPLIED),  # asked at registration, which tells it
        ("pledged", books.pledges, "pledges", Kind.FORGOTTEN),
    ):
        known = {one.about for one in promises.of(act)}
        yield from (Flaw(lost, f"{service} lost {one}") for one in sorted(known - shown.keys()))
        for about in sorted(shown.keys() - known):
            yield Flaw(Kind.UNASKED, f"nobody {act} {about}, which {service} has")
    for one in promises.of("withdrawn"):
        seen = books.delegations.get((one.edition_id, one.about))
        if seen and seen["state"] != "withdrawn":
            yield Flaw(Kind.FORGOTTEN, f"{one.about} of {one.edition_id} withdrew and is {seen['state']}")
    for one in promises.of("pledge withdrawn"):
        if one.about in books.pledges and (state := books.pledges[one.about]["state"]) != "withdrawn":
            yield Flaw(Kind.FORGOTTEN, f"pledge {one.about} was withdrawn and is {state}")


def _ghosts(books: Books) -> Iterator[Flaw]:
    """What the world was told of and its owner knows nothing of."""
    for one in _facts(books):
        key = (_edition(one), _about(one))
        if (one.name == "pledge_made" and key[1] not in books.pledges) or (
            one.name == "delegation_registered" and key not in books.delegations
        ):
            yield Flaw(Kind.GHOST, f"{one.name} {' '.join(key)} was told, and its owner does not know it")


def _flaws_of_letters(books: Books) -> Iterator[Flaw]:
    for one, times in Counter(books.mail).items():
        if times > 1:
            yield Flaw(Kind.TWICE, f"mail {' '.join(one)} arrived {times} times")
    found = {message_id.partition("@")[0] for message_id, _ in books.mail}
    for letter_id, letter in books.letters.items():
        if letter["state"] == "sent" and letter_id not in found:
            yield Flaw(Kind.LETTER, f"letter {letter_id} counts as sent and never arrived")
        # Of an uncertain one nobody can know, and a person decides.
        if letter["state"] not in ("sent", "uncertain"):
            said = f"letter {letter_id} ({letter['letter']}) is {letter['state']}: {letter['reason']}"
            yield Flaw(Kind.LETTER, said)
    for letter_id in sorted(found - books.letters.keys()):
        yield Flaw(Kind.UNASKED, f"mail {letter_id} belongs to no letter")
    sent = {_about(one) for one in _facts(books) if one.name == "letter_sent"}
    due = {letter_id for letter_id, letter in books.letters.items() if letter["state"] == "sent"}
    for letter_id in sorted(due - sent):
        yield Flaw(Kind.UNPUBLISHED, f"nobody was told that letter {letter_id} was sent")
    written = {
        (one["edition_id"], one["invitee"]) for one in books.letters.values() if one["letter"] == _WRITTEN_OF
    }
    for fact in _facts(books):
        key = (_edition(fact), _about(fact))
        if fact.name == _WRITTEN_OF and key not in written:
            yield Flaw(Kind.UNAPPLIED, f"nobody wrote to {' '.join(key)} that it is registered")


def _flaws_of_readers(books: Books) -> Iterator[Flaw]:
    yield from (Flaw(Kind.UNAPPLIED, one) for one in books.unknown)
    if books.replayed is not None and books.shown != books.replayed:
        yield from _differences(books.shown or [], books.replayed)
    history = Counter(_edition(one) for one in books.streams[Stream.SUMMIT.value])
    for edition_id, heard in books.webhooks_heard.items():
        if heard != history[edition_id]:
            kind = Kind.UNAPPLIED if heard < history[edition_id] else Kind.APPLIED_TWICE
            said = f"webhooks heard {heard} facts of {edition_id}, and SUMMIT holds {history[edition_id]}"
            yield Flaw(kind, said)


def _set_aside(books: Books, poison_fed: int) -> Iterator[Flaw]:
    for one in books.dead_letters:
        if not (poison_fed and "pledges.pledge_made" in one):
            yield Flaw(Kind.APPLIED_TWICE if _THERE_ALREADY in one else Kind.SET_ASIDE, one)
    if books.junk > poison_fed:
        yield Flaw(Kind.GHOST, f"{books.junk} messages are no facts, and {poison_fed} were fed")


def _differences(shown: Iterable[list[object]], replayed: Iterable[list[object]]) -> Iterator[Flaw]:
    one, other = ({str(row[:3]): row[3] for row in rows} for rows in (shown, replayed))
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            kind = Kind.DIFFERENT if key in one else Kind.UNAPPLIED
            said = f"the portal shows {key} as {one.get(key)}, and a replay makes it {other.get(key)}"
            yield Flaw(kind, said)
