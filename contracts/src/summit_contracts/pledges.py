"""Facts that pledges publishes: what UN Police needs, what is promised, what came of it, which texts are adhered to.

What is public. Everything on this stream can be read by every subscriber for good, so nothing is published that may not be
public yet. A draft publishes nothing. A pledge that is private or under embargo publishes nothing either, whatever happens
to it; once it is made public, or the embargo has passed, one PledgeMade says how it stands at that moment, and what was
changed or asked before stays unsaid. (A flag "embargoed" on a published fact would only ask all subscribers for discretion,
and a stream that deletes nothing could not take it back.) A pledge that ends before it was public is never heard of.
"""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.promises import DeliveryReport, HeldBack, Need, PledgeState, Promise, Side
from summit_contracts.values import (
    Code,
    FieldChange,
    Instant,
    InviteeCode,
    Key,
    Language,
    LongText,
    ShortText,
)

SECRETARIAT: Final = "UN-SECRETARIAT"
"""The pledger of what the Secretariat itself promises (D10); everybody else is an invitee."""

Revision = Annotated[int, Field(ge=1)]
"""Counts the changes from 1; the highest holds."""


class _PledgesFact(Fact):
    OWNER: ClassVar[Service] = Service.PLEDGES
    STREAM: ClassVar[Stream] = Stream.PLEDGES


class NeedPublished(_PledgesFact):
    """A need was published, or what was published about it changed.

    Why: the secretariat published, changed or closed it. Published by: pledges. Rely on: the whole need stands in it; the
    highest revision holds; once `closed` it stays so. Not promised: that pledges which answer it add up to it.
    """

    TYPE: ClassVar[str] = "summit.pledges.need_published.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.need_published.v1.{need_id}"
    AGGREGATE: ClassVar[str] = "need/{edition_id}/{need_id}"

    need_id: Key
    revision: Revision
    state: Literal["open", "closed"]
    """Closed: met or no longer required; nobody can pledge to it any more."""
    need: Need


class _PledgeFact(_PledgesFact):
    """The pledge as it stands after this fact, without what is held back."""

    AGGREGATE: ClassVar[str] = "pledge/{edition_id}/{pledge_id}"

    pledge_id: Key
    pledger: InviteeCode
    """The invitee that promises and reports, also for its partners; `UN-SECRETARIAT` for the Secretariat itself."""
    revision: Revision
    state: PledgeState
    made_at: Instant
    """When it was first made; for a pledge that was private or under embargo this lies before it was published."""
    recorded_by: Side
    """`secretariat`: the secretariat took it down from a source; the pledger did not enter it."""
    promise: Promise
    held_back: Annotated[tuple[HeldBack, ...], Field(max_length=len(HeldBack))] = ()
    """Which parts of the promise are not public: that they are missing there does not mean there is none."""


class PledgeMade(_PledgeFact):
    """Something was promised, and it is public.

    Why: the pledger made a public pledge; or a private one was made public; or its embargo has passed. Published by:
    pledges. Rely on: it is the first fact of its pledge, and there is one only; `pledge_id` is what every later fact about it is
    keyed by; a joint pledge is one pledge, and shares are parts of it. Not promised: that it is new (`additionality` says
    so), that it is a commitment (`nature` says so), that `state` is still `made`: what was not public may have gone further.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_made.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_made.v1.{pledger}"

    self_report: DeliveryReport | None = None
    """The pledger's latest, if it reported before the pledge was public."""
    evidence: DeliveryReport | None = None
    """The secretariat's latest, if it reported before the pledge was public."""


class PledgeAcknowledged(_PledgeFact):
    """The secretariat has received a pledge and looks at it.

    Why: the pledge was made, or amended after that. Published by: pledges. Rely on: PledgeAccepted or PledgeReturned is to
    follow. Not promised: when; that it will be accepted.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_acknowledged.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_acknowledged.v1.{pledger}"

    acknowledged_at: Instant


class PledgeReturned(_PledgeFact):
    """The secretariat asks the pledger to make a pledge clearer.

    Why: something is missing or cannot be followed up. Published by: pledges. Rely on: `asks` says what is asked for; an
    amendment by the pledger puts the pledge back to `made`. Not promised: the secretariat's own words, which only the pledger reads.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_returned.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_returned.v1.{pledger}"

    returned_at: Instant
    asks: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    """What is missing, e.g. `how_many_missing`, `by_when_missing`, `condition_unsettled`."""


class PledgeAccepted(_PledgeFact):
    """The secretariat accepted a pledge: it counts, and its delivery is followed.

    Why: the secretariat looked at it and had no more questions. Published by: pledges. Rely on: it is accepted as it stands
    here; an amendment by the pledger ends the acceptance. Not promised: that it is needed now, or delivered.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_accepted.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_accepted.v1.{pledger}"

    accepted_at: Instant


class PledgeAmended(_PledgeFact):
    """A pledge changed.

    Why: its pledger changed it, also to answer PledgeReturned; or the secretariat classed it otherwise. Published by:
    pledges. Rely on: `promise` is the whole after the change; `changes` names each public field that changed; `state` says
    what follows: `made` where it has to be looked at anew, `acknowledged` where what was accepted is no commitment any
    more. Not promised: that `changes` is not empty, since what is held back is left out.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_amended.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_amended.v1.{pledger}"

    amended_at: Instant
    amended_by: Side
    changes: Annotated[tuple[FieldChange, ...], Field(max_length=500)] = ()


class PledgeWithdrawn(_PledgeFact):
    """A pledge holds no longer.

    Why: its pledger took it back, or the secretariat did on its word. Published by: pledges. Rely on: it is the last fact of its
    pledge; `promise` is what was taken back. Not promised: a reason.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_withdrawn.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_withdrawn.v1.{pledger}"

    withdrawn_at: Instant
    reason: LongText | None = None
    """In its own words; public as the fact is, and not confidential."""


class PledgeProgressReported(_PledgeFact):
    """One side said how much of an accepted pledge has been delivered.

    Why: the pledger reported, or the secretariat put evidence beside it (D13). Published by: pledges. Rely on: the report counts
    everything delivered up to its day. Not promised: that both sides agree; that later reports give more.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_progress_reported.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_progress_reported.v1.{pledger}"

    reported_at: Instant
    report: DeliveryReport


class PledgeFulfilled(_PledgeFact):
    """A pledge was kept: its pledger says so, and the secretariat's evidence bears it out.

    Why: the secretariat confirmed it. Published by: pledges. Rely on: both reports are complete, and the evidence names a
    document; it is the last fact of its pledge. Not promised: that what was delivered equals what was promised; both are shown.
    """

    TYPE: ClassVar[str] = "summit.pledges.pledge_fulfilled.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.pledge_fulfilled.v1.{pledger}"

    fulfilled_at: Instant
    self_report: DeliveryReport
    evidence: DeliveryReport


class _CompactFact(_PledgesFact):
    AGGREGATE: ClassVar[str] = "compact/{edition_id}/{compact}/{adherent}"

    compact: Code
    """Which text, e.g. `gender_parity`."""
    adherent: InviteeCode
    revision: Revision


class CompactIntended(_CompactFact):
    """An invitee formally gave notice that it intends to adhere to a compact, and agreed to be counted among those.

    Why: its notice arrived, and is public. Published by: pledges. Rely on: it is no adherence. Not promised: that CompactAdhered
    follows, or that this came before it: an intention may be kept private.
    """

    TYPE: ClassVar[str] = "summit.pledges.compact_intended.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.compact_intended.v1.{adherent}"

    notified_on: date


class CompactAdhered(_CompactFact):
    """An invitee adheres to a compact, or to another version of its text, or with another reservation (D16).

    Why: its instrument was received. Published by: pledges. Rely on: the highest revision holds until CompactWithdrawn.
    Not promised: the signed copy, which is not public.
    """

    TYPE: ClassVar[str] = "summit.pledges.compact_adhered.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.compact_adhered.v1.{adherent}"

    text_version: ShortText
    """The version of the text, which may be adapted to the adherent."""
    instrument: Code
    """From the taxonomy, e.g. `signature`, `note_verbale`."""
    adhered_on: date
    reservation: LongText | None = None
    reservation_language: Language | None = None


class CompactWithdrawn(_CompactFact):
    """An invitee adheres to a compact no longer, or has given up its published intention.

    Why: its notice arrived. Published by: pledges. Rely on: it follows a CompactAdhered or a CompactIntended; a new CompactAdhered may follow.
    Not promised: a reason.
    """

    TYPE: ClassVar[str] = "summit.pledges.compact_withdrawn.v1"
    SUBJECT: ClassVar[str] = "summit.{edition_id}.pledges.compact_withdrawn.v1.{adherent}"

    withdrawn_on: date
    """From which day on it does not adhere."""
    reason: LongText | None = None
    """In its own words; public as the fact is, and not confidential."""


FACTS: tuple[type[Fact], ...] = (
    NeedPublished,
    PledgeMade,
    PledgeAcknowledged,
    PledgeReturned,
    PledgeAmended,
    PledgeAccepted,
    PledgeProgressReported,
    PledgeFulfilled,
    PledgeWithdrawn,
    CompactIntended,
    CompactAdhered,
    CompactWithdrawn,
)
