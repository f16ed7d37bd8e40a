"""Letters about what pledges says: to whoever promised, at each step its promise takes (D6)."""

from collections.abc import Iterator

from summit_contracts.fact import Fact
from summit_contracts.pledges import (
    SECRETARIAT,
    CompactAdhered,
    CompactIntended,
    CompactWithdrawn,
    PledgeAccepted,
    PledgeAcknowledged,
    PledgeAmended,
    PledgeFulfilled,
    PledgeMade,
    PledgeProgressReported,
    PledgeReturned,
    PledgeWithdrawn,
)
from summit_contracts.promises import DeliveryReport, Side
from summit_notifications.domain.contents import Compact, Pledge
from summit_notifications.domain.draft import Letter, LetterDraft

_Pledged = (
    PledgeMade
    | PledgeAcknowledged
    | PledgeReturned
    | PledgeAmended
    | PledgeAccepted
    | PledgeProgressReported
    | PledgeFulfilled
    | PledgeWithdrawn
)
_Adhered = CompactIntended | CompactAdhered | CompactWithdrawn

_LETTERS: dict[type[Fact], Letter] = {
    PledgeMade: Letter.PLEDGE_MADE,
    PledgeAcknowledged: Letter.PLEDGE_ACKNOWLEDGED,
    PledgeReturned: Letter.PLEDGE_RETURNED,
    PledgeAmended: Letter.PLEDGE_AMENDED,
    PledgeAccepted: Letter.PLEDGE_ACCEPTED,
    PledgeProgressReported: Letter.PLEDGE_PROGRESS_REPORTED,
    PledgeFulfilled: Letter.PLEDGE_FULFILLED,
    PledgeWithdrawn: Letter.PLEDGE_WITHDRAWN,
    CompactIntended: Letter.COMPACT_INTENDED,
    CompactAdhered: Letter.COMPACT_ADHERED,
    CompactWithdrawn: Letter.COMPACT_WITHDRAWN,
}


def drafts(fact: Fact, cause: str) -> Iterator[LetterDraft]:
    """The letter a fact about a pledge or a compact calls for; none for any other, and none to the Secretariat itself."""
    if isinstance(fact, _Pledged) and fact.pledger != SECRETARIAT:
        yield LetterDraft(fact.edition_id, _LETTERS[type(fact)], fact.pledger, _pledge(fact), cause)
    elif isinstance(fact, _Adhered):
        yield LetterDraft(fact.edition_id, _LETTERS[type(fact)], fact.adherent, _compact(fact), cause)


def _pledge(fact: _Pledged) -> Pledge:
    return Pledge(
        pledge_id=fact.pledge_id,
        state=fact.state,
        promise=fact.promise,
        made_at=fact.made_at,
        asks=fact.asks if isinstance(fact, PledgeReturned) else (),
        is_by_secretariat=_is_by_secretariat(fact),
        report=_report(fact),
        reason=fact.reason if isinstance(fact, PledgeWithdrawn) else None,
    )


def _report(fact: _Pledged) -> DeliveryReport | None:
    match fact:
        case PledgeProgressReported():
            return fact.report
        case PledgeFulfilled():
            return fact.evidence
        case _:
            return None


def _is_by_secretariat(fact: _Pledged) -> bool:
    match fact:
        case PledgeMade():
            return fact.recorded_by is Side.SECRETARIAT
        case PledgeAmended():
            return fact.amended_by is Side.SECRETARIAT
        case PledgeProgressReported():
            return fact.report.side is Side.SECRETARIAT
        case _:
            return False


def _compact(fact: _Adhered) -> Compact:
    match fact:
        case CompactIntended():
            return Compact(compact=fact.compact, on=fact.notified_on)
        case CompactAdhered():
            return Compact(
                compact=fact.compact,
                on=fact.adhered_on,
                text_version=fact.text_version,
                instrument=fact.instrument,
                reservation=fact.reservation,
            )
        case CompactWithdrawn():
            return Compact(compact=fact.compact, on=fact.withdrawn_on, reason=fact.reason)
