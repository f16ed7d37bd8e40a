"""The parts of a plan file, as they stand in it; nothing is worked out here that a rule could depend on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time that a meeting can take."""

    begins: datetime
    ends: datetime
    day: str
    """The date in the edition's zone."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where meetings are held."""

    code: str
    seats: int
    open_in: frozenset[int]
    """Numbers of slots."""
    equipment: frozenset[str]
    turn_round_minutes: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is to be placed once or not at all."""

    key: str
    parties: tuple[str, ...]
    weight: int
    seats: int
    length: int
    """In slots."""
    starts: frozenset[int]
    needs: tuple[str, ...]
    rest_minutes: int
    room: str | None
    """The only room it may have, if any."""
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """What a party may have at most; none is no limit."""

    party: str
    meetings: int | None
    per_day: int | None
    moves: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting begins in this slot, in this room."""

    meeting: str
    slot: int
    room: str


@dataclass(frozen=True, slots=True)
class Level:
    """What the certificate says of one aim."""

    code: str
    objective: int
    bound: int


@dataclass(frozen=True, slots=True)
class Price:
    """What one use of something scarce is charged in the proof of a bound."""

    kind: str
    subject: str
    at: str
    price: int
    """In 1/1,048,576 of a step of worth."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is said of the plan, and is to be checked."""

    input_hash: str
    status: str
    objective: int
    bound: int
    solver: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class PlanFile:
    """Everything that a plan file says."""

    number: int
    edition_id: str
    input_hash: str
    """Of the input as it stands in the file, computed here."""
    slots: tuple[Slot, ...]
    rooms: Mapping[str, Room]
    meetings: Mapping[str, Meeting]
    resources: Mapping[str, int]
    limits: Mapping[str, Limit]
    vetoes: tuple[frozenset[str], ...]
    published: Mapping[str, Place]
    classes: Mapping[str, str]
    places: tuple[Place, ...]
    certificate: Certificate
    prices: tuple[Price, ...]
