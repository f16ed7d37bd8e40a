"""What the codes on a delegation's pages are called, in the language that is being spoken."""

from collections.abc import Mapping, Sequence

from summit_contracts.scheduling import DeclineReason
from summit_portal.shell.languages import BAR
from summit_portal.shell.speech import gettext as _
from summit_portal.shell.speech import pgettext
from summit_portal.shell.vocabulary import all_called, called
from summit_portal.shell.words import plain_state


def ranks() -> Mapping[str, str]:
    """The ranks, the highest first."""
    return all_called("rank")


def functions() -> Mapping[str, str]:
    """What somebody is in a delegation."""
    return all_called("function")


def credentials() -> Mapping[str, str]:
    """Whether somebody may enter."""
    return {
        "pending": pgettext("credentials", "Under review"),
        "accredited": pgettext("credentials", "Accredited"),
        "refused": pgettext("credentials", "Refused"),
    }


def statuses() -> Mapping[str, str]:
    """How far a bilateral has come."""
    return all_called("bilateral")


def reasons() -> Mapping[str, str]:
    """Why a delegation does not wish to meet."""
    return {
        DeclineReason.NO_TIME: _("No time"),
        DeclineReason.OTHER_LEVEL: _("Only at another level"),
        DeclineReason.OTHER_CHANNEL: _("The matter is dealt with elsewhere"),
        DeclineReason.NOT_STATED: _("No reason stated"),
    }


def priorities() -> Mapping[str, str]:
    """How much a meeting matters to who wishes for it."""
    return {"1": _("Must be held"), "2": _("Should be held"), "3": _("Could be held")}


def fields() -> Mapping[str, str]:
    """What is asked for in the form of a delegation."""
    return {
        "person.name": _("Name"),
        "person.title": _("Title"),
        "person.email": _("E-mail"),
        "person.language": _("Language of letters"),
        "function": _("Function"),
        "rank": _("Rank"),
        "arrives_on": _("First day"),
        "leaves_on": _("Last day"),
        "counterparts": _("With"),
        "topic": _("Topic"),
        "priority": _("Importance"),
        "level": _("Level"),
        "language": _("Language"),
        "size": _("People in the room"),
        "days": _("Days"),
        "needs": _("Equipment"),
    }


def tongues() -> Mapping[str, str]:
    """The six languages, each in its own script."""
    return {code.value: name for code, name in BAR}


def said(field: str, value: str) -> str:
    """What was chosen or typed for the field, as a person reads it."""
    match field:
        case "counterparts":
            return plain_state(value)
        case "needs":
            return called("equipment", value)
        case _:
            lists = {
                "function": functions,
                "rank": ranks,
                "level": ranks,
                "priority": priorities,
                "language": tongues,
                "person.language": tongues,
            }
            return lists[field]().get(value, value) if field in lists else value


def all_said(field: str, values: Sequence[str]) -> list[str]:
    """The same for all that was chosen."""
    return [said(field, value) for value in values]
