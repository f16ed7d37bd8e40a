"""What the codes on a pledge's pages are called, in the language that is being spoken."""

from collections.abc import Mapping, Sequence

from summit_chassis.speech import taxonomy_term
from summit_contracts.promises import Additionality, HeldBack
from summit_portal.pages.delegation.words import tongues
from summit_portal.shell.speech import gettext as _
from summit_portal.shell.speech import pgettext
from summit_portal.shell.vocabulary import all_called
from summit_portal.shell.words import plain_state


def states() -> Mapping[str, str]:
    """How far a pledge has come."""
    return {"draft": pgettext("pledge", "Draft; nobody else sees it"), **all_called("pledge_state")}


def criteria() -> Mapping[str, str]:
    """What a promise is measured by."""
    return {
        "specific": pgettext("criterion", "Specific"),
        "measurable": pgettext("criterion", "Measurable"),
        "achievable": pgettext("criterion", "Achievable"),
        "relevant": pgettext("criterion", "Relevant"),
        "time_bound": pgettext("criterion", "Time-bound"),
    }


def bounds() -> Mapping[str, str]:
    """How exactly a number is meant; for money, too."""
    return {
        "exact": pgettext("number", "Exactly"),
        "up_to": pgettext("number", "Up to"),
        "at_least": pgettext("number", "At least"),
        "more_than": pgettext("number", "More than"),
        "range": pgettext("number", "From … to …"),
    }


def quantities() -> Mapping[str, str]:
    """The same for what can be counted."""
    known = dict(bounds())
    return {
        "exact": known.pop("exact"),
        "about": pgettext("number", "About"),
        **known,
        "percent": pgettext("number", "Per cent"),
        "about_percent": pgettext("number", "About so many per cent"),
        "none_given": pgettext("number", "No number given"),
    }


def timelines() -> Mapping[str, str]:
    """When it is to be."""
    return {
        "by": pgettext("time", "Done by the last day"),
        "window": pgettext("time", "From the first to the last day"),
        "lasting": pgettext("time", "For so long"),
        "recurring": pgettext("time", "Again and again, every so long"),
        "open": pgettext("time", "No date given"),
    }


def spans() -> Mapping[str, str]:
    """Units of calendar time."""
    return {"day": _("Days"), "week": _("Weeks"), "month": _("Months"), "year": _("Years")}


def additionalities() -> Mapping[str, str]:
    """Whether it was promised before."""
    return {
        Additionality.NEW: _("New"),
        Additionality.REAFFIRMATION: _("An older promise, said again or brought forward"),
    }


def openness() -> Mapping[str, str]:
    """Who may see it once it is made."""
    return {
        "public": _("Everybody"),
        "embargoed": _("Everybody, from a moment on"),
        "private": _("The Secretariat alone"),
    }


def parts() -> Mapping[str, str]:
    """What a pledger may keep from the public."""
    return {
        HeldBack.AMOUNT: _("Amount"),
        HeldBack.CONDITIONS: _("Conditions"),
        HeldBack.PARTNERS: _("Partners"),
        HeldBack.PLACE: _("Place"),
        HeldBack.WORDS: _("The words"),
    }


def shares() -> Mapping[str, str]:
    """What a partner's share is counted in."""
    return {"percent": _("Per cent of the whole"), "unit": _("In the unit above")}


def fields() -> Mapping[str, str]:
    """What is asked for in the form of a pledge."""
    return {
        "need_id": _("Which need it answers"),
        "capability": _("What you pledge"),
        "designation": _("What you call it"),
        "quantity.kind": _("How many: as a number"),
        "quantity.number": _("Number"),
        "quantity.most": _("Number at most"),
        "quantity.unit": _("Counted in"),
        "quantity.of": _("Per cent of what"),
        "amount.kind": _("How much money: as a sum"),
        "amount.number": _("Sum"),
        "amount.most": _("Sum at most"),
        "amount.currency": _("Currency"),
        "timeline.kind": _("By when"),
        "timeline.start_on": _("First day"),
        "timeline.end_on": _("Last day"),
        "timeline.count": _("How long"),
        "timeline.span": _("Days, weeks, months or years"),
        "timeline.words": _("In your own words"),
        "conditions.kind": _("Condition"),
        "conditions.words": _("The condition in words"),
        "partners.invitee": _("Partner"),
        "partners.words": _("Partner who is not on the list"),
        "partners.share": _("Share"),
        "partners.share_in": _("Share in"),
        "place": _("Mission or country"),
        "words": _("The pledge in your words"),
        "language": _("Language of these words"),
        "additionality": _("New, or promised before"),
        "held_back": _("Not for the public"),
        "openness": _("Who may see it"),
        "until_at": _("Public from"),
    }


def called(field: str) -> str:
    """What the field is called; `conditions.0.words` as `conditions.words`."""
    return fields().get(".".join(part for part in field.split(".") if not part.isdigit()), field)


def said(field: str, value: str) -> str:
    """What was chosen or typed for the field, as a person reads it."""
    last = field.rpartition(".")[2]
    match field.partition(".")[0], last:
        case _, "invitee":
            return plain_state(value)
        case "capability", _:
            return taxonomy_term("capability", value)
        case "conditions", "kind":
            return taxonomy_term("condition", value)
        case "quantity", "unit":
            return taxonomy_term("unit", value)
        case _:
            return _chosen(field).get(value, value)


def all_said(field: str, values: Sequence[str]) -> list[str]:
    """The same for all that was chosen."""
    return [said(field, value) for value in values]


def _chosen(field: str) -> Mapping[str, str]:
    lists = {
        "quantity.kind": quantities,
        "amount.kind": bounds,
        "timeline.kind": timelines,
        "timeline.span": spans,
        "additionality": additionalities,
        "openness": openness,
        "held_back": parts,
        "language": tongues,
    }
    return lists[field]() if field in lists else {}
