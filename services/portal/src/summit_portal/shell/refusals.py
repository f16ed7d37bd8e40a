"""What an owner's refusal means to who filled in the form, and what to do about it, by the slug of the problem.

The owners speak English, and their words hold what a program needs; these go before them, in the language that is being spoken.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from summit_chassis.speech import C_, Message
from summit_portal.shell.speech import pgettext

GENERAL: Final = ("invalid-request", "invalid", "unstorable-text", "malformed-header")
"""They name the fields that are wrong, and only the owner's words say what is wrong with each."""
_SAID: Final[Sequence[tuple[Sequence[str], Message]]] = (
    (
        ("idempotency-key-reused",),
        C_(
            "refused",
            "This form was sent before with something else, and that was done: look there first. Send it again if you want this as well.",
        ),
    ),
    (
        (
            "delegation-changed",
            "person-changed",
            "stage-changed",
            "bilateral-changed",
            "rulings-changed",
            "pledge-changed",
            "stale-version",
            "stale",
            "if-match-needed",
        ),
        C_("refused", "It was changed meanwhile. Look at it as it stands now, and decide again."),
    ),
    (
        (
            "delegation-unknown",
            "member-unknown",
            "bilateral-unknown",
            "timetable-unknown",
            "solve-unknown",
            "pledge-unknown",
            "need-unknown",
            "letter-unknown",
            "no-such-dead-letter",
            "unknown",
            "no-such-page",
            "edition-unknown",
            "room-unknown",
            "duty-unknown",
            "capability-unknown",
            "capability-not-offered",
            "category-differs",
            "term-unknown",
        ),
        C_("refused", "This is not known, or not any more. Choose from what is offered now."),
    ),
    (
        (
            "wrong-role",
            "foreign-invitee",
            "not-allowed",
            "not-a-party",
            "pledge-of-another",
            "report-of-the-other-side",
        ),
        C_("refused", "This is for somebody else to do. Ask the secretariat if you are in doubt."),
    ),
    (
        (
            "step-not-open",
            "not-agreed",
            "bilateral-ended",
            "not-awaited",
            "still-awaited",
            "decided-already",
            "already-registered",
            "not-registered",
            "delegation-stands",
            "pledge-is-public",
            "conflicting",
            "letter-not-to-be-decided",
            "solve-not-ready",
        ),
        C_("refused", "This step is not open as it stands now. Look at it again to see what can be done."),
    ),
    (
        GENERAL,
        C_(
            "refused", "Something cannot be taken as it was typed. Correct what is marked, and send it again."
        ),
    ),
    (
        (
            "registration-closed",
            "pledging-closed",
            "too-late",
        ),
        C_("refused", "The deadline has passed. Ask the secretariat."),
    ),
    (
        ("over-quota",),
        C_(
            "refused",
            "More people are named than may come. Name fewer, or ask the secretariat for more places.",
        ),
    ),
    (
        ("not-one-head",),
        C_("refused", "A delegation has exactly one head. Give this function to one person."),
    ),
    (
        (
            "member-twice",
            "wish-repeated",
            "counterpart-twice",
            "party-twice",
            "partner-twice",
        ),
        C_("refused", "The same is named twice. Leave one of the two out."),
    ),
    (
        ("stay-outside-edition",),
        C_("refused", "The days must lie within the summit, and the last must not be before the first."),
    ),
    (("language-not-offered",), C_("refused", "Letters are not written in this language. Choose another.")),
    (("reason-missing",), C_("refused", "A reason is needed. Write it down.")),
    (
        ("invitation-was-declined",),
        C_("refused", "The invitation was declined. Ask the secretariat to send it again."),
    ),
    (
        (
            "not-invited",
            "invitee-unknown",
            "counterpart-unknown",
            "party-unknown",
            "not-an-invitee",
            "sends-no-delegation",
        ),
        C_("refused", "It is not among those invited to this summit. Choose from the list."),
    ),
    (
        ("link-unknown",),
        C_(
            "refused",
            "This link does not hold. Use the one in the latest letter, or ask the secretariat for a new one.",
        ),
    ),
    (
        ("sign-in-refused",),
        C_(
            "refused",
            "The link or the code is wrong, used already or too old. Ask for a new code; it goes to the address on record.",
        ),
    ),
    (
        ("too-many-codes",),
        C_("refused", "Too many codes were asked for. Use the latest, or try again in an hour."),
    ),
    (
        ("too-many-wishes",),
        C_("refused", "More meetings are asked for than may be. Keep those that matter most."),
    ),
    (("counterpart-withdrawn", "party-withdrawn"), C_("refused", "It will not attend. Leave it out.")),
    (
        (
            "wish-for-oneself",
            "veto-unfit",
            "partner-is-the-pledger",
        ),
        C_("refused", "It is named together with itself. Name the others only."),
    ),
    (
        (
            "wish-outside-bilateral-days",
            "day-not-for-bilaterals",
        ),
        C_("refused", "No bilateral meetings are held on that day. Choose another."),
    ),
    (
        (
            "wish-size-unfit",
            "size-unfit",
        ),
        C_("refused", "No room fits a meeting of that size. Choose another number of people."),
    ),
    (("wish-need-unknown", "equipment-unknown"), C_("refused", "No room has this equipment. Leave it out.")),
    (
        ("bilateral-exists",),
        C_(
            "refused",
            "The same parties have a meeting already, asked for or agreed. Accept that one for them, or give it a place.",
        ),
    ),
    (("already-agreed",), C_("refused", "All have agreed already. Cancel the meeting if it cannot be held.")),
    (
        ("too-many-rounds",),
        C_("refused", "There have been too many counter-proposals. Accept or decline what is proposed now."),
    ),
    (
        (
            "nothing-proposed",
            "nothing-changed",
        ),
        C_("refused", "It is so already. Change something, or leave it."),
    ),
    (
        (
            "start-not-a-slot",
            "too-long",
        ),
        C_("refused", "The meeting does not fit there. Choose other times or days, or a shorter meeting."),
    ),
    (
        (
            "place-taken",
            "pin-impossible",
        ),
        C_("refused", "The meeting cannot be held there. Choose another place or moment."),
    ),
    (
        ("pin-frozen",),
        C_(
            "refused",
            "The meeting begins too soon to be moved by this. Leave it out, or give the meeting a place by hand.",
        ),
    ),
    (("pins-contradict",), C_("refused", "What is fixed here contradicts itself. Take one of them back.")),
    (
        (
            "solve-outdated",
            "moved-too-late",
        ),
        C_("refused", "What it was solved for has changed since. Solve anew, and publish that."),
    ),
    (
        ("letter-forgotten",),
        C_(
            "refused",
            "What this letter said is not kept, since it held a secret. Renew the invitation, or have a new code asked for.",
        ),
    ),
    (("currency-unknown",), C_("refused", "There is no such currency. Write its three letters, e.g. USD.")),
    (
        (
            "amount-not-readable",
            "amount-too-fine",
        ),
        C_(
            "refused", "The amount cannot be read. Write digits, with no more decimals than the currency has."
        ),
    ),
    (
        ("share-not-comparable",),
        C_(
            "refused",
            "The share cannot be taken from the whole. Give it per cent or in the unit of the pledge, and give the pledge a number.",
        ),
    ),
    (
        ("shares-exceed-the-whole",),
        C_("refused", "The shares are more than the whole. Lower them, or raise the whole."),
    ),
    (("additionality-not-stated",), C_("refused", "Say whether it is new or was said before.")),
    (
        (
            "source-missing",
            "evidence-without-document",
        ),
        C_("refused", "Name at least one document or source."),
    ),
    (
        ("not-a-commitment",),
        C_(
            "refused",
            "Only a commitment can be accepted. Class it as one first, or return it with a question.",
        ),
    ),
    (
        ("not-yet-shown",),
        C_("refused", "Not both sides have reported that it is complete. Have that report filed first."),
    ),
    (("need-closed",), C_("refused", "This need is closed. Choose another, or leave it out.")),
    (("reference-taken",), C_("refused", "This number is taken. Give another.")),
    (
        ("embargo-lies-behind",),
        C_("refused", "The embargo would be over already. Give a later moment, or make the pledge public."),
    ),
    (
        ("report-lies-ahead",),
        C_("refused", "That day has not come yet. Give the day up to which you counted."),
    ),
    (
        (
            "body-too-large",
            "body-too-slow",
        ),
        C_("refused", "Too much was sent at once, or it came too slowly. Send less."),
    ),
    (
        ("unexpected",),
        C_("refused", "The service made a mistake, and nothing was changed. Tell the operators."),
    ),
)
MEANINGS: Final[Mapping[str, Message]] = {slug: message for slugs, message in _SAID for slug in slugs}
_OF_A_FIELD: Final = C_("refused", "This cannot be taken as it was typed. Correct it.")


def meaning(slug: str) -> str:
    """What it means and what to do; nothing for a slug that this version does not know."""
    return pgettext(*MEANINGS[slug]) if slug in MEANINGS else ""


def meaning_of_field(slug: str) -> str:
    """The same beside a field."""
    return pgettext(*_OF_A_FIELD) if slug in GENERAL else meaning(slug)
