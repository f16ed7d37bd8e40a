"""An invitee's way to a compact: it gives notice, the papers are in process, it adheres, and it may leave again (D16).

    intended ──begin──▶ in process ──adhere──▶ adhered ──withdraw──▶ withdrawn ──adhere──▶ adhered
    Who is ready may adhere at once. Who has adhered may adhere to another version of the text or with another reservation.

Source: the practice of the voluntary compacts, which count States that have signed and States that intend to; an intention
is public only with its author's consent, and papers in process are nobody's business.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from summit_contracts.fact import Fact
from summit_contracts.pledges import CompactAdhered, CompactIntended, CompactWithdrawn
from summit_contracts.values import Language
from summit_pledges.domain.errors.compacts import CompactStepNotOpen, CompactUnknown
from summit_pledges.domain.errors.steps import NothingChanged
from summit_pledges.domain.taxonomy import Taxonomy


class AdherenceStage(StrEnum):
    """How far an adherence has come."""

    INTENDED = "intended"
    IN_PROCESS = "in_process"
    ADHERED = "adhered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an adherent excepts, in its own words."""

    words: str
    language: Language


@dataclass(frozen=True, slots=True)
class Instrument:
    """How and to what an invitee adheres."""

    kind: str
    """From the taxonomy's vocabulary `instrument`."""
    text_version: str
    adhered_on: date
    reservation: Reservation | None = None


Outcome = tuple["Adherence", tuple[Fact, ...]]
"""The adherence after a step, and what is to be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """What one invitee has said about one compact at one summit."""

    edition_id: str
    compact: str
    adherent: str
    stage: AdherenceStage
    revision: int
    is_known: bool
    """Whether anything about it was published."""
    notified_on: date | None = None
    instrument: Instrument | None = None
    """The latest; it stays on record after a withdrawal."""
    withdrawn_on: date | None = None

    @classmethod
    def intend(
        cls,
        *,
        edition_id: str,
        compact: str,
        adherent: str,
        notified_on: date,
        is_public: bool,
        taxonomy: Taxonomy,
    ) -> Outcome:
        """The invitee has given notice that it intends to adhere; published if it agrees to be counted.

        Raises:
            CompactUnknown: there is no such compact.
        """
        _check_compact(compact, taxonomy)
        intended = cls(
            edition_id=edition_id,
            compact=compact,
            adherent=adherent,
            stage=AdherenceStage.INTENDED,
            revision=1,
            is_known=is_public,
            notified_on=notified_on,
        )
        if not is_public:
            return intended, ()
        fact = CompactIntended(
            edition_id=edition_id, compact=compact, adherent=adherent, revision=1, notified_on=notified_on
        )
        return intended, (fact,)

    @classmethod
    def adhere_at_once(
        cls, instrument: Instrument, *, edition_id: str, compact: str, adherent: str, taxonomy: Taxonomy
    ) -> Outcome:
        """The invitee adheres without having given notice before.

        Raises:
            CompactUnknown: there is no such compact.
            TermUnknown: there is no such instrument.
        """
        _check_compact(compact, taxonomy)
        nothing_yet = cls(
            edition_id=edition_id,
            compact=compact,
            adherent=adherent,
            stage=AdherenceStage.IN_PROCESS,
            revision=0,
            is_known=False,
        )
        return nothing_yet.adhere(instrument, taxonomy=taxonomy)

    def begin(self) -> Outcome:
        """The papers are in process; nothing is published.

        Raises:
            CompactStepNotOpen: nobody gave notice, or it has gone further.
        """
        if self.stage is not AdherenceStage.INTENDED:
            raise CompactStepNotOpen("begin", self.stage)
        return replace(self, stage=AdherenceStage.IN_PROCESS, revision=self.revision + 1), ()

    def adhere(self, instrument: Instrument, *, taxonomy: Taxonomy) -> Outcome:
        """The invitee adheres as the instrument says, whatever it said before.

        Raises:
            NothingChanged: it adheres by this very instrument already.
            TermUnknown: there is no such instrument.
        """
        if self.stage is AdherenceStage.ADHERED and instrument == self.instrument:
            raise NothingChanged
        taxonomy.term("instrument", instrument.kind, "instrument.kind")
        adhered = replace(
            self,
            stage=AdherenceStage.ADHERED,
            revision=self.revision + 1,
            is_known=True,
            instrument=instrument,
            withdrawn_on=None,
        )
        reservation = instrument.reservation
        fact = CompactAdhered(
            edition_id=self.edition_id,
            compact=self.compact,
            adherent=self.adherent,
            revision=adhered.revision,
            text_version=instrument.text_version,
            instrument=instrument.kind,
            adhered_on=instrument.adhered_on,
            reservation=reservation.words if reservation else None,
            reservation_language=reservation.language if reservation else None,
        )
        return adhered, (fact,)

    def withdraw(self, *, withdrawn_on: date, reason: str | None) -> Outcome:
        """The invitee adheres no longer, or does not intend to; published if anything was.

        Raises:
            CompactStepNotOpen: it has withdrawn already.
        """
        if self.stage is AdherenceStage.WITHDRAWN:
            raise CompactStepNotOpen("withdraw", self.stage)
        gone = replace(
            self, stage=AdherenceStage.WITHDRAWN, revision=self.revision + 1, withdrawn_on=withdrawn_on
        )
        if not self.is_known:
            return gone, ()
        fact = CompactWithdrawn(
            edition_id=self.edition_id,
            compact=self.compact,
            adherent=self.adherent,
            revision=gone.revision,
            withdrawn_on=withdrawn_on,
            reason=reason,
        )
        return gone, (fact,)


def _check_compact(code: str, taxonomy: Taxonomy) -> None:
    if code not in taxonomy.compacts:
        raise CompactUnknown(code, tuple(taxonomy.compacts))
