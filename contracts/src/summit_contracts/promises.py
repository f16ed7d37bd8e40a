"""What needs, pledges and reports say: what of, how many, how much, by when, with whom, under which condition, and where it was said.

Capabilities, units and the like are codes of the capability taxonomy whose version stands beside them.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from summit_contracts.quantities import Amount, Exact, Percent, Quantity, Timeline
from summit_contracts.values import Code, InviteeCode, Key, Language, LongText, Money, ShortText, Value

TaxonomyVersion = Annotated[int, Field(ge=1, le=10**6)]
"""Which version of the capability taxonomy the codes are from; a code never changes its meaning in a later one."""


class Condition(Value):
    """What must be so for the promise to hold, or what limits it."""

    kind: Code
    """From the taxonomy, e.g. `agreement`, `consultation`, `place_open`; `remark` limits nothing."""
    words: ShortText


class Partner(Value):
    """Somebody who makes the promise good together with the pledger, who leads and alone reports (D7).

    A share is part of the whole and never added to it.
    """

    invitee: InviteeCode | None = None
    words: ShortText | None = None
    """Who it is, where no invitee is named."""
    share: Annotated[Exact | Percent, Field(discriminator="kind")] | None = None
    """How much of the quantity this partner bears; per cent of the quantity where it says per cent."""
    money: Money | None = None
    """How much of the amount this partner bears."""

    @model_validator(mode="after")
    def _is_named_once(self) -> Self:
        if (self.invitee is None) == (self.words is None):
            raise ValueError("a partner is an invitee or is named in words, not both or neither")
        return self


class Announcement(Value):
    """Where and how it was first said."""

    event: ShortText
    """The meeting, e.g. a ministerial or a summit."""
    announced_on: date
    instrument: Code | None = None
    """From the taxonomy, e.g. `statement`, `note_verbale`, `form`."""


class Source(Value):
    """Where the promise can be read. Sources may disagree; each then says how it counts."""

    reference: Annotated[LongText, Field(max_length=2000)]
    """An address, a document symbol or a paragraph."""
    kind: Code
    """From the taxonomy, e.g. `official_speech`, `press`."""
    is_copy: bool = False
    """Whether it was read in another's copy."""
    inferred: Annotated[tuple[Literal["currency", "date"], ...], Field(max_length=2)] = ()
    """What the source does not say and was concluded."""
    quantity: Quantity | None = None
    """How many this source gives, where it differs from the promise."""


class Additionality(StrEnum):
    """Whether something is promised that was not promised before (D17)."""

    NEW = "new"
    REAFFIRMATION = "reaffirmation"
    """An older promise, said again or advanced; counted apart."""
    NOT_STATED = "not_stated"
    """Only for promises that were recorded from a source which does not say."""


class Nature(StrEnum):
    """What was said, as a reviewer classes it; only a commitment counts as a pledge."""

    COMMITMENT = "commitment"
    READINESS = "readiness"
    """A general willingness that nobody can be held to."""
    PRACTICE = "practice"
    """A description of what is done anyway."""


class Promise(Value):
    """What is promised, complete: what, how many, how much, by when, with whom, under which condition, said where."""

    taxonomy: TaxonomyVersion
    category: Code
    """The capability's place in the taxonomy, e.g. `police`, `training`."""
    capability: Code
    """What of, e.g. `formed_police_unit`."""
    designation: ShortText | None = None
    """What the pledger calls it, where the capability's name says less."""
    quantity: Quantity
    amount: Amount | None = None
    """Money, where money is promised; a promise may have a quantity as well."""
    timeline: Timeline
    conditions: Annotated[tuple[Condition, ...], Field(max_length=20)] = ()
    partners: Annotated[tuple[Partner, ...], Field(max_length=50)] = ()
    place: ShortText | None = None
    """The mission or country it is for."""
    words: LongText | None = None
    """The promise as the pledger put it."""
    language: Language = Language.ENGLISH
    """What `words`, `designation`, `place` and the words of conditions and timeline are written in."""
    additionality: Additionality
    nature: Nature = Nature.COMMITMENT
    announced: Announcement | None = None
    need_id: Key | None = None
    """The published need it answers."""
    reference: Key | None = None
    """Its number in the register it came from."""
    sources: Annotated[tuple[Source, ...], Field(max_length=20)] = ()
    follow_up: LongText | None = None
    """What was known of its delivery when it was recorded; reports come after and stand apart."""


class Need(Value):
    """What UN Police requires, as data (D8)."""

    taxonomy: TaxonomyVersion
    category: Code
    capability: Code
    quantity: Quantity
    timeline: Timeline
    place: ShortText | None = None
    """The mission or country it is for; none for any."""
    requirements: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    """What it must bring, e.g. a language or equipment."""
    words: LongText | None = None
    """What the numbers do not say."""
    language: Language = Language.ENGLISH
    """What `words`, `place` and `requirements` are written in."""
    source: Source | None = None
    """The paper it comes from."""


class PledgeState(StrEnum):
    """How far a pledge has come. A draft is nobody's business and is not published."""

    MADE = "made"
    ACKNOWLEDGED = "acknowledged"
    """The secretariat has received it and looks at it."""
    RETURNED = "returned"
    """The secretariat has questions; an amendment answers them."""
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"


class Side(StrEnum):
    """Who says or does something about a pledge."""

    PLEDGER = "pledger"
    SECRETARIAT = "secretariat"


class HeldBack(StrEnum):
    """A part of a pledge that its pledger keeps from the public (D19)."""

    AMOUNT = "amount"
    CONDITIONS = "conditions"
    PARTNERS = "partners"
    PLACE = "place"
    WORDS = "words"
    FOLLOW_UP = "follow_up"


class DeliveryReport(Value):
    """What one side says has been delivered so far, all together, not since the last report."""

    side: Side
    as_of_on: date
    """The day it describes."""
    delivered: Annotated[Exact | Percent, Field(discriminator="kind")] | None = None
    paid: Money | None = None
    is_complete: bool
    """Whether this side holds that the pledge is fulfilled."""
    words: LongText | None = None
    references: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()
    """Documents that prove it: symbols, addresses."""
