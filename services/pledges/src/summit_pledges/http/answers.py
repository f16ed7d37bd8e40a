"""What goes out over HTTP."""

from collections.abc import Mapping
from datetime import date, datetime

from summit_chassis.answers import Answer
from summit_contracts.promises import Additionality, DeliveryReport, HeldBack, Need, Promise, Side
from summit_contracts.values import Language
from summit_pledges.domain.advice import Criterion, Smartness
from summit_pledges.domain.compact import Adherence, AdherenceStage
from summit_pledges.domain.history import Stage, Step
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Census
from summit_pledges.domain.quantity import Bounds, Gap
from summit_pledges.domain.readers import Reader
from summit_pledges.domain.visibility import Openness
from summit_pledges.handlers.import_pledges import ImportedPledges
from summit_pledges.handlers.queries import CapabilityTotal, advice


class AskAnswer(Answer):
    """One thing that a better promise would say."""

    criterion: Criterion
    ask: str
    field: str


class AdviceAnswer(Answer):
    """How well what was typed so far can be followed, and what a better promise would say."""

    score: int
    """How many of five criteria are met."""
    met: list[Criterion]
    asks: list[AskAnswer]

    @classmethod
    def of(cls, smartness: Smartness) -> "AdviceAnswer":
        """The advice, in the order of the criteria."""
        asks = [AskAnswer(criterion=one.criterion, ask=one.ask, field=one.field) for one in smartness.advice]
        return cls(
            score=smartness.score,
            met=[criterion for criterion in Criterion if criterion in smartness.met],
            asks=asks,
        )


class StepAnswer(Answer):
    """One thing that was done about a pledge."""

    step: str
    side: Side
    account: str
    at: datetime
    state: Stage
    note: str | None
    asks: tuple[str, ...]
    report: DeliveryReport | None

    @classmethod
    def of(cls, step: Step) -> "StepAnswer":
        """The step with its author's account."""
        named = {name: getattr(step, name) for name in ("step", "at", "note", "asks", "report")}
        return cls(side=step.by.side, account=step.by.account, state=step.stage, **named)


class InsideAnswer(Answer):
    """What only a pledge's own side and the desk see."""

    openness: Openness
    embargo_until_at: datetime | None
    score: int
    """How many of five criteria the promise meets."""
    asks: list[AskAnswer]
    history: list[StepAnswer]

    @classmethod
    def of(cls, pledge: Pledge, smartness: Smartness) -> "InsideAnswer":
        """Openness, advice and history."""
        return cls(
            openness=pledge.visibility.openness,
            embargo_until_at=pledge.visibility.until_at,
            score=smartness.score,
            asks=AdviceAnswer.of(smartness).asks,
            history=[StepAnswer.of(step) for step in pledge.history],
        )


class PledgeAnswer(Answer):
    """A pledge as the caller may see it."""

    edition_id: str
    pledge_id: str
    pledger: str
    recorded_by: Side
    state: Stage
    promise: Promise
    """For others than its own side and the desk without what is held back."""
    held_back: list[HeldBack]
    made_at: datetime | None
    published_at: datetime | None
    """None while it is not public."""
    self_report: DeliveryReport | None
    evidence: DeliveryReport | None
    advice: list[str]
    """What could be asked about it, from the taxonomy's vocabulary `ask`; for its own side and the desk."""
    inside: InsideAnswer | None
    """None for others."""
    revision: int

    @classmethod
    def of(cls, pledge: Pledge, reader: Reader) -> "PledgeAnswer":
        """As much of the pledge as the reader may see."""
        smartness = advice(pledge.promise) if reader.owns(pledge) else None
        return cls(
            edition_id=pledge.edition_id,
            pledge_id=pledge.pledge_id,
            pledger=pledge.pledger,
            recorded_by=pledge.recorded_by,
            state=pledge.stage,
            promise=reader.promise_of(pledge),
            held_back=[part for part in HeldBack if part in pledge.held_back],
            made_at=pledge.made_at,
            published_at=pledge.published_at,
            self_report=pledge.latest_report(Side.PLEDGER),
            evidence=pledge.latest_report(Side.SECRETARIAT),
            advice=list(dict.fromkeys(one.ask for one in smartness.advice)) if smartness else [],
            inside=InsideAnswer.of(pledge, smartness) if smartness else None,
            revision=pledge.revision,
        )


class ImportedAnswer(Answer):
    """What came of a register."""

    made: int
    known: int
    """Rows that were recorded before and say the same."""

    @classmethod
    def of(cls, imported: ImportedPledges) -> "ImportedAnswer":
        """The numbers."""
        return cls(made=imported.made, known=imported.known)


class GapAnswer(Answer):
    """What of a need nobody has promised in public."""

    unit: str
    at_most: int
    at_least: int
    without_number: int

    @classmethod
    def of(cls, gap: Gap) -> "GapAnswer":
        """The gap."""
        return cls(**{name: getattr(gap, name) for name in cls.model_fields})


class NeedAnswer(Answer):
    """A need."""

    edition_id: str
    need_id: str
    is_open: bool
    need: Need
    gap: GapAnswer | None = None
    """Only where one need is asked for, and it has a number."""
    revision: int

    @classmethod
    def of(cls, need: PublishedNeed, gap: Gap | None = None) -> "NeedAnswer":
        """The need, with its gap where it is known."""
        named = {name: getattr(need, name) for name in cls.model_fields if name != "gap"}
        return cls(gap=GapAnswer.of(gap) if gap else None, **named)


class AdherenceAnswer(Answer):
    """How an invitee stands to a compact."""

    compact: str
    adherent: str
    state: AdherenceStage
    """For others than the adherent and the desk, papers in process are an intention still."""
    notified_on: date | None
    instrument: str | None
    text_version: str | None
    adhered_on: date | None
    reservation: str | None
    reservation_language: Language | None
    withdrawn_on: date | None
    revision: int

    @classmethod
    def of(cls, adherence: Adherence, *, is_inside: bool) -> "AdherenceAnswer":
        """The adherence; `is_inside` for the adherent itself and the desk."""
        instrument = adherence.instrument
        reservation = instrument.reservation if instrument else None
        is_in_process = adherence.stage is AdherenceStage.IN_PROCESS
        return cls(
            compact=adherence.compact,
            adherent=adherence.adherent,
            state=AdherenceStage.INTENDED if is_in_process and not is_inside else adherence.stage,
            notified_on=adherence.notified_on,
            instrument=instrument.kind if instrument else None,
            text_version=instrument.text_version if instrument else None,
            adhered_on=instrument.adhered_on if instrument else None,
            reservation=reservation.words if reservation else None,
            reservation_language=reservation.language if reservation else None,
            withdrawn_on=adherence.withdrawn_on,
            revision=adherence.revision,
        )


class BoundsAnswer(Answer):
    """Not less than `floor`, not more than `ceiling`; none where there is no upper end."""

    floor: int
    ceiling: int | None


class TotalAnswer(Answer):
    """What the public pledges of one capability come to."""

    category: str
    capability: str
    additionality: Additionality
    pledges: int
    by_unit: dict[str, BoundsAnswer]
    by_currency: dict[str, BoundsAnswer]
    """In minor units."""
    without_number: int

    @classmethod
    def of(cls, total: CapabilityTotal) -> "TotalAnswer":
        """The total."""
        named = {
            name: getattr(total, name) for name in ("category", "capability", "additionality", "pledges")
        }
        return cls(
            by_unit=_bounds(total.quantities.by_unit),
            by_currency=_bounds(total.amounts.by_unit),
            without_number=total.quantities.without_number,
            **named,
        )


def _bounds(by_unit: Mapping[str, Bounds]) -> dict[str, BoundsAnswer]:
    return {unit: BoundsAnswer(floor=one.floor, ceiling=one.ceiling) for unit, one in by_unit.items()}


class CountsAnswer(Answer):
    """What pledges themselves count, of what was published."""

    needs: int
    pledges: int
    """For how many a PledgeMade was published, whatever became of them."""
    by_state: dict[Stage, int]
    by_category: dict[str, int]
    adherences: int
    """Who adheres now, over all compacts."""

    @classmethod
    def of(cls, census: Census) -> "CountsAnswer":
        """The counts."""
        return cls(
            needs=census.needs,
            pledges=sum(census.by_state.values()),
            by_state=dict(census.by_state),
            by_category=dict(census.by_category),
            adherences=census.adherences,
        )
