"""What the codes in facts are called on pages. A code that this version does not know is shown in plain words."""

from collections.abc import Mapping
from typing import Final

from summit_chassis.speech import C_, Message
from summit_contracts.editions import DayPurpose
from summit_contracts.promises import PledgeState, Side
from summit_contracts.reference import RegionalGroup
from summit_contracts.registration import DelegationState
from summit_contracts.values import Function, InviteeKind, Rank
from summit_portal.shell.speech import SPEECH

TERMS: Final[Mapping[str, Mapping[str, Message]]] = {
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
    "invitee_kind": {
        InviteeKind.MEMBER_STATE: C_("invitee kind", "Member States"),
        InviteeKind.OBSERVER_STATE: C_("invitee kind", "Observer States"),
        InviteeKind.ORGANIZATION: C_("invitee kind", "International organizations"),
        InviteeKind.POLICE_BODY: C_("invitee kind", "Police organizations"),
        InviteeKind.PRINCIPAL: C_("invitee kind", "United Nations principals"),
    },
    "group": {
        RegionalGroup.AFRICAN: C_("group", "African States"),
        RegionalGroup.ASIA_PACIFIC: C_("group", "Asia-Pacific States"),
        RegionalGroup.EASTERN_EUROPEAN: C_("group", "Eastern European States"),
        RegionalGroup.LATIN_AMERICAN_AND_CARIBBEAN: C_("group", "Latin American and Caribbean States"),
        RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS: C_("group", "Western European and other States"),
    },
    "participation": {
        "confirmed": C_("participation", "Confirmed"),
        "nominated": C_("participation", "Registered"),
        "withdrawn": C_("participation", "Withdrawn"),
        "declined": C_("participation", "Will not attend"),
        "invited": C_("participation", "Invited"),
    },
    "delegation_state": {
        DelegationState.NOMINATED: C_("delegation", "Nominated"),
        DelegationState.CONFIRMED: C_("delegation", "Confirmed"),
        DelegationState.WITHDRAWN: C_("delegation", "Withdrawn"),
    },
    "purpose": {
        DayPurpose.PLENARY: C_("purpose", "Plenary"),
        DayPurpose.BILATERALS: C_("purpose", "Bilateral meetings"),
        DayPurpose.SIDE_EVENTS: C_("purpose", "Side events"),
    },
    "pledge_state": {
        PledgeState.MADE: C_("pledge", "Received"),
        PledgeState.ACKNOWLEDGED: C_("pledge", "Under review"),
        PledgeState.RETURNED: C_("pledge", "Returned for clarification"),
        PledgeState.ACCEPTED: C_("pledge", "Accepted"),
        PledgeState.WITHDRAWN: C_("pledge", "Withdrawn"),
        PledgeState.FULFILLED: C_("pledge", "Fulfilled"),
    },
    "adherence": {
        "intended": C_("adherence", "Intends to adhere"),
        "adhered": C_("adherence", "Adheres"),
        "withdrawn": C_("adherence", "Has withdrawn"),
    },
    "bilateral": {
        "requested": C_("bilateral", "Requested"),
        "countered": C_("bilateral", "Other terms are proposed"),
        "agreed": C_("bilateral", "Agreed; not placed yet"),
        "scheduled": C_("bilateral", "In the timetable"),
        "unplaced": C_("bilateral", "No place was found"),
        "declined": C_("bilateral", "Declined"),
        "cancelled": C_("bilateral", "Cancelled"),
    },
    "equipment": {
        "interpretation": C_("equipment", "Interpretation"),
        "flags": C_("equipment", "Flags"),
        "screen": C_("equipment", "Screen"),
    },
    "letter": {
        "invitation": C_("letter", "Invitation"),
        "sign_in_code": C_("letter", "Code to sign in"),
        "invitation_declined": C_("letter", "The invitation was declined"),
        "deadline_extended": C_("letter", "More time was given"),
        "delegation_registered": C_("letter", "The delegation was registered"),
        "delegation_confirmed": C_("letter", "The delegation was confirmed"),
        "delegation_amended": C_("letter", "The delegation was changed"),
        "delegation_withdrawn": C_("letter", "The delegation was withdrawn"),
        "delegate_accredited": C_("letter", "A member was accredited"),
        "delegate_refused": C_("letter", "A member was refused"),
        "bilateral_requested": C_("letter", "A bilateral meeting is requested"),
        "bilateral_accepted": C_("letter", "A bilateral meeting was accepted"),
        "bilateral_declined": C_("letter", "A bilateral meeting was declined"),
        "bilateral_countered": C_("letter", "Other terms are proposed for a bilateral meeting"),
        "bilateral_cancelled": C_("letter", "A bilateral meeting was cancelled"),
        "timetable": C_("letter", "The timetable of bilateral meetings"),
        "pledge_made": C_("letter", "A pledge was received"),
        "pledge_acknowledged": C_("letter", "A pledge is under review"),
        "pledge_returned": C_("letter", "A pledge was returned with questions"),
        "pledge_amended": C_("letter", "A pledge was changed"),
        "pledge_accepted": C_("letter", "A pledge was accepted"),
        "pledge_progress_reported": C_("letter", "Progress on a pledge was reported"),
        "pledge_fulfilled": C_("letter", "A pledge was fulfilled"),
        "pledge_withdrawn": C_("letter", "A pledge was withdrawn"),
        "compact_intended": C_("letter", "An intention to adhere was noted"),
        "compact_adhered": C_("letter", "An adherence was noted"),
        "compact_withdrawn": C_("letter", "A withdrawal from a compact was noted"),
        "letter_undelivered": C_("letter", "A letter could not be delivered"),
    },
    "side": {
        Side.PLEDGER: C_("side", "The pledger’s report"),
        Side.SECRETARIAT: C_("side", "The Secretariat’s evidence"),
    },
}


def called(vocabulary: str, code: str) -> str:
    """What the code is called in the language that is being spoken."""
    return SPEECH.called(TERMS.get(vocabulary, {}), code)


def all_called(vocabulary: str) -> Mapping[str, str]:
    """Every code of the vocabulary that this version knows, and what it is called."""
    return {str(code): SPEECH.pgettext(*message) for code, message in TERMS[vocabulary].items()}
