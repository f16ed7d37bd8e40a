"""To whom a letter goes, and in which language."""

from dataclasses import dataclass

from summit_contracts.editions import Edition
from summit_contracts.registration import Contact
from summit_contracts.values import Language
from summit_notifications.domain.draft import Audience, LetterDraft
from summit_notifications.domain.known import Contacts
from summit_notifications.domain.mail import Line, Recipient


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a letter goes, and in which language."""

    recipients: tuple[Recipient, ...]
    language: Language
    person: str | None
    """The name of the person it concerns; none where it concerns the delegation, or the name is not known."""


def addressed(draft: LetterDraft, contacts: Contacts, edition: Edition) -> Addressed | None:
    """Whom the letter goes to as contacts stand now; none where nobody can be written to yet.

    Without the person concerned, or without a nominator, the next in line is written to, so that what is said is read by
    somebody who may act on it. The language is that of whoever it is addressed to, or the edition's fallback.
    """
    nominator = next((one for one in contacts if one.role == "nominator"), None)
    backup = next((one for one in contacts if one.role == "backup"), None)
    person = next((one for one in contacts if draft.member_id and one.member_id == draft.member_id), None)
    line: tuple[Contact | None, ...] = {
        Audience.NOMINATOR_ALONE: (nominator or backup,),
        Audience.BACKUP_ALONE: (backup,),
        Audience.PERSON: (person, nominator, backup),
        Audience.FOCAL_POINT: (nominator, backup),
    }[draft.audience]
    in_order = _each_address_once([one for one in line if one is not None])
    if not in_order:
        return None
    first = in_order[0]
    language = first.language if first.language in edition.languages else edition.fallback_language
    recipients = tuple(
        Recipient(one.role, _line(position), one.name, one.email) for position, one in enumerate(in_order)
    )
    return Addressed(recipients, language, person.name if person else None)


def _line(position: int) -> Line:
    return "cc" if position else "to"


def _each_address_once(contacts: list[Contact]) -> list[Contact]:
    seen: dict[str, Contact] = {}
    for one in contacts:
        seen.setdefault(one.email.casefold(), one)
    return list(seen.values())
