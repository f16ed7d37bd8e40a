"""Who takes part in the play and what they will do: seeded, so that the same seed plays the same summit.

The invitees, their kinds and languages, the days and the pledges are real. The delegations' people, their wishes and their
answers are generated: no real person stands in them, and every address ends in `.example`, which no mail ever reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Any, TypeVar

from summit_cli.play.size import USUAL, Size
from summit_contracts import reference
from summit_contracts.editions import Edition, EditionInvitee
from summit_contracts.values import InviteeKind, Rank

T = TypeVar("T")

_ORGANISATIONS = ("INTERPOL", "EUROPOL", "AFRIPOL", "AFRICAN-UNION", "EU")
_ZIPF = 0.9
"""How steeply demand falls from the most wanted counterpart to the next. Source: docs/algorithms/timetable.md, family A."""
_PRIORITIES = ((1, 15), (2, 35), (3, 50))
_HEADS = (
    (Rank.MINISTER, 30),
    (Rank.DEPUTY_MINISTER, 15),
    (Rank.HEAD_OF_POLICE, 40),
    (Rank.PERMANENT_REPRESENTATIVE, 8),
    (Rank.DEPUTY_HEAD_OF_POLICE, 7),
)
_TOPICS = (
    "Deployment of individual police officers",
    "Formed police units",
    "Training partnership",
    "Women in United Nations policing",
    "Transnational organized crime",
    "Community-oriented policing",
    "Host-State police capacity-building",
    "Specialized police teams",
    "Digital technology and evidence",
    "Performance and accountability",
)


@dataclass(frozen=True)
class Asked:
    """A bilateral somebody asked for."""

    asker: str
    other: str
    days: tuple[str, ...]
    """The days on which it may be held."""


@dataclass(frozen=True)
class Answer:
    """What a counterpart says to a wish."""

    verb: str
    """`accept`, `decline`, or `counter`, which the requester then accepts."""
    body: dict[str, Any]


class Cast:
    """The play's people and plans, made from an edition and a seed: the same ones every time."""

    def __init__(self, edition: Edition, *, size: Size = USUAL) -> None:
        self.edition = edition
        self._seed = size.seed
        self._delegations = size.delegations
        self._wishes = size.wishes

    def _chance(self, purpose: str) -> Random:
        return Random(f"{self.edition.edition_id}/{self._seed}/{purpose}")  # noqa: S311  # a seeded play, no secret

    @cached_property
    def principals(self) -> tuple[str, ...]:
        """UN principals: met, but sending no delegation."""
        return tuple(one.code for one in self.edition.invitees if one.kind is InviteeKind.PRINCIPAL)

    @cached_property
    def attending(self) -> tuple[EditionInvitee, ...]:
        """Whose delegations come: organisations that police work lives by, and States drawn by the seed."""
        candidates = [one for one in self.edition.invitees if one.kind is not InviteeKind.PRINCIPAL]
        organisations = [one for one in candidates if one.code in _ORGANISATIONS][: self._delegations // 4]
        states = [one for one in candidates if one.kind is InviteeKind.MEMBER_STATE]
        drawn = self._chance("attendance").sample(
            states, min(len(states), self._delegations - len(organisations))
        )
        return tuple(sorted([*organisations, *drawn], key=lambda one: one.code))

    @cached_property
    def addressees(self) -> list[dict[str, Any]]:
        """Whom each invitation goes to: a focal point and a backup. Principals are met, not invited."""
        return [
            {
                "invitee": one.code,
                "focal": {
                    "nominator": self._focal_point(one, "Focal point", "focal-point"),
                    "backup": self._focal_point(one, "Second focal point", "second-focal-point"),
                },
            }
            for one in self.edition.invitees
            if one.kind is not InviteeKind.PRINCIPAL
        ]

    def _focal_point(self, invitee: EditionInvitee, title: str, mailbox: str) -> dict[str, str]:
        name = f"{title}, {reference.name(invitee.code, invitee.language)}"
        email = f"{mailbox}@{invitee.code.lower()}.example"
        return {"name": name[:200], "email": email, "language": invitee.language.value}

    @cached_property
    def forms(self) -> dict[str, dict[str, Any]]:
        """Each delegation's form, wishes included."""
        wishes = self._all_wishes()
        return {
            one.code: {
                "language": one.language.value,
                "members": self._members(one),
                "wishes": wishes.get(one.code, []),
            }
            for one in self.attending
        }

    def _members(self, invitee: EditionInvitee) -> list[dict[str, Any]]:
        chance = self._chance(f"members/{invitee.code}")
        head = _drawn(chance, _HEADS)
        size = min(self.edition.quota_of(invitee), chance.randint(2, 6))
        ranks = [head, Rank.HEAD_OF_POLICE, *[Rank.SENIOR_OFFICER] * 2, *[Rank.EXPERT] * 6]
        titles = [
            "Head of delegation",
            "Alternate head of delegation",
            *[f"Adviser {number}" for number in range(1, 9)],
        ]
        name = reference.name(invitee.code, invitee.language)
        return [
            {
                "function": "head" if place == 0 else "alternate" if place == 1 else "member",
                "rank": max(ranks[place], head, key=lambda rank: rank.precedence).value,
                "person": {
                    "name": f"{titles[place]}, {name}"[:200],
                    "email": f"delegate-{place + 1}@{invitee.code.lower()}.example",
                    "language": invitee.language.value,
                },
            }
            for place in range(size)
        ]

    def _all_wishes(self) -> dict[str, list[dict[str, Any]]]:
        """Heavy-tailed demand: few are wanted by everybody, some ask for many, each pair is asked for once."""
        chance = self._chance("wishes")
        askers = [one.code for one in self.attending]
        wanted = [*askers, *self.principals]
        chance.shuffle(wanted)
        popularity = [1 / (place + 1) ** _ZIPF for place in range(len(wanted))]
        zeal = [chance.paretovariate(1.5) for _ in askers]
        days = self.edition.bilateral_days()
        pairs: set[frozenset[str]] = set()
        wishes: dict[str, list[dict[str, Any]]] = {}
        limit = self.edition.wishes_per_delegation
        attempts = 0
        while len(pairs) < self._wishes and attempts < self._wishes * 100:
            attempts += 1
            asker, other = chance.choices(askers, zeal)[0], chance.choices(wanted, popularity)[0]
            if asker == other or frozenset((asker, other)) in pairs or len(wishes.get(asker, ())) >= limit:
                continue
            pairs.add(frozenset((asker, other)))
            wishes.setdefault(asker, []).append(self._wish(chance, asker, other, days))
        return wishes

    def _wish(self, chance: Random, asker: str, other: str, days: Sequence[date]) -> dict[str, Any]:
        invitee = self.edition.invitee(asker)
        chosen = days if chance.random() < 0.7 else [chance.choice(days)]
        return {
            "counterparts": [other],
            "priority": _drawn(chance, _PRIORITIES),
            "topic": chance.choice(_TOPICS),
            "level": chance.choice(
                (Rank.HEAD_OF_POLICE, Rank.DEPUTY_HEAD_OF_POLICE, Rank.SENIOR_OFFICER)
            ).value,
            "language": invitee.language.value if invitee else "en",
            "size": chance.choice((4, 6, 8, 8, 10, 12)),
            "days": [on.isoformat() for on in chosen],
        }

    def answer(self, asked: Asked) -> Answer:
        """What the counterpart says: most accept, some decline, some propose another day."""
        other = asked.other
        chance = self._chance(f"answer/{asked.asker}/{other}")
        drawn = chance.random()
        if drawn < 0.88:
            return Answer("accept", {"invitee": other})
        if drawn < 0.95:
            return Answer(
                "decline",
                {"invitee": other, "reason": "no_time", "note": "No time is left on the days asked for."},
            )
        days = [on.isoformat() for on in self.edition.bilateral_days()]
        better = next((day for day in reversed(days) if (day,) != asked.days), None)
        if better is None:
            return Answer("accept", {"invitee": other})
        return Answer(
            "counter", {"invitee": other, "days": [better], "note": "That day would suit us better."}
        )


def _drawn(chance: Random, table: Sequence[tuple[T, int]]) -> T:
    """One of the first column, as often as the second says."""
    return chance.choices([value for value, _ in table], [weight for _, weight in table])[0]
