"""What is not there, or nobody's place, in an edition."""

from typing import ClassVar

from summit_contracts.errors import Invalid


class NotAnInvitee(Invalid):
    """Who pledges or adheres is invited, or is the Secretariat itself."""

    slug: ClassVar[str] = "not-an-invitee"
    title: ClassVar[str] = "Nobody of this code is invited."

    def __init__(self, code: str, field: str) -> None:
        super().__init__(
            f"The edition invites nobody of the code {code!r}.",
            remedy="Take a code from the edition's list of invitees.",
            field=field,
            invitee=code,
        )
