"""The judge finds nothing in books that balance, and names what is wrong in each that do not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from summit_testkit.chaos.books import Books, Told
from summit_testkit.chaos.judging import Kind, flaws
from summit_testkit.chaos.promises import Promises

E = "chaos-1"
REGISTERED = Told(1, "r1", "reg/delegation", 1, "delegation_registered", {"edition_id": E, "invitee": "KE"})
AMENDED = Told(2, "r2", "reg/delegation", 2, "delegation_amended", {"edition_id": E, "invitee": "KE"})
ASKED = Told(3, "r3", "reg/bilateral", 1, "bilateral_requested", {"edition_id": E, "bilateral_id": "b"})
ACCEPTED = Told(
    1, "s1", "sch/bilateral", 1, "bilateral_accepted", {"edition_id": E, "bilateral_id": "b", "by": "NO"}
)
PLEDGED = Told(1, "p1", "ple/pledge", 1, "pledge_made", {"edition_id": E, "pledge_id": "p"})
SENT = Told(1, "n1", "not/letter", 1, "letter_sent", {"edition_id": E, "letter_id": "l"})
SHOWN = [[E, "pledge", "p", {"state": "made"}]]


def promised() -> Promises:
    promises = Promises()
    promises.keep("registered", E, "KE")
    promises.keep("amended", E, "KE", "ru")
    promises.keep("asked", E, "b")
    promises.keep("answered", E, "b", "accept NO")
    promises.keep("pledged", E, "p")
    return promises


def balanced() -> Books:
    own = {
        "REGISTRATION": [REGISTERED, AMENDED, ASKED],
        "SCHEDULING": [ACCEPTED],
        "PLEDGES": [PLEDGED],
        "NOTIFICATIONS": [SENT],
    }
    letter = {
        "edition_id": E,
        "invitee": "KE",
        "letter": "delegation_registered",
        "state": "sent",
        "reason": None,
    }
    return Books(
        streams={**own, "SUMMIT": [one for stream in own.values() for one in stream]},
        junk=0,
        delegations={(E, "KE"): {"state": "nominated", "language": "ru"}},
        bilaterals={"b": {}},
        pledges={"p": {"state": "made"}},
        letters={"l": letter},
        mail=[("l@un.example", "focal@ke.example")],
        dead_letters=[],
        webhooks_heard={E: 6},
        shown=SHOWN,
        replayed=SHOWN,
    )


def without(books: Books, gone: Told) -> Books:
    """The fact is on no stream."""
    kept = {name: [one for one in stream if one != gone] for name, stream in books.streams.items()}
    return replace(books, streams=kept, webhooks_heard={E: 5})


def on(books: Books, stream: str, *facts: Told) -> Books:
    """The stream holds these."""
    return replace(books, streams={**books.streams, stream: list(facts)})


def letter(books: Books, **changed: Any) -> Books:
    """The letter is otherwise."""
    return replace(books, letters={"l": {**books.letters["l"], **changed}})


def _pledged_by_nobody() -> Told:
    about = {"edition_id": E, "pledge_id": "ghost"}
    return replace(PLEDGED, seq=2, event_id="p2", aggregate="ple/ghost", about=about)


PLANTED: dict[str, tuple[Callable[[Books], Books], Kind, str]] = {
    "a registration nobody heard of": (
        lambda books: without(books, REGISTERED),
        Kind.UNPUBLISHED,
        "KE of chaos-1 was registered",
    ),
    "a wish nobody heard of": (
        lambda books: without(books, ASKED),
        Kind.UNPUBLISHED,
        "b of chaos-1 was asked",
    ),
    "an answer nobody heard of": (
        lambda books: without(books, ACCEPTED),
        Kind.UNPUBLISHED,
        "NO said accept to b",
    ),
    "a pledge nobody heard of": (
        lambda books: without(books, PLEDGED),
        Kind.UNPUBLISHED,
        "p of chaos-1 was pledged",
    ),
    "an amendment nobody heard of": (
        lambda books: without(books, AMENDED),
        Kind.UNPUBLISHED,
        "the world was told of 0",
    ),
    "a delegation that is gone": (
        lambda books: replace(books, delegations={}),
        Kind.FORGOTTEN,
        "registration lost chaos-1 KE",
    ),
    "a delegation from nowhere": (
        lambda books: replace(books, delegations={**books.delegations, (E, "NO"): {}}),
        Kind.UNASKED,
        "nobody sent chaos-1 NO",
    ),
    "an amendment that is undone": (
        lambda books: replace(books, delegations={(E, "KE"): {"state": "nominated", "language": "en"}}),
        Kind.FORGOTTEN,
        "was promised ru and has en",
    ),
    "a wish that was not heard": (
        lambda books: replace(books, bilaterals={}),
        Kind.UNAPPLIED,
        "scheduling lost b",
    ),
    "a pledge that was made twice": (
        lambda books: replace(books, pledges={**books.pledges, "q": {"state": "made"}}),
        Kind.UNASKED,
        "nobody pledged q",
    ),
    "a fact twice": (
        lambda books: on(books, "PLEDGES", PLEDGED, replace(PLEDGED, seq=2)),
        Kind.TWICE,
        "PLEDGES holds p1 2 times",
    ),
    "a gap": (
        lambda books: on(books, "PLEDGES", replace(PLEDGED, version=2)),
        Kind.DISORDER,
        "the history of ple/pledge is [2]",
    ),
    "the wrong order": (
        lambda books: on(books, "REGISTRATION", AMENDED, REGISTERED, ASKED),
        Kind.DISORDER,
        "REGISTRATION: the history of reg/delegation is [2, 1]",
    ),
    "the same thing under another id": (
        lambda books: on(books, "PLEDGES", PLEDGED, replace(PLEDGED, event_id="p2", version=2)),
        Kind.TWICE,
        "pledge_made chaos-1 p happened 2 times",
    ),
    "a fact that the history lacks": (lambda books: on(books, "SUMMIT"), Kind.UNPUBLISHED, "SUMMIT lacks r1"),
    "a ghost in the history": (
        lambda books: on(
            books, "SUMMIT", *books.streams["SUMMIT"], replace(PLEDGED, event_id="ghost", version=2)
        ),
        Kind.GHOST,
        "only SUMMIT has ghost",
    ),
    "a mail twice": (
        lambda books: replace(books, mail=[*books.mail, *books.mail]),
        Kind.TWICE,
        "arrived 2 times",
    ),
    "a mail from nowhere": (
        lambda books: replace(books, mail=[*books.mail, ("x@un.example", "a@b.example")]),
        Kind.UNASKED,
        "mail x belongs to no letter",
    ),
    "a letter that never arrived": (
        lambda books: replace(books, mail=[]),
        Kind.LETTER,
        "counts as sent and never arrived",
    ),
    "a letter that waits for ever": (lambda books: letter(books, state="queued"), Kind.LETTER, "is queued"),
    "a letter nobody wrote": (
        lambda books: letter(books, letter="invitation"),
        Kind.UNAPPLIED,
        "nobody wrote to chaos-1 KE",
    ),
    "a page that differs from a replay": (
        lambda books: replace(books, shown=[[E, "pledge", "p", {"state": "draft"}]]),
        Kind.DIFFERENT,
        "a replay makes it",
    ),
    "a dead letter": (
        lambda books: replace(
            books, dead_letters=["portal: KeyError (summit.chaos-1.pledges.pledge_made.v1.p)"]
        ),
        Kind.SET_ASIDE,
        "portal: KeyError",
    ),
    "a fact that was applied before": (
        lambda books: replace(
            books, dead_letters=["webhooks: duplicate key value violates a constraint (s)"]
        ),
        Kind.APPLIED_TWICE,
        "webhooks: duplicate key",
    ),
    "a webhook that heard one too many": (
        lambda books: replace(books, webhooks_heard={E: 7}),
        Kind.APPLIED_TWICE,
        "webhooks heard 7",
    ),
    "a pledge of which only the world knows": (
        lambda books: on(books, "PLEDGES", PLEDGED, _pledged_by_nobody()),
        Kind.GHOST,
        "pledge_made chaos-1 ghost",
    ),
    "a summit that a service has not heard of": (
        lambda books: replace(books, unknown=["pledges does not know chaos-1"]),
        Kind.UNAPPLIED,
        "pledges does not know",
    ),
    "a page that the portal lacks": (
        lambda books: replace(books, shown=[]),
        Kind.UNAPPLIED,
        "a replay makes it",
    ),
    "junk on a stream": (lambda books: replace(books, junk=1), Kind.GHOST, "1 messages are no facts"),
    "a webhook that missed one": (
        lambda books: replace(books, webhooks_heard={E: 5}),
        Kind.UNAPPLIED,
        "webhooks heard 5",
    ),
}


def test_books_that_balance_have_no_flaw() -> None:
    assert flaws(promised(), balanced(), poison_fed=0) == []


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_wrong_is_named(name: str) -> None:
    plant, kind, said = PLANTED[name]
    found = flaws(promised(), plant(balanced()), poison_fed=0)
    assert any(one.kind is kind and said in one.says for one in found), found


def test_an_answer_of_500_and_one_that_never_came_are_flaws() -> None:
    promises = promised()
    promises.broken_doors.append("POST /pledges: internal")
    promises.unanswered.append("POST /pledges: no answer")
    assert len(flaws(promises, balanced(), poison_fed=0)) == 2


def test_dead_letters_where_poison_was_fed_are_none() -> None:
    fed = replace(balanced(), dead_letters=["portal: JSON (summit.chaos-1.pledges.pledge_made.v1.1)"], junk=1)
    assert flaws(promised(), fed, poison_fed=1) == []
