"""The judge: compares what was promised with what can be seen, and knows nothing of how it is done."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from summit_contracts.fact import Stream
from summit_testkit.chaos.books import PUBLIC, Books, Told
from summit_testkit.chaos.promises import Promises

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


def flaws(promises: Promises, books: Books, *, poison_fed: int) -> list[str]:
    """What is lost, twice, out of order or from nowhere; nothing if everything is as it was promised."""
    return [
        *promises.broken_doors,
        *promises.unanswered,
        *_flaws_of_streams(books),
        *_flaws_of_promises(promises, books),
        *_flaws_of_doors(promises, books),
        *_flaws_of_letters(books),
        *_flaws_of_readers(books, poison_fed),
    ]


def _facts(books: Books) -> list[Told]:
    return [one for stream in PUBLIC for one in books.streams[stream.value]]


def _about(told: Told) -> str:
    """What a fact speaks of, as the ledger calls it."""
    for name in ("bilateral_id", "pledge_id", "letter_id", "invitee"):
        if name in told.about:
            return str(told.about[name])
    return ""


def _flaws_of_streams(books: Books) -> Iterator[str]:
    for name, stream in books.streams.items():
        for event_id, times in Counter(one.event_id for one in stream).items():
            if times > 1:
                yield f"{name} holds {event_id} {times} times"
        versions: dict[str, list[int]] = defaultdict(list)
        for one in stream:
            versions[one.aggregate].append(one.version)
        for aggregate, found in versions.items():
            if found != list(range(1, len(found) + 1)):
                yield f"{name}: the history of {aggregate} is {found}"
    owned = {one.event_id for one in _facts(books)}
    history = {one.event_id for one in books.streams[Stream.SUMMIT.value]}
    yield from (f"SUMMIT lacks {one}" for one in sorted(owned - history))
    yield from (f"only SUMMIT has {one}" for one in sorted(history - owned))
    happened = Counter(
        (one.name, str(one.about.get("edition_id")), _about(one))
        for one in _facts(books)
        if one.name in _FINAL
    )
    yield from (f"{' '.join(what)} happened {times} times" for what, times in happened.items() if times > 1)


def _flaws_of_promises(promises: Promises, books: Books) -> Iterator[str]:
    told = {(one.name, str(one.about.get("edition_id")), _about(one)) for one in _facts(books)}
    for act, name in _SAID_BY.items():
        for one in promises.of(act):
            if (name, one.edition_id, one.about) not in told:
                yield f"nobody was told that {one.about} of {one.edition_id} was {act}"
    answered = {
        (one.name, _about(one), str(one.about.get("party") or one.about.get("by"))) for one in _facts(books)
    }
    for one in promises.of("answered"):
        verb, party = one.says.split()
        if (_ANSWERS[verb], one.about, party) not in answered:
            yield f"nobody was told that {party} said {verb} to {one.about}"
    amended = Counter(
        (str(one.about.get("edition_id")), _about(one))
        for one in _facts(books)
        if one.name == "delegation_amended"
    )
    for key, times in Counter((one.edition_id, one.about) for one in promises.of("amended")).items():
        if amended[key] < times:
            yield f"{' '.join(key)} was amended {times} times and the world was told of {amended[key]}"


def _flaws_of_doors(promises: Promises, books: Books) -> Iterator[str]:
    registered = {(one.edition_id, one.about) for one in promises.of("registered")}
    yield from (f"registration lost {' '.join(one)}" for one in sorted(registered - books.delegations.keys()))
    yield from (f"nobody sent {' '.join(one)}" for one in sorted(books.delegations.keys() - registered))
    languages = {(one.edition_id, one.about): one.says for one in promises.of("amended")}
    for key, language in languages.items():
        if key in books.delegations and books.delegations[key]["language"] != language:
            yield f"{' '.join(key)} was promised {language} and has {books.delegations[key]['language']}"
    for act, shown, service in (
        ("asked", books.bilaterals, "scheduling"),
        ("pledged", books.pledges, "pledges"),
    ):
        known = {one.about for one in promises.of(act)}
        yield from (f"{service} lost {one}" for one in sorted(known - shown.keys()))
        yield from (f"nobody {act} {one}, which {service} has" for one in sorted(shown.keys() - known))
    for one in promises.of("withdrawn"):
        seen = books.delegations.get((one.edition_id, one.about))
        if seen and seen["state"] != "withdrawn":
            yield f"{one.about} of {one.edition_id} withdrew and is {seen['state']}"
    for one in promises.of("pledge withdrawn"):
        if one.about in books.pledges and books.pledges[one.about]["state"] != "withdrawn":
            yield f"pledge {one.about} was withdrawn and is {books.pledges[one.about]['state']}"


def _flaws_of_letters(books: Books) -> Iterator[str]:
    arrived = Counter(books.mail)
    yield from (f"mail {' '.join(one)} arrived {times} times" for one, times in arrived.items() if times > 1)
    found = {message_id.partition("@")[0] for message_id, _ in books.mail}
    for letter_id, letter in books.letters.items():
        if letter["state"] == "sent" and letter_id not in found:
            yield f"letter {letter_id} counts as sent and never arrived"
        if letter["state"] not in (
            "sent",
            "uncertain",
        ):  # of an uncertain one nobody can know, and a person decides
            yield f"letter {letter_id} ({letter['letter']}) is {letter['state']}: {letter['reason']}"
    yield from (f"mail {one} belongs to no letter" for one in sorted(found - books.letters.keys()))
    sent = {_about(one) for one in _facts(books) if one.name == "letter_sent"}
    due = {one for one, letter in books.letters.items() if letter["state"] == "sent"}
    yield from (f"nobody was told that letter {one} was sent" for one in sorted(due - sent))
    written = {
        (one["edition_id"], one["invitee"]) for one in books.letters.values() if one["letter"] == _WRITTEN_OF
    }
    for one in _facts(books):
        if (
            one.name == _WRITTEN_OF
            and (key := (one.about["edition_id"], one.about["invitee"])) not in written
        ):
            yield f"nobody wrote to {' '.join(key)} that it is registered"


def _flaws_of_readers(books: Books, poison_fed: int) -> Iterator[str]:
    if books.shown != books.replayed:
        yield from _differences(books.shown or [], books.replayed or [])
    for one in books.dead_letters:
        if not (poison_fed and "pledges.pledge_made" in one):
            yield f"set aside without poison: {one}"
    history = Counter(str(one.about.get("edition_id")) for one in books.streams[Stream.SUMMIT.value])
    for edition_id, heard in books.webhooks_heard.items():
        if heard != history[edition_id]:
            yield f"webhooks heard {heard} facts of {edition_id}, and SUMMIT holds {history[edition_id]}"
    if books.junk > poison_fed:
        yield f"{books.junk} messages are no facts, and {poison_fed} were fed"


def _differences(shown: Iterable[list[object]], replayed: Iterable[list[object]]) -> Iterator[str]:
    one, other = ({str(row[:3]): row[3] for row in rows} for rows in (shown, replayed))
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            yield f"the portal shows {key} as {one.get(key)}, and a replay makes it {other.get(key)}"
