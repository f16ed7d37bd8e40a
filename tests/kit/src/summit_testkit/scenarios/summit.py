"""A small summit as an edition file and as the forms that delegations send in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FIRST_DAY, LAST_DAY = "2022-08-31", "2022-09-02"
"""The days for bilaterals; a plenary lies between them."""

_FILE = """
edition_id = "{edition_id}"
title = "A summit of {edition_id}"
place = "Nairobi"
time_zone = "Africa/Nairobi"
languages = ["ar", "zh", "en", "fr", "ru", "es"]
fallback_language = "en"
wishes_per_delegation = {wishes}

[slots]
minutes = 20
gap_minutes = 10

[deadlines]
nominate_by_at = {nominate_by_at}
confirm_by_at = 2022-08-03T18:00:00
wishes_by_at = 2022-08-12T18:00:00
pledges_by_at = 2022-09-30T18:00:00

[[days]]
on = 2022-08-31
purposes = ["bilaterals"]
opens = 09:00:00
closes = 12:00:00

[[days]]
on = 2022-09-01
purposes = ["plenary"]
opens = 09:00:00
closes = 18:00:00

[[days]]
on = 2022-09-02
purposes = ["bilaterals"]
opens = 09:00:00
closes = 12:00:00

[[obligations]]
title = "Plenary"
code = "plenary"
purpose = "plenary"
interval = {{ start_at = 2022-09-01T10:00:00, end_at = 2022-09-01T13:00:00 }}

[[rooms]]
code = "R-1"
name = "Room 1"
seats = 20
days = [2022-08-31, 2022-09-02]

[[rooms]]
code = "R-2"
name = "Room 2"
seats = 20
days = [2022-08-31, 2022-09-02]

[[quotas]]
kind = "member_state"
members = {quota}

[invitees]
member_states = {states}

[invitees.languages]
default = "en"
ar = ["EG"]
zh = ["CN"]
fr = ["FR"]
ru = ["RU"]
es = ["AR"]
"""

SIX = {"EG": "ar", "CN": "zh", "KE": "en", "FR": "fr", "RU": "ru", "AR": "es"}
"""A State for each official language."""


@dataclass(frozen=True)
class SummitFile:
    """An edition file for the States of `SIX` and a few more; a test changes what it is about."""

    edition_id: str
    states: Sequence[str] = (*SIX, "NO", "RW")
    quota: int = 3
    wishes: int = 5
    nominate_by_at: str = "2022-07-15T18:00:00"

    @property
    def text(self) -> str:
        """The file, in TOML."""
        return _FILE.format(
            edition_id=self.edition_id,
            states=json.dumps(list(self.states)),
            quota=self.quota,
            wishes=self.wishes,
            nominate_by_at=self.nominate_by_at,
        )


def form(code: str, *wishes: dict[str, Any], members: int = 2, language: str | None = None) -> dict[str, Any]:
    """The form of a delegation: a head and as many more as are wanted."""
    people = [
        {
            "function": "head" if place == 0 else "member",
            "rank": "head_of_police" if place == 0 else "senior_officer",
            "person": {
                "name": f"Member {place + 1} of {code}",
                "email": f"member-{place + 1}@{code.lower()}.example",
            },
        }
        for place in range(members)
    ]
    return {"members": people, "wishes": list(wishes)} | ({"language": language} if language else {})


def wish(*counterparts: str, **changed: Any) -> dict[str, Any]:
    """A wish to meet these, on either day."""
    usual = {
        "counterparts": list(counterparts),
        "priority": 1,
        "topic": "Formed police units",
        "level": "head_of_police",
        "language": "en",
        "size": 6,
        "days": [FIRST_DAY, LAST_DAY],
    }
    return usual | changed
