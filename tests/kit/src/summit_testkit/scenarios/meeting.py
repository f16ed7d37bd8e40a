"""From a wish to a published timetable, as parties and the secretariat bring it about."""

from typing import Any

from summit_contracts.scheduling import TimetablePublished
from summit_testkit.eventually import eventually
from summit_testkit.scenarios.outsider import Outsider


async def heard(outsider: Outsider, bilateral: str) -> None:
    """Scheduling knows of the wish."""
    path = f"{outsider.path}/bilaterals/{bilateral}"
    await eventually(lambda: outsider.done("scheduling", "GET", path))


async def agreed(outsider: Outsider, bilateral: str, code: str) -> None:
    """The invitee has accepted."""
    await heard(outsider, bilateral)
    path = f"{outsider.path}/bilaterals/{bilateral}/accept"
    await outsider.done("scheduling", "POST", path, invitee=code, json={"invitee": code})


async def published_timetable(outsider: Outsider) -> Any:
    """The timetable that was solved and published."""
    body = {"seconds": 30, "seed": 1}
    solve = await outsider.done("scheduling", "POST", f"{outsider.path}/solves", json=body)
    path = f"{outsider.path}/solves/{solve['solve_id']}"

    async def is_solved() -> None:
        assert (await outsider.done("scheduling", "GET", path))["state"] == "solved"

    await eventually(is_solved, within=60)
    timetable = await outsider.done("scheduling", "POST", f"{path}/publish")
    assert (await outsider.fact(TimetablePublished)).data.number <= timetable["number"]
    return timetable
