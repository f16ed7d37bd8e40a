"""What the codes in facts are called. A code that this version does not know is shown as it is, in plain words."""

from collections.abc import Mapping

from summit_chassis.speech import C_, Message
from summit_contracts.promises import PledgeState
from summit_contracts.registration import DelegationState
from summit_contracts.scheduling import CancelReason, DeclineReason, MoveReason, UnplacedReason
from summit_contracts.values import Function, Rank
from summit_notifications.letters.speech import SPEECH

TERMS: Mapping[str, Mapping[str, Message]] = {
    "rank": {
        Rank.HEAD_OF_GOVERNMENT: C_("rank", "Head of Government"),
        Rank.MINISTER: C_("rank", "Minister"),
        Rank.DEPUTY_MINISTER: C_("rank", "Deputy Minister"),
        Rank.HEAD_OF_POLICE: C_("rank", "Head of police"),
        Rank.PERMANENT_REPRESENTATIVE: C_("rank", "Permanent Representative"),
        Rank.DEPUTY_HEAD_OF_POLICE: C_("rank", "Deputy head of police"),
        Rank.SENIOR_OFFICER: C_("rank", "Senior officer"),
        Rank.EXPERT: C_("rank", "Expert"),
    },
    "function": {
        Function.HEAD: C_("function", "Head of delegation"),
        Function.ALTERNATE: C_("function", "Alternate head of delegation"),
        Function.MEMBER: C_("function", "Member of delegation"),
    },
    "equipment": {
        "interpretation": C_("equipment", "Interpretation"),
        "flags": C_("equipment", "Flags"),
        "screen": C_("equipment", "Screen"),
    },
    "accreditation": {
        "pending": C_("accreditation", "Accreditation pending"),
        "accredited": C_("accreditation", "Accredited"),
        "refused": C_("accreditation", "Accreditation not granted"),
    },
    "delegation_state": {
        DelegationState.NOMINATED: C_("delegation", "Nominated"),
        DelegationState.CONFIRMED: C_("delegation", "Confirmed"),
        DelegationState.WITHDRAWN: C_("delegation", "Withdrawn"),
    },
    "step": {
        "nominate": C_("step", "Nomination of the delegation"),
        "confirm": C_("step", "Confirmation of the delegation"),
        "wishes": C_("step", "Requests for bilateral meetings"),
    },
    "refusal": {
        "incomplete_papers": C_("refusal", "The papers are incomplete."),
        "security": C_("refusal", "Security clearance was not given."),
        "over_quota": C_("refusal", "The delegation would exceed its number of places."),
        "duplicate": C_("refusal", "The person has been named already."),
        "other": C_("refusal", "Other reasons; the secretariat will inform the focal point."),
    },
    "decline": {
        DeclineReason.NO_TIME: C_("decline", "No time is available."),
        DeclineReason.OTHER_LEVEL: C_("decline", "A meeting would be possible at another level only."),
        DeclineReason.OTHER_CHANNEL: C_("decline", "The matter is dealt with elsewhere."),
        DeclineReason.NOT_STATED: C_("decline", "No reason was given."),
    },
    "cancel": {
        CancelReason.PARTY_WITHDREW: C_("cancel", "One of the parties has withdrawn from the meeting."),
        CancelReason.DELEGATION_WITHDREW: C_(
            "cancel", "The delegation of one of the parties will not attend the Summit."
        ),
        CancelReason.SECRETARIAT: C_("cancel", "The secretariat has cancelled the meeting."),
        CancelReason.JOINED: C_("cancel", "Two requests for the same meeting were joined."),
        CancelReason.NO_SHOW: C_("cancel", "A party did not come to the meeting."),
        CancelReason.RELEASED: C_("cancel", "The place of the meeting was given back."),
    },
    "move": {
        MoveReason.PARTY_UNAVAILABLE: C_("move", "A party is no longer available at the former time."),
        MoveReason.ROOM_UNAVAILABLE: C_("move", "The former room is no longer available."),
        MoveReason.BETTER_PLAN: C_("move", "The move makes room for further meetings."),
        MoveReason.PINNED: C_("move", "The secretariat has fixed the time of the meeting."),
        MoveReason.ROLLED_BACK: C_("move", "An earlier timetable has been put back in force."),
    },
    "unplaced": {
        UnplacedReason.NO_COMMON_TIME: C_("unplaced", "There is no time at which all parties are available."),
        UnplacedReason.NO_ROOM_LARGE_ENOUGH: C_("unplaced", "No room that is large enough is free."),
        UnplacedReason.NO_PLACE_LEFT: C_(
            "unplaced", "All suitable times and rooms are taken by other meetings."
        ),
        UnplacedReason.NO_EQUIPMENT: C_(
            "unplaced", "No suitable room has the equipment that the meeting needs."
        ),
        UnplacedReason.VETOED: C_("unplaced", "The secretariat cannot arrange this meeting."),
        UnplacedReason.CAP_REACHED: C_("unplaced", "A party has reached its number of meetings."),
    },
    "pledge_state": {
        PledgeState.MADE: C_("pledge", "Received"),
        PledgeState.ACKNOWLEDGED: C_("pledge", "Under review"),
        PledgeState.RETURNED: C_("pledge", "Returned for clarification"),
        PledgeState.ACCEPTED: C_("pledge", "Accepted"),
        PledgeState.WITHDRAWN: C_("pledge", "Withdrawn"),
        PledgeState.FULFILLED: C_("pledge", "Fulfilled"),
    },
    "field": {
        "language": C_("field", "Language of correspondence"),
        "function": C_("field", "Function"),
        "rank": C_("field", "Rank"),
        "arrives_on": C_("field", "First day of attendance"),
        "leaves_on": C_("field", "Last day of attendance"),
        "accreditation": C_("field", "Accreditation"),
        "name": C_("field", "Name"),
        "title": C_("field", "Functional title"),
        "email": C_("field", "E-mail address"),
    },
}


def term(vocabulary: str, code: str) -> str:
    """The term for this code in the language that is being spoken."""
    return SPEECH.called(TERMS.get(vocabulary, {}), code)
