"""Who did what, when and why: one entry for each change, never altered (A23)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from summit_contracts.values import FieldChange


class Action(StrEnum):
    """What was done."""

    EDITION_PUBLISHED = "edition_published"
    INVITATION_ISSUED = "invitation_issued"
    INVITATION_RENEWED = "invitation_renewed"
    INVITATION_DECLINED = "invitation_declined"
    DEADLINE_EXTENDED = "deadline_extended"
    SIGN_IN_CODE_REQUESTED = "sign_in_code_requested"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    DRAFT_SAVED = "draft_saved"
    DELEGATION_REGISTERED = "delegation_registered"
    DELEGATION_CONFIRMED = "delegation_confirmed"
    DELEGATION_AMENDED = "delegation_amended"
    DELEGATION_WITHDRAWN = "delegation_withdrawn"
    MEMBER_REPLACED = "member_replaced"
    WISHES_ADDED = "wishes_added"
    DELEGATE_ACCREDITED = "delegate_accredited"
    DELEGATE_REFUSED = "delegate_refused"
    DELEGATE_CLEARED = "delegate_cleared"
    DELEGATE_HELD = "delegate_held"
    DELEGATE_RELEASED = "delegate_released"


OF_THE_SECRETARIAT = frozenset({Action.DELEGATE_CLEARED, Action.DELEGATE_HELD, Action.DELEGATE_RELEASED})
"""What the secretariat does among itself: the invitee's own history leaves it out."""


class OfInvitee(Protocol):
    """An invitation or a delegation."""

    @property
    def edition_id(self) -> str:
        """The summit it belongs to."""
        ...

    @property
    def invitee(self) -> str:
        """Whose it is."""
        ...

    @property
    def revision(self) -> int:
        """How often it has been changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done. It names accounts and places, never people."""

    edition_id: str
    invitee: str | None = None
    """None for what concerns the edition as a whole."""
    at: datetime
    by: str
    """The account that answers for it, e.g. `KE/nominator`."""
    action: Action
    why: str | None = None
    subject: str | None = None
    """What of the invitee's it was done to: a member's id, a step."""
    fields: tuple[FieldChange, ...] = ()
    """What an amendment changed; values of personal fields are left out."""
    revision: int
    """Of whatever was changed, after the change."""

    @classmethod
    def on(
        cls,
        changed: OfInvitee,
        action: Action,
        *,
        at: datetime,
        by: str,
        why: str | None = None,
        subject: str | None = None,
        fields: tuple[FieldChange, ...] = (),
    ) -> "Entry":
        """What was done to an invitation or a delegation, which is given as it stands after the change."""
        return cls(
            edition_id=changed.edition_id,
            invitee=changed.invitee,
            at=at,
            by=by,
            action=action,
            why=why,
            subject=subject,
            fields=fields,
            revision=changed.revision,
        )
