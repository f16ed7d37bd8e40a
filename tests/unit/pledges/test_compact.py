"""An adherence goes from intention to signature and back, and only what is public is published."""

from datetime import date

import pytest

from summit_contracts.pledges import CompactAdhered, CompactIntended, CompactWithdrawn
from summit_contracts.values import Language
from summit_pledges.domain.compact import Adherence, AdherenceStage, Instrument, Reservation
from summit_pledges.domain.errors.compacts import CompactStepNotOpen, CompactUnknown
from summit_pledges.domain.errors.promises import TermUnknown
from summit_pledges.domain.errors.steps import NothingChanged
from summit_pledges.domain.taxonomy import shipped_taxonomy

TAXONOMY = shipped_taxonomy()
ON = date(2022, 9, 1)
SIGNED = Instrument("signature", "2022", ON)
RESERVED = Instrument(
    "note_verbale", "2022", ON, Reservation("Sous réserve du droit national.", Language.FRENCH)
)


def intended(
    *, is_public: bool = True, compact: str = "gender_parity"
) -> tuple[Adherence, tuple[object, ...]]:
    return Adherence.intend(
        edition_id="uncops-2022",
        compact=compact,
        adherent="KE",
        notified_on=ON,
        is_public=is_public,
        taxonomy=TAXONOMY,
    )


def adhered(instrument: Instrument = SIGNED) -> Adherence:
    adherence, _ = Adherence.adhere_at_once(
        instrument, edition_id="uncops-2022", compact="gender_parity", adherent="KE", taxonomy=TAXONOMY
    )
    return adherence


def test_an_invitee_intends_is_in_process_and_adheres() -> None:
    adherence, (notice,) = intended()
    assert isinstance(notice, CompactIntended)
    assert notice.aggregate_id == "compact/uncops-2022/gender_parity/KE"
    adherence, nothing = adherence.begin()
    assert nothing == ()
    assert adherence.stage is AdherenceStage.IN_PROCESS
    adherence, (fact,) = adherence.adhere(RESERVED, taxonomy=TAXONOMY)
    assert isinstance(fact, CompactAdhered)
    assert (fact.revision, fact.instrument, fact.adhered_on) == (3, "note_verbale", ON)
    assert (fact.reservation, fact.reservation_language) == (
        "Sous réserve du droit national.",
        Language.FRENCH,
    )


def test_who_is_ready_adheres_at_once() -> None:
    adherence, (fact,) = Adherence.adhere_at_once(
        SIGNED, edition_id="uncops-2022", compact="gender_parity", adherent="KE", taxonomy=TAXONOMY
    )
    assert isinstance(fact, CompactAdhered)
    assert (fact.revision, fact.reservation, fact.reservation_language) == (1, None, None)
    assert adherence.stage is AdherenceStage.ADHERED


def test_a_reservation_may_be_given_up_later() -> None:
    adherence, (fact,) = adhered(RESERVED).adhere(SIGNED, taxonomy=TAXONOMY)
    assert isinstance(fact, CompactAdhered)
    assert (fact.revision, fact.reservation) == (2, None)
    with pytest.raises(NothingChanged):
        adherence.adhere(SIGNED, taxonomy=TAXONOMY)


def test_an_adherent_withdraws_and_may_come_back() -> None:
    gone, (fact,) = adhered().withdraw(withdrawn_on=date(2023, 3, 1), reason="A new target.")
    assert isinstance(fact, CompactWithdrawn)
    assert (fact.withdrawn_on, fact.reason, fact.revision) == (date(2023, 3, 1), "A new target.", 2)
    with pytest.raises(CompactStepNotOpen):
        gone.withdraw(withdrawn_on=ON, reason=None)
    back, (again,) = gone.adhere(SIGNED, taxonomy=TAXONOMY)
    assert isinstance(again, CompactAdhered)
    assert (back.stage, back.withdrawn_on) == (AdherenceStage.ADHERED, None)


def test_a_private_intention_is_published_neither_when_it_comes_nor_when_it_goes() -> None:
    adherence, nothing = intended(is_public=False)
    assert nothing == ()
    assert adherence.withdraw(withdrawn_on=ON, reason=None)[1] == ()
    known, _ = adherence.adhere(SIGNED, taxonomy=TAXONOMY)
    assert known.withdraw(withdrawn_on=ON, reason=None)[1] != ()


def test_a_public_intention_that_is_given_up_is_withdrawn_in_public() -> None:
    adherence, _ = intended()
    _, (fact,) = adherence.withdraw(withdrawn_on=ON, reason=None)
    assert isinstance(fact, CompactWithdrawn)


def test_papers_are_begun_once_and_only_after_a_notice() -> None:
    begun, _ = intended()[0].begin()
    for adherence in (begun, adhered()):
        with pytest.raises(CompactStepNotOpen):
            adherence.begin()


def test_an_unknown_compact_or_instrument_is_refused() -> None:
    with pytest.raises(CompactUnknown):
        intended(compact="peace_on_earth")
    with pytest.raises(TermUnknown):
        adhered(Instrument("handshake", "2022", ON))
