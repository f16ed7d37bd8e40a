"""What stands against a meeting, and what would help, in the words that the console has for it in English."""

from collections.abc import Mapping
from typing import Any, Final

SENTENCES: Final[Mapping[str, str]] = {
    "veto": "The secretariat does not let these parties meet.",
    "pin": "The meeting is pinned to one moment.",
    "terms": "The parties agreed on these days and moments only.",
    "passed": "What has begun cannot be planned any more.",
    "too_long": "No session is as long as the meeting.",
    "party_away": "%(name)s cannot always come at the level agreed.",
    "party_busy": "%(name)s is in one meeting at a time, and rests in between.",
    "cap_meetings": "%(name)s has as many meetings as it may have.",
    "cap_per_day": "%(name)s has as many meetings a day as it may have.",
    "room_closed": "Rooms are closed at some times.",
    "room_too_small": "Not every room seats all who are to be in it.",
    "room_taken": "There is no further room when the parties could meet.",
    "equipment": "Not every room has %(thing)s.",
    "resource": "There is not enough of %(thing)s.",
}
"""By the rule's code; a party is said by its code."""


def against(obstacle: Mapping[str, str]) -> str:
    """The rule as a sentence; a code that is not known here in plain words."""
    rule, subject = obstacle["rule"], obstacle["subject"]
    sentence = SENTENCES.get(rule, rule.replace("_", " ") + " %(thing)s")
    return sentence % {"name": subject, "thing": subject}


def what_helps(way: Mapping[str, Any]) -> str:
    """What has to give way for the meeting to have a place."""
    if way["change"] == "substitute":
        return f"A lower level: {way['to'].replace('_', ' ')}"
    if way["change"] == "smaller":
        return f"Fewer people: {way['to']}"
    gives_way = " ".join(map(against, way["gives_way"]))
    return f"Without this: {gives_way}" if gives_way else "As it is"
