"""Meetings and their places, from what scheduling answers and what the portal has heard."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from summit_contracts.scheduling import Placement
from summit_portal.shell.heard import reader_of


async def parties_of(request: Request, edition_id: str) -> Mapping[str, Sequence[str]]:
    """Who meets in each bilateral that the portal has heard of, the requester first."""
    return await reader_of(request).parties(edition_id)


def read_difference(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What changes from one timetable to another, its places read."""
    return {
        **told,
        **{kind: [_placed(one) for one in told[kind]] for kind in ("placed", "moved", "unplaced")},
    }


def _placed(told: Mapping[str, Any]) -> Mapping[str, Any]:
    read = {name: Placement.model_validate(told[name]) for name in ("was", "to") if told.get(name)}
    return {"was": None, "to": None, **told, **read}
