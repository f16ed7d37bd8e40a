"""Why somebody of the secretariat is not signed in."""

from typing import ClassVar

from summit_contracts.errors import Conflicting, NotAllowed


class StaffNotVouchedFor(NotAllowed):
    """The identity provider did not say this, or not to us, or not just now; which of these is not told."""

    slug: ClassVar[str] = "staff-not-vouched-for"
    title: ClassVar[str] = "The sign-in was not confirmed."

    def __init__(self) -> None:
        super().__init__(
            "What was shown does not come from the identity provider, or not for this sign-in.",
            remedy="Sign in again from the beginning.",
            field="id_token",
        )


class StaffWithoutRole(NotAllowed):
    """Whoever signed in belongs to no group that has a role here."""

    slug: ClassVar[str] = "staff-without-role"
    title: ClassVar[str] = "Your account has no role here."

    def __init__(self) -> None:
        super().__init__(
            "None of your groups has a role in this system.",
            remedy="Ask whoever administers accounts to put you into the group of your desk.",
        )


class StaffProviderAway(Conflicting):
    """The identity provider does not answer, so that nobody can be believed."""

    slug: ClassVar[str] = "staff-provider-away"
    title: ClassVar[str] = "The identity provider does not answer."

    def __init__(self) -> None:
        super().__init__(
            "The identity provider does not answer, or not as one.", remedy="Try again in a minute."
        )


class StaffSignInNotOffered(Conflicting):
    """This deployment names no identity provider."""

    slug: ClassVar[str] = "staff-sign-in-not-offered"
    title: ClassVar[str] = "Staff cannot sign in here."

    def __init__(self) -> None:
        super().__init__(
            "This deployment names no identity provider for staff.",
            remedy="Set SUMMIT_STAFF_ISSUER, SUMMIT_STAFF_CLIENT_ID and SUMMIT_STAFF_GROUPS.",
        )
