"""What registration could have published about a summit: whole, in order, different for each seed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from summit_contracts.catalogue import seal
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_contracts.registration import (
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    InvitationDeclined,
    InvitationIssued,
    MemberSummary,
)
from summit_contracts.values import FieldChange, Function, InviteeKind, Language, Rank

_BEGIN = datetime(2022, 6, 1, 9, tzinfo=UTC)
STATES = ("AR", "CN", "DE", "EG", "FR", "JP", "KE", "NP", "RU", "RW", "SN", "US")


def registrations(
    seed: int, edition_id: str = "uncops-2022", states: Sequence[str] = STATES
) -> list[Envelope[Any]]:
    """Invitations, delegations and accreditations of these States, as registration would have published them."""
    random = Random(seed)
    told: list[Fact] = []
    stories = [list(_story(random, edition_id, code)) for code in states]
    while stories := [story for story in stories if story]:
        told.append(random.choice(stories).pop(0))
    versions: dict[str, int] = {}
    sealed = []
    for number, fact in enumerate(told):
        versions[fact.aggregate_id] = versions.get(fact.aggregate_id, 0) + 1
        at = _BEGIN + timedelta(minutes=number)
        sealed.append(
            seal(fact, id=f"{edition_id}-{seed}-{number}", at=at, version=versions[fact.aggregate_id])
        )
    return sealed


def _story(random: Random, edition_id: str, code: str) -> Iterator[Fact]:
    """What happened to one invitee."""
    mine: dict[str, Any] = {"edition_id": edition_id, "invitee": code}
    yield InvitationIssued(
        **mine,
        kind=InviteeKind.MEMBER_STATE,
        language=Language.ENGLISH,
        quota=5,
        nominate_by_at=_BEGIN + timedelta(days=30),
        confirm_by_at=_BEGIN + timedelta(days=60),
    )
    if random.random() < 0.2:
        yield InvitationDeclined(**mine)
        return
    members = tuple(_member(random, number) for number in range(random.randint(1, 5)))
    whole: dict[str, Any] = {**mine, "kind": InviteeKind.MEMBER_STATE, "language": Language.ENGLISH}
    yield DelegationRegistered(**whole, state=DelegationState.NOMINATED, members=members)
    if random.random() < 0.7:
        yield DelegationConfirmed(**whole, state=DelegationState.CONFIRMED, members=members)
    for one in members:
        if random.random() < 0.6:
            yield (
                DelegateAccredited(**mine, member_id=one.member_id, function=one.function, rank=one.rank)
                if random.random() < 0.8
                else DelegateRefused(**mine, member_id=one.member_id, reason="security")
            )
    if random.random() < 0.3:
        fewer = members[: max(1, len(members) - 1)]
        change = FieldChange(path="members", before=str(len(members)), after=str(len(fewer)))
        yield DelegationAmended(**whole, state=DelegationState.CONFIRMED, members=fewer, changes=(change,))
    if random.random() < 0.1:
        yield DelegationWithdrawn(**mine)


def _member(random: Random, number: int) -> MemberSummary:
    function = Function.HEAD if number == 0 else random.choice([Function.ALTERNATE, Function.MEMBER])
    return MemberSummary(member_id=f"m{number}", function=function, rank=random.choice(list(Rank)))
