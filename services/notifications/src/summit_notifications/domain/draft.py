"""Every letter there is, and the draft of one: what it is about and whom it is for, in no language yet."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from summit_notifications.domain import contents
from summit_notifications.domain.contents import Content

_LETTERS = uuid5(NAMESPACE_URL, "urn:summit:letters")


class Letter(StrEnum):
    """Every letter there is; the folder of its templates has the same name."""

    INVITATION = "invitation"
    SIGN_IN_CODE = "sign_in_code"
    INVITATION_DECLINED = "invitation_declined"
    DEADLINE_EXTENDED = "deadline_extended"
    DELEGATION_REGISTERED = "delegation_registered"
    DELEGATION_CONFIRMED = "delegation_confirmed"
    DELEGATION_AMENDED = "delegation_amended"
    DELEGATION_WITHDRAWN = "delegation_withdrawn"
    DELEGATE_ACCREDITED = "delegate_accredited"
    DELEGATE_REFUSED = "delegate_refused"
    BILATERAL_REQUESTED = "bilateral_requested"
    BILATERAL_ACCEPTED = "bilateral_accepted"
    BILATERAL_DECLINED = "bilateral_declined"
    BILATERAL_COUNTERED = "bilateral_countered"
    BILATERAL_CANCELLED = "bilateral_cancelled"
    TIMETABLE = "timetable"
    PLEDGE_MADE = "pledge_made"
    PLEDGE_ACKNOWLEDGED = "pledge_acknowledged"
    PLEDGE_RETURNED = "pledge_returned"
    PLEDGE_AMENDED = "pledge_amended"
    PLEDGE_ACCEPTED = "pledge_accepted"
    PLEDGE_PROGRESS_REPORTED = "pledge_progress_reported"
    PLEDGE_FULFILLED = "pledge_fulfilled"
    PLEDGE_WITHDRAWN = "pledge_withdrawn"
    COMPACT_INTENDED = "compact_intended"
    COMPACT_ADHERED = "compact_adhered"
    COMPACT_WITHDRAWN = "compact_withdrawn"
    LETTER_UNDELIVERED = "letter_undelivered"

    @property
    def content(self) -> type[Content]:
        """The class of what this letter says."""
        return _OWN_CONTENT.get(self) or _FAMILY_CONTENT[self.partition("_")[0]]


_OWN_CONTENT: dict[Letter, type[Content]] = {
    Letter.INVITATION: contents.Invitation,
    Letter.SIGN_IN_CODE: contents.SignInCode,
    Letter.INVITATION_DECLINED: contents.Regret,
    Letter.DEADLINE_EXTENDED: contents.Extension,
    Letter.DELEGATION_REGISTERED: contents.Standing,
    Letter.DELEGATION_CONFIRMED: contents.Standing,
    Letter.DELEGATION_AMENDED: contents.Standing,
    Letter.DELEGATION_WITHDRAWN: contents.Withdrawal,
    Letter.DELEGATE_ACCREDITED: contents.Admission,
    Letter.DELEGATE_REFUSED: contents.Admission,
    Letter.TIMETABLE: contents.Timetable,
    Letter.LETTER_UNDELIVERED: contents.Undelivered,
}
_FAMILY_CONTENT: dict[str, type[Content]] = {
    "bilateral": contents.Bilateral,
    "pledge": contents.Pledge,
    "compact": contents.Compact,
}


class Audience(StrEnum):
    """For whom a letter is; the focal point is always among them, except where it would be no secret any more (E14)."""

    FOCAL_POINT = "focal_point"
    """To the nominator, the backup in copy."""
    PERSON = "person"
    """To the person concerned, nominator and backup in copy."""
    NOMINATOR_ALONE = "nominator_alone"
    BACKUP_ALONE = "backup_alone"


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter that is to be written: what it says and for whom, in no language yet."""

    edition_id: str
    letter: Letter
    invitee: str
    content: Content
    cause: str
    """The id of the event it is about."""
    audience: Audience = Audience.FOCAL_POINT
    member_id: str | None = None
    part: int = 1
    """Counts the letters to the same about the same, where one could not say all of it."""
    void_at: datetime | None = None
    """From then on it is of no use to anybody."""

    @property
    def letter_id(self) -> str:
        """The same for the same letter, whenever and wherever it is drafted, so that none is written twice."""
        return str(
            uuid5(_LETTERS, f"{self.cause}/{self.letter}/{self.invitee}/{self.member_id or ''}/{self.part}")
        )
