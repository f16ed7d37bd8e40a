"""Examples of the facts that pledges publishes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from summit_contracts.fact import Fact
from summit_contracts.pledges import (
    CompactAdhered,
    CompactIntended,
    CompactWithdrawn,
    NeedPublished,
    PledgeAccepted,
    PledgeAcknowledged,
    PledgeAmended,
    PledgeFulfilled,
    PledgeMade,
    PledgeProgressReported,
    PledgeReturned,
    PledgeWithdrawn,
)
from summit_contracts.promises import (
    Additionality,
    Announcement,
    Condition,
    DeliveryReport,
    HeldBack,
    Nature,
    Need,
    Partner,
    PledgeState,
    Promise,
    Side,
    Source,
)
from summit_contracts.quantities import (
    AtLeastAmount,
    Exact,
    Lasting,
    NoneGiven,
    Open,
    Percent,
    Range,
    Span,
    UpTo,
    Window,
)
from summit_contracts.values import FieldChange, Language, Money

F = TypeVar("F", bound=Fact)

_EDITION = "uncops-2022"
_NEED_ID = "0197d5a0-1111-7c1f-9a54-1d2c3b4a5f60"
_FULL_ID = "0197d5a0-2222-7c1f-9a54-1d2c3b4a5f60"
_MINIMAL_ID = "0197d5a0-3333-7c1f-9a54-1d2c3b4a5f60"
_MADE_AT = datetime(2022, 9, 1, 15, 20, tzinfo=UTC)
_NEXT_AT = datetime(2022, 9, 5, 14, 0, tzinfo=UTC)

_SOURCE = Source(
    reference="A/EXAMPLE/2022/1, para. 13",
    kind="official_speech",
    is_copy=True,
    inferred=("currency",),
    quantity=UpTo(maximum=3, unit="unit"),
)

_FULL_NEED = Need(
    taxonomy=1,
    category="police",
    capability="formed_police_unit",
    quantity=Exact(count=2, unit="unit", is_approximate=True),
    timeline=Window(start_on=date(2023, 1, 1), end_on=date(2023, 6, 30), words="in the first half of 2023"),
    place="MINUSMA",
    requirements=("French-speaking", "30 per cent women"),
    words="Two units for public order in two sectors.",
    language=Language.ENGLISH,
    source=_SOURCE,
)
_MINIMAL_NEED = Need(
    taxonomy=1,
    category="police",
    capability="individual_police_officers",
    quantity=NoneGiven(),
    timeline=Open(),
)

_FULL_PROMISE = Promise(
    taxonomy=1,
    category="police",
    capability="formed_police_unit",
    designation="FPU with a riverine platoon",
    quantity=Range(minimum=1, maximum=2, unit="unit"),
    amount=AtLeastAmount(minimum=Money(amount_minor=15_000_000, currency="GBP"), is_exceeded=True),
    timeline=Lasting(
        lasting=Span(count=10, unit="month"),
        earliest_on=date(2023, 1, 1),
        latest_on=date(2023, 12, 31),
        words="10 months in 2023",
    ),
    conditions=(Condition(kind="agreement", words="subject to UN agreement"),),
    partners=(
        Partner(
            invitee="MW",
            share=Percent(basis_points=2500, of="the officers", is_approximate=True),
            money=Money(amount_minor=1_000_000, currency="GBP"),
        ),
        Partner(words="rotation partners"),
    ),
    place="MINUSMA",
    words="One to two formed police units for 10 months in 2023, and more than 150,000 pounds for their training.",
    language=Language.ENGLISH,
    additionality=Additionality.NEW,
    nature=Nature.COMMITMENT,
    announced=Announcement(event="UNCOPS 2022", announced_on=date(2022, 9, 1), instrument="statement"),
    need_id=_NEED_ID,
    reference="P101",
    sources=(_SOURCE,),
)  # no follow_up: it is what the full example holds back
_MINIMAL_PROMISE = Promise(
    taxonomy=1,
    category="training",
    capability="police_commanders_course",
    quantity=NoneGiven(),
    timeline=Open(),
    additionality=Additionality.REAFFIRMATION,
)

_SELF_REPORT = DeliveryReport(
    side=Side.PLEDGER,
    as_of_on=date(2023, 5, 31),
    delivered=Exact(count=1, unit="unit", is_approximate=True),
    paid=Money(amount_minor=7_500_050, currency="GBP"),
    is_complete=True,
    words="The first unit is deployed.",
    references=("https://example.org/deployment",),
)
_EVIDENCE = DeliveryReport(
    side=Side.SECRETARIAT,
    as_of_on=date(2023, 6, 15),
    delivered=Exact(count=1, unit="unit", is_approximate=True),
    paid=Money(amount_minor=7_500_050, currency="GBP"),
    is_complete=True,
    words="Seen on arrival.",
    references=("Deployment record of 15 June 2023",),
)
_BARE_SELF_REPORT = DeliveryReport(side=Side.PLEDGER, as_of_on=date(2023, 5, 31), is_complete=True)
_BARE_EVIDENCE = DeliveryReport(side=Side.SECRETARIAT, as_of_on=date(2023, 6, 15), is_complete=True)


_FULL = {
    "pledge_id": _FULL_ID,
    "pledger": "GB",
    "revision": 3,
    "promise": _FULL_PROMISE,
    "held_back": (HeldBack.FOLLOW_UP,),
}
_MINIMAL = {"pledge_id": _MINIMAL_ID, "pledger": "CH", "revision": 2, "promise": _MINIMAL_PROMISE}
_MADE = {"edition_id": _EDITION, "made_at": _MADE_AT, "recorded_by": Side.PLEDGER}


def _full(fact: type[F], state: PledgeState, **specific: object) -> F:
    return fact.model_validate({**_MADE, **_FULL, "state": state, **specific})


def _minimal(fact: type[F], state: PledgeState, **specific: object) -> F:
    return fact.model_validate({**_MADE, **_MINIMAL, "state": state, **specific})


def _compact(fact: type[F], revision: int, **specific: object) -> F:
    return fact.model_validate(
        {
            "edition_id": _EDITION,
            "compact": "gender_parity",
            "adherent": "KE",
            "revision": revision,
            **specific,
        }
    )


_NEEDS: Mapping[type[Fact], tuple[Fact, Fact]] = {
    NeedPublished: (
        NeedPublished(edition_id=_EDITION, need_id=_NEED_ID, revision=2, state="open", need=_FULL_NEED),
        NeedPublished(edition_id=_EDITION, need_id=_NEED_ID, revision=1, state="open", need=_MINIMAL_NEED),
    ),
}

_PLEDGES: Mapping[type[Fact], tuple[Fact, Fact]] = {
    PledgeMade: (
        _full(PledgeMade, PledgeState.ACCEPTED, self_report=_SELF_REPORT, evidence=_EVIDENCE),
        _minimal(PledgeMade, PledgeState.MADE),
    ),
    PledgeAcknowledged: (
        _full(PledgeAcknowledged, PledgeState.ACKNOWLEDGED, acknowledged_at=_NEXT_AT),
        _minimal(PledgeAcknowledged, PledgeState.ACKNOWLEDGED, acknowledged_at=_NEXT_AT),
    ),
    PledgeReturned: (
        _full(
            PledgeReturned,
            PledgeState.RETURNED,
            returned_at=_NEXT_AT,
            asks=("condition_unsettled", "partner_unnamed"),
        ),
        _minimal(PledgeReturned, PledgeState.RETURNED, returned_at=_NEXT_AT, asks=("how_many_missing",)),
    ),
    PledgeAmended: (
        _full(
            PledgeAmended,
            PledgeState.MADE,
            amended_at=_NEXT_AT,
            amended_by=Side.PLEDGER,
            changes=(
                FieldChange(path="quantity.kind", before="exact", after="range"),
                FieldChange(path="quantity.count", before="1"),
                FieldChange(path="quantity.minimum", after="1"),
                FieldChange(path="quantity.maximum", after="2"),
            ),
        ),
        _minimal(PledgeAmended, PledgeState.MADE, amended_at=_NEXT_AT, amended_by=Side.PLEDGER),
    ),
    PledgeAccepted: (
        _full(PledgeAccepted, PledgeState.ACCEPTED, accepted_at=_NEXT_AT),
        _minimal(PledgeAccepted, PledgeState.ACCEPTED, accepted_at=_NEXT_AT),
    ),
    PledgeProgressReported: (
        _full(PledgeProgressReported, PledgeState.ACCEPTED, reported_at=_NEXT_AT, report=_SELF_REPORT),
        _minimal(
            PledgeProgressReported, PledgeState.ACCEPTED, reported_at=_NEXT_AT, report=_BARE_SELF_REPORT
        ),
    ),
    PledgeFulfilled: (
        _full(
            PledgeFulfilled,
            PledgeState.FULFILLED,
            fulfilled_at=_NEXT_AT,
            self_report=_SELF_REPORT,
            evidence=_EVIDENCE,
        ),
        _minimal(
            PledgeFulfilled,
            PledgeState.FULFILLED,
            fulfilled_at=_NEXT_AT,
            self_report=_BARE_SELF_REPORT,
            evidence=_BARE_EVIDENCE,
        ),
    ),
    PledgeWithdrawn: (
        _full(
            PledgeWithdrawn,
            PledgeState.WITHDRAWN,
            withdrawn_at=_NEXT_AT,
            reason="The unit was deployed elsewhere.",
        ),
        _minimal(PledgeWithdrawn, PledgeState.WITHDRAWN, withdrawn_at=_NEXT_AT),
    ),
}

_COMPACTS: Mapping[type[Fact], tuple[Fact, Fact]] = {
    CompactIntended: (
        _compact(CompactIntended, 1, notified_on=date(2022, 8, 31)),
        _compact(CompactIntended, 1, notified_on=date(2022, 8, 31)),
    ),
    CompactAdhered: (
        _compact(
            CompactAdhered,
            2,
            text_version="2022",
            instrument="note_verbale",
            adhered_on=date(2022, 9, 1),
            reservation="Subject to national law on recruitment.",
            reservation_language=Language.ENGLISH,
        ),
        _compact(CompactAdhered, 1, text_version="2022", instrument="signature", adhered_on=date(2022, 9, 1)),
    ),
    CompactWithdrawn: (
        _compact(
            CompactWithdrawn,
            3,
            withdrawn_on=date(2023, 3, 1),
            reason="The national target was replaced.",
        ),
        _compact(CompactWithdrawn, 2, withdrawn_on=date(2023, 3, 1)),
    ),
}

EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {**_NEEDS, **_PLEDGES, **_COMPACTS}
