"""A year of facts, as many as one wants: summit after summit, each as large and as mixed as the play of UNCOPS 2022."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from summit_contracts import reference
from summit_contracts.catalogue import seal
from summit_contracts.editions import Edition
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_contracts.notifications import LetterSent
from summit_contracts.pledges import (
    CompactAdhered,
    NeedPublished,
    PledgeAccepted,
    PledgeAcknowledged,
    PledgeMade,
    PledgeProgressReported,
)
from summit_contracts.registration import BilateralRequested, EditionPublished
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    TimetablePublished,
)
from summit_contracts.testing import examples_of
from summit_contracts.values import InviteeKind
from summit_testkit.histories import registrations

_BEGIN = datetime(2022, 6, 1, 9, tzinfo=UTC)
_STATES = tuple(code for code, one in reference.invitees().items() if one.kind is InviteeKind.MEMBER_STATE)
_BILATERALS, _PLEDGES, _NEEDS, _COMPACTS, _LETTERS = 600, 177, 24, 90, 1_100
_DECLINED, _PLACED, _MOVED = 0.15, 0.9, 0.1
"""Shares: of what was asked for, of what was agreed, and of what was placed."""


def year() -> Iterator[Envelope[Any]]:
    """Facts in the order in which each owner would have published them, without end; the same each time."""
    for number in count(1):
        yield from summit(f"summit-{number}", number)


def summit(edition_id: str, seed: int) -> Iterator[Envelope[Any]]:
    """About 4,400 facts of one summit."""
    versions: Counter[str] = Counter()

    def told(facts: Iterator[Fact]) -> Iterator[Envelope[Any]]:
        for number, fact in enumerate(facts):
            versions[fact.aggregate_id] += 1
            yield seal(
                fact,
                id=f"{edition_id}-{fact.schema_name()}-{number}",
                at=_BEGIN + timedelta(minutes=number),
                version=versions[fact.aggregate_id],
            )

    random = Random(seed)
    yield from told(iter([_of(EditionPublished, edition_id)]))
    yield from registrations(seed, edition_id, _STATES)
    yield from told(_rest(random, edition_id))


def _rest(random: Random, edition_id: str) -> Iterator[Fact]:
    yield _of(TimetablePublished, edition_id, number=1)
    for number in range(_BILATERALS):
        yield from _bilateral(random, edition_id, f"bil-{number}")
    yield _of(TimetablePublished, edition_id, number=2)
    for number in range(_NEEDS):
        yield _of(NeedPublished, edition_id, need_id=f"need-{number}")
    for number in range(_PLEDGES):
        whose = {"pledge_id": f"P-{number}", "pledger": random.choice(_STATES)}
        for kind in (PledgeMade, PledgeAcknowledged, PledgeAccepted, PledgeProgressReported):
            yield _of(kind, edition_id, **whose)
    for code in random.sample(_STATES, _COMPACTS):
        yield _of(CompactAdhered, edition_id, adherent=code)
    for number in range(_LETTERS):
        yield _of(LetterSent, edition_id, letter_id=f"L-{number}", invitee=random.choice(_STATES))


def _bilateral(random: Random, edition_id: str, bilateral_id: str) -> Iterator[Fact]:
    requester, counterpart = random.sample(_STATES, 2)
    met: dict[str, Any] = {"bilateral_id": bilateral_id, "counterparts": (counterpart,)}
    yield _of(BilateralRequested, edition_id, invitee=requester, **met)
    met["requester"] = requester
    if random.random() < _DECLINED:
        yield _of(BilateralDeclined, edition_id, **met, by=counterpart)
        return
    yield _of(BilateralAccepted, edition_id, **met, by=counterpart, awaiting=())
    if random.random() < _PLACED:
        yield _of(BilateralScheduled, edition_id, **met)
        if random.random() < _MOVED:
            yield _of(BilateralMoved, edition_id, **met)


def _of(fact: type[Fact], edition_id: str, **said: Any) -> Fact:
    """The full example, about this summit and with these words."""
    changed = {"edition_id": edition_id, **said}
    if fact is EditionPublished:
        edition: Any = examples_of(fact).full.model_dump()["edition"]
        changed["edition"] = Edition.model_validate(edition | {"edition_id": edition_id})
    return examples_of(fact).full.model_copy(update=changed)
