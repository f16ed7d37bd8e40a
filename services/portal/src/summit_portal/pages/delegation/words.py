"""What the codes on a delegation's pages are called, in the language that is being spoken."""

from collections.abc import Mapping

from summit_contracts.scheduling import DeclineReason
from summit_contracts.values import Function, Rank
from summit_portal.shell.languages import BAR
from summit_portal.shell.speech import gettext as _
from summit_portal.shell.speech import pgettext
from summit_portal.shell.words import plain_state


def ranks() -> Mapping[str, str]:
    """The ranks, the highest first."""
    return {
        Rank.HEAD_OF_GOVERNMENT: pgettext("rank", "Head of Government"),
        Rank.MINISTER: pgettext("rank", "Minister"),
        Rank.DEPUTY_MINISTER: pgettext("rank", "Deputy Minister"),
        Rank.HEAD_OF_POLICE: pgettext("rank", "Head of police"),
        Rank.PERMANENT_REPRESENTATIVE: pgettext("rank", "Permanent Representative"),
        Rank.DEPUTY_HEAD_OF_POLICE: pgettext("rank", "Deputy head of police"),
        Rank.SENIOR_OFFICER: pgettext("rank", "Senior officer"),
        Rank.EXPERT: pgettext("rank", "Expert"),
    }


def functions() -> Mapping[str, str]:
    """What somebody is in a delegation."""
    return {
        Function.HEAD: pgettext("function", "Head of delegation"),
        Function.ALTERNATE: pgettext("function", "Alternate head of delegation"),
        Function.MEMBER: pgettext("function", "Member of delegation"),
    }


def credentials() -> Mapping[str, str]:
    """Whether somebody may enter."""
    return {
        "pending": pgettext("credentials", "Under review"),
        "accredited": pgettext("credentials", "Accredited"),
        "refused": pgettext("credentials", "Refused"),
    }


def statuses() -> Mapping[str, str]:
    """How far a bilateral has come."""
    return {
        "requested": pgettext("bilateral", "Requested"),
        "countered": pgettext("bilateral", "Other terms are proposed"),
        "agreed": pgettext("bilateral", "Agreed; not placed yet"),
        "scheduled": pgettext("bilateral", "In the timetable"),
        "unplaced": pgettext("bilateral", "No place was found"),
        "declined": pgettext("bilateral", "Declined"),
        "cancelled": pgettext("bilateral", "Cancelled"),
    }


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


def equipment(code: str) -> str:
    """What a room has."""
    known = {"interpretation": _("Interpretation"), "flags": _("Flags"), "screen": _("Screen")}
    return known.get(code) or code.replace("_", " ")


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
            return equipment(value)
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


def letters() -> Mapping[str, str]:
    """What each kind of letter is about."""
    return {
        "invitation_declined": pgettext("letter", "The invitation was declined"),
        "deadline_extended": pgettext("letter", "More time was given"),
        "delegation_registered": pgettext("letter", "The delegation was registered"),
        "delegation_confirmed": pgettext("letter", "The delegation was confirmed"),
        "delegation_amended": pgettext("letter", "The delegation was changed"),
        "delegation_withdrawn": pgettext("letter", "The delegation was withdrawn"),
        "delegate_accredited": pgettext("letter", "A member was accredited"),
        "delegate_refused": pgettext("letter", "A member was refused"),
        "bilateral_requested": pgettext("letter", "A bilateral meeting is requested"),
        "bilateral_accepted": pgettext("letter", "A bilateral meeting was accepted"),
        "bilateral_declined": pgettext("letter", "A bilateral meeting was declined"),
        "bilateral_countered": pgettext("letter", "Other terms are proposed for a bilateral meeting"),
        "bilateral_cancelled": pgettext("letter", "A bilateral meeting was cancelled"),
        "timetable": pgettext("letter", "The timetable of bilateral meetings"),
        "pledge_made": pgettext("letter", "A pledge was received"),
        "pledge_acknowledged": pgettext("letter", "A pledge is under review"),
        "pledge_returned": pgettext("letter", "A pledge was returned with questions"),
        "pledge_amended": pgettext("letter", "A pledge was changed"),
        "pledge_accepted": pgettext("letter", "A pledge was accepted"),
        "pledge_progress_reported": pgettext("letter", "Progress on a pledge was reported"),
        "pledge_fulfilled": pgettext("letter", "A pledge was fulfilled"),
        "pledge_withdrawn": pgettext("letter", "A pledge was withdrawn"),
        "compact_intended": pgettext("letter", "An intention to adhere was noted"),
        "compact_adhered": pgettext("letter", "An adherence was noted"),
        "compact_withdrawn": pgettext("letter", "A withdrawal from a compact was noted"),
        "letter_undelivered": pgettext("letter", "A letter could not be delivered"),
    }
