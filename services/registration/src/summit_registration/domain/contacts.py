"""Whom letters to an invitee go to: its focal points, and the members of its delegation that have an address."""

from collections.abc import Sequence

from summit_contracts.registration import Contact
from summit_contracts.values import Language
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.people import Member


def contacts_of(
    invitation: Invitation, members: Sequence[Member] = (), *, language: Language | None = None
) -> tuple[Contact, ...]:
    """Everybody who gets letters; in `language`, or else the invitation's, where nobody chose another."""
    language = language or invitation.language
    with_address = (
        Contact(
            role="member",
            member_id=member.member_id,
            name=member.person.name,
            email=member.person.email,
            language=member.person.language or language,
        )
        for member in members
        if member.person.email is not None
    )
    return (*invitation.focal.contacts(language), *with_address)
