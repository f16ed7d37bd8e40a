"""Meetings and their places, from what scheduling answers and what the portal has heard."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.requests import Request

from summit_contracts.scheduling import Placement
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import reader_of
from summit_portal.shell.words import in_order


async def parties_of(request: Request, edition_id: str) -> Mapping[str, Sequence[str]]:
    """Who meets in each bilateral that the portal has heard of, the requester first."""
    return await reader_of(request).parties(edition_id)


def by_names(meetings: Iterable[str], parties: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids of the meetings, as their parties stand in the United Nations' list in this language; unknown ones last."""
    names = in_order({code for who in parties.values() for code in who})
    place = {code: number for number, code in enumerate(names)}
    return sorted(
        meetings, key=lambda one: (one not in parties, [place[code] for code in parties.get(one, ())], one)
    )


def placements(told: Iterable[Mapping[str, Any]]) -> list[Placement]:
    """The places as they were told, read."""
    return [Placement.model_validate(one) for one in told]


def chosen_place(form: Form) -> dict[str, str]:
    """The place whose button was pressed, as the owner wants it (`free_places.html`)."""
    start_at, _, room = form.value("place").partition(" ")
    return {"start_at": start_at, "room": room}


def read_difference(told: Mapping[str, Any], parties: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """What changes from one timetable to another, by the names of who meets, its places read."""
    changed = {
        kind: {one["bilateral_id"]: _placed(one) for one in told[kind]}
        for kind in ("placed", "moved", "unplaced")
    }
    in_turn = {kind: [found[one] for one in by_names(found, parties)] for kind, found in changed.items()}
    return {**told, **in_turn, "gone": by_names(told["gone"], parties)}


def _placed(told: Mapping[str, Any]) -> Mapping[str, Any]:
    read = {name: Placement.model_validate(told[name]) for name in ("was", "to") if told.get(name)}
    return {"was": None, "to": None, **told, **read}
