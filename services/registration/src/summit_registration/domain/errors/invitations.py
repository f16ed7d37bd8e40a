"""Why somebody is not invited, is too late, or is not let in."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid, NotAllowed, TooLate, Unknown
from summit_registration.domain.spelling import did_you_mean


class NotInvited(Unknown):
    """The invitee has no invitation to this edition."""

    slug: ClassVar[str] = "not-invited"
    title: ClassVar[str] = "Not invited."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"{invitee} has no invitation to this edition.",
            remedy="Ask the secretariat to issue one; check the code.",
            field="invitee",
            invitee=invitee,
        )


class InviteeUnknown(Invalid):
    """The edition's file does not name this invitee."""

    slug: ClassVar[str] = "invitee-unknown"
    title: ClassVar[str] = "The edition does not name this invitee."

    def __init__(self, code: str, known: Sequence[str]) -> None:
        super().__init__(
            f"{code} is not among the invitees of this edition.",
            remedy=did_you_mean(code, known) or "Add it to the edition's file and apply the file again.",
            field="invitee",
            invitee=code,
        )


class SendsNoDelegation(Invalid):
    """A principal is met in bilaterals, and nominates nobody."""

    slug: ClassVar[str] = "sends-no-delegation"
    title: ClassVar[str] = "It sends no delegation."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"{invitee} is a principal of the United Nations and sends no delegation.",
            remedy="Leave it out; it can be asked for a bilateral without an invitation.",
            field="invitee",
            invitee=invitee,
        )


class InvitationWasDeclined(Conflicting):
    """Who has declined registers nobody."""

    slug: ClassVar[str] = "invitation-was-declined"
    title: ClassVar[str] = "The invitation was declined."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"{invitee} has declined its invitation.",
            remedy="Ask the secretariat to issue the invitation again.",
            field="invitee",
            invitee=invitee,
        )


class DelegationStands(Conflicting):
    """Who is registered does not decline, but withdraws."""

    slug: ClassVar[str] = "delegation-stands"
    title: ClassVar[str] = "A delegation is registered."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"{invitee} has registered a delegation.",
            remedy="Withdraw the delegation first.",
            field="invitee",
            invitee=invitee,
        )


class RegistrationClosed(TooLate):
    """The deadline of the step has passed."""

    slug: ClassVar[str] = "registration-closed"
    title: ClassVar[str] = "The deadline has passed."

    def __init__(self, step: str, closed_at: datetime) -> None:
        super().__init__(
            f"The deadline of the step {step!r} was {closed_at:%Y-%m-%d %H:%M} UTC.",
            remedy="Ask the secretariat for an extension.",
            step=step,
            closed_at=closed_at.isoformat(),
        )


class DeadlineNotExtended(Invalid):
    """The new deadline is no later than the one that holds, or is past."""

    slug: ClassVar[str] = "deadline-not-extended"
    title: ClassVar[str] = "That is no extension."

    def __init__(self, until_at: datetime, holds_until_at: datetime) -> None:
        super().__init__(
            f"{until_at:%Y-%m-%d %H:%M} UTC is past, or no later than the deadline that holds ({holds_until_at:%Y-%m-%d %H:%M} UTC).",
            remedy="Name a later moment.",
            field="until_at",
            holds_until_at=holds_until_at.isoformat(),
        )


class LinkUnknown(Unknown):
    """No invitation has this link, or it has run out."""

    slug: ClassVar[str] = "link-unknown"
    title: ClassVar[str] = "The link does not hold."

    def __init__(self) -> None:
        super().__init__(
            "This link belongs to no invitation, was replaced by a newer one, or has run out.",
            remedy="Use the link in the latest letter, or ask the secretariat for a new one.",
            field="link",
        )


class SignInRefused(NotAllowed):
    """The code is wrong, was used, has run out, or was never asked for; which of these is not told."""

    slug: ClassVar[str] = "sign-in-refused"
    title: ClassVar[str] = "The code does not open."

    def __init__(self) -> None:
        super().__init__(
            "The code is wrong, was used already, or has run out.",
            remedy="Ask for a new code; it goes to the address on record.",
            field="code",
        )


class TooManyCodes(Conflicting):
    """Codes were asked for too often."""

    slug: ClassVar[str] = "too-many-codes"
    title: ClassVar[str] = "Too many codes."

    def __init__(self, again_at: datetime) -> None:
        super().__init__(
            "Too many codes were asked for with this link.",
            remedy=f"Use the latest code, or ask again after {again_at:%H:%M} UTC.",
            again_at=again_at.isoformat(),
        )
