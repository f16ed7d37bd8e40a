"""Why a step cannot be taken now."""

from datetime import date, datetime
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid, NotAllowed, Stale, TooLate, Unknown
from summit_contracts.promises import Side


class PledgeUnknown(Unknown):
    """No pledge of this id."""

    slug: ClassVar[str] = "pledge-unknown"
    title: ClassVar[str] = "No such pledge."

    def __init__(self, pledge_id: str) -> None:
        super().__init__(
            f"There is no pledge {pledge_id!r}.",
            remedy="List the pledges and take an id from there.",
            field="pledge_id",
        )


class NeedUnknown(Unknown):
    """No need of this id was published."""

    slug: ClassVar[str] = "need-unknown"
    title: ClassVar[str] = "No such need."

    def __init__(self, need_id: str) -> None:
        super().__init__(
            f"No need {need_id!r} was published.",
            remedy="List the needs and take an id from there, or leave it out.",
            field="promise.need_id",
        )


class PledgeOfAnother(NotAllowed):
    """A pledge is its pledger's and the secretariat's."""

    slug: ClassVar[str] = "pledge-of-another"
    title: ClassVar[str] = "The pledge is another's."

    def __init__(self) -> None:
        super().__init__(
            "Only the pledger and the secretariat may do this.",
            remedy="Ask the pledger's focal point.",
            field="pledge_id",
        )


class ReportOfTheOtherSide(NotAllowed):
    """Each side reports for itself; the secretariat also writes down reports on what it promised or recorded."""

    slug: ClassVar[str] = "report-of-the-other-side"
    title: ClassVar[str] = "This side reports for itself."

    def __init__(self, side: Side) -> None:
        super().__init__(
            f"A report of the {side.value} is filed by the {side.value}.",
            remedy="Report for your own side.",
            field="side",
            side=side.value,
        )


class StepNotOpen(Conflicting):
    """The pledge has not come so far, or has gone further."""

    slug: ClassVar[str] = "step-not-open"
    title: ClassVar[str] = "This step is not open."

    def __init__(self, step: str, stage: str, from_stages: tuple[str, ...]) -> None:
        super().__init__(
            f"The pledge is {stage}; the step {step!r} is open for one that is {' or '.join(from_stages)}.",
            remedy="Fetch the pledge and see which steps are open.",
            step=step,
            state=stage,
            open_for=list(from_stages),
        )


class PledgeIsPublic(Conflicting):
    """What was published cannot be taken back."""

    slug: ClassVar[str] = "pledge-is-public"
    title: ClassVar[str] = "The pledge is public already."

    def __init__(self, field: str) -> None:
        super().__init__(
            "The pledge was published, and others have read it.",
            remedy="Amend or withdraw it instead; what was held back can only be shown.",
            field=field,
        )


class NothingChanged(Conflicting):
    """The change leaves everything as it is."""

    slug: ClassVar[str] = "nothing-changed"
    title: ClassVar[str] = "Nothing would change."

    def __init__(self) -> None:
        super().__init__("It is so already.", remedy="Leave it, or change a field.")


class NotACommitment(Conflicting):
    """What is no promise is not accepted as one."""

    slug: ClassVar[str] = "not-a-commitment"
    title: ClassVar[str] = "It is classed as no commitment."

    def __init__(self, nature: str) -> None:
        super().__init__(
            f"It is classed as {nature!r}; only a commitment is accepted.",
            remedy="Class it as a commitment first, or return it with a question.",
            field="promise.nature",
            nature=nature,
        )


class NotYetShown(Conflicting):
    """One of the two sides has not reported the pledge, as it now stands, complete."""

    slug: ClassVar[str] = "not-yet-shown"
    title: ClassVar[str] = "Fulfilment is not shown by both sides."

    def __init__(self, side: Side) -> None:
        super().__init__(
            f"The latest report of the {side.value} does not say that the pledge is complete as it now stands.",
            remedy="File a complete report of that side first.",
            side=side.value,
        )


class NeedClosed(Conflicting):
    """Nobody can pledge to this need any more."""

    slug: ClassVar[str] = "need-closed"
    title: ClassVar[str] = "The need is closed."

    def __init__(self, need_id: str) -> None:
        super().__init__(
            f"The need {need_id!r} is met or no longer required.",
            remedy="Choose an open need, or leave it out.",
            field="promise.need_id",
            need_id=need_id,
        )


class ReferenceTaken(Conflicting):
    """A pledge of this register number was recorded already."""

    slug: ClassVar[str] = "reference-taken"
    title: ClassVar[str] = "This number of the register is recorded already."

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"The edition has a pledge with the register number {reference!r}.",
            remedy="Amend that pledge, or give this one another number.",
            field="promise.reference",
            reference=reference,
        )


class PledgingClosed(TooLate):
    """The edition's deadline for pledges has passed."""

    slug: ClassVar[str] = "pledging-closed"
    title: ClassVar[str] = "The deadline for pledges has passed."

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(
            f"Pledges were to be made by {closed_at:%Y-%m-%d %H:%M} UTC.",
            remedy="Ask the secretariat to record the pledge.",
            closed_at=closed_at.isoformat(),
        )


class PledgeChanged(Stale):
    """Somebody changed it in the meantime."""

    slug: ClassVar[str] = "pledge-changed"
    title: ClassVar[str] = "It has changed."

    def __init__(self, expected: int, revision: int) -> None:
        super().__init__(
            f"The change was made on revision {expected}, and {revision} is the current one.",
            remedy="Fetch it again and repeat the change on it.",
            revision=revision,
        )


class EmbargoLiesBehind(Invalid):
    """An embargo ends in the future."""

    slug: ClassVar[str] = "embargo-lies-behind"
    title: ClassVar[str] = "The embargo has passed already."

    def __init__(self, until_at: datetime) -> None:
        super().__init__(
            f"The embargo would have ended at {until_at:%Y-%m-%d %H:%M} UTC.",
            remedy="Give a later moment, or make the pledge public.",
            field="visibility.until_at",
        )


class ReportLiesAhead(Invalid):
    """A report describes a day that is not over."""

    slug: ClassVar[str] = "report-lies-ahead"
    title: ClassVar[str] = "The report describes a day that has not come."

    def __init__(self, as_of_on: date) -> None:
        super().__init__(
            f"{as_of_on} has not come yet.",
            remedy="Give the day up to which you counted.",
            field="report.as_of_on",
        )


class EvidenceWithoutDocument(Invalid):
    """Evidence names a document."""

    slug: ClassVar[str] = "evidence-without-document"
    title: ClassVar[str] = "The evidence names no document."

    def __init__(self) -> None:
        super().__init__(
            "What the secretariat puts beside a self-report can be looked up.",
            remedy="Name at least one document: a symbol, a record, an address.",
            field="report.references",
        )
