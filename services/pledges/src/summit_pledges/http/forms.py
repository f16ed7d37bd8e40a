"""What comes in over HTTP."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from summit_chassis.answers import Body
from summit_contracts.promises import DeliveryReport, HeldBack, Nature, Need, Promise, Side
from summit_contracts.quantities import Exact, Percent
from summit_contracts.values import Code, Instant, InviteeCode, Language, LongText, Money, ShortText
from summit_pledges.domain.compact import Instrument, Reservation
from summit_pledges.domain.visibility import PRIVATE, PUBLIC, Openness, Visibility, embargoed


def _knowing_every_field(given: Any, parse: ValidatorFunctionWrapHandler) -> Any:
    """Values of the contracts ignore what they do not know, as a fact's reader must; a form says what it ignores."""
    parsed = parse(given)
    unknown = list(_unknown("", given, parsed.model_dump()))
    if unknown:
        raise ValueError(f"there is no field {', '.join(unknown)}")
    return parsed


def _unknown(path: str, given: Any, known: Any) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            inner = f"{path}.{name}" if path else str(name)
            if name not in known:
                yield inner
            else:
                yield from _unknown(inner, value, known[name])
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for position, (value, read) in enumerate(zip(given, known, strict=False)):
            yield from _unknown(f"{path}[{position}]", value, read)


PromiseForm = Annotated[Promise, WrapValidator(_knowing_every_field)]
NeedForm = Annotated[Need, WrapValidator(_knowing_every_field)]


class VisibilityForm(Body):
    """How open a pledge is to be once it is made."""

    openness: Openness
    until_at: Instant | None = None
    """For an embargo: the first moment at which it is public."""

    @model_validator(mode="after")
    def _ends_if_embargoed(self) -> Self:
        if (self.openness is Openness.EMBARGOED) != (self.until_at is not None):
            raise ValueError("an embargo has an end, and nothing else has")
        return self

    def visibility(self, now: datetime) -> Visibility:
        """The same as the domain has it.

        Raises:
            EmbargoLiesBehind: the embargo's end has come already.
        """
        if self.until_at is not None:
            return embargoed(self.until_at, now=now)
        return PUBLIC if self.openness is Openness.PUBLIC else PRIVATE


class AdviceBody(Body):
    """A promise as far as it was typed; what is not said yet stands as none given and open."""

    promise: PromiseForm


class DraftBody(Body):
    """A pledge to begin."""

    pledger: InviteeCode
    """Who promises; `UN-SECRETARIAT` for the Secretariat itself."""
    promise: PromiseForm
    visibility: VisibilityForm = VisibilityForm(openness=Openness.PUBLIC)
    held_back: frozenset[HeldBack] = frozenset()
    """Parts that are not for the public."""
    make: bool = False
    """Whether it is a pledge at once, not a draft."""


class AmendBody(Body):
    """What of a pledge is to be otherwise; what is left out stays as it stands."""

    promise: PromiseForm | None = None
    """The whole of it."""
    held_back: frozenset[HeldBack] | None = None
    """All parts that are not for the public."""
    visibility: VisibilityForm | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.promise is None and self.held_back is None and self.visibility is None:
            raise ValueError("say what is to be otherwise: promise, held_back or visibility")
        return self


class ReturnBody(Body):
    """What the pledger is asked."""

    asks: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    """From the taxonomy's vocabulary `ask`; public."""
    question: LongText | None = None
    """In the secretariat's own words, for the pledger alone."""


class ClassifyBody(Body):
    """What was said."""

    nature: Nature
    note: LongText | None = None


class Reasoned(Body):
    """A step that may say why."""

    reason: LongText | None = None


class ReportBody(Body):
    """What has been delivered up to a day, all together."""

    side: Side | None = None
    """Whose report it is; none means the caller's own side."""
    as_of_on: date
    delivered: Annotated[Exact | Percent, Field(discriminator="kind")] | None = None
    paid: Money | None = None
    is_complete: bool
    words: LongText | None = None
    references: Annotated[tuple[ShortText, ...], Field(max_length=20)] = ()

    def report(self, own: Side) -> DeliveryReport:
        """The report, of the caller's side where none is named."""
        return DeliveryReport(**{**dict(self), "side": self.side or own})


class NeedBody(Body):
    """A need."""

    need: NeedForm


class IntentionBody(Body):
    """A notice of the intention to adhere."""

    adherent: InviteeCode
    notified_on: date
    is_public: bool
    """Whether the invitee agrees to be counted among those who intend to."""


class AdherenceBody(Body):
    """An instrument that was received."""

    adherent: InviteeCode
    instrument: Code
    """From the taxonomy's vocabulary `instrument`."""
    text_version: ShortText
    adhered_on: date
    reservation: LongText | None = None
    reservation_language: Language | None = None

    @model_validator(mode="after")
    def _reserves_in_a_language(self) -> Self:
        if (self.reservation is None) != (self.reservation_language is None):
            raise ValueError("a reservation has a language, and nothing else has")
        return self

    def as_instrument(self) -> Instrument:
        """The instrument as the domain has it."""
        reservation = None
        if self.reservation is not None and self.reservation_language is not None:
            reservation = Reservation(self.reservation, self.reservation_language)
        return Instrument(self.instrument, self.text_version, self.adhered_on, reservation)


class LeaveBody(Body):
    """A notice of withdrawal."""

    withdrawn_on: date
    """From which day on the invitee does not adhere."""
    reason: LongText | None = None
