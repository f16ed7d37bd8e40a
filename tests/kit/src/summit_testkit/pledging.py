"""Pledges over HTTP for tests: a promise as a client writes it, and the steps that are taken with it."""

from typing import Any, Final

import httpx

from summit_testkit.desk import Desk

EDITION: Final = "/editions/uncops-2022"
PROMISE: Final[dict[str, Any]] = {
    "taxonomy": 1,
    "category": "police",
    "capability": "formed_police_unit",
    "quantity": {"kind": "exact", "count": 2, "unit": "unit"},
    "timeline": {"kind": "by", "by_on": "2023-06-30"},
    "additionality": "new",
}
SOURCE: Final = {"reference": "Note verbale of 1 June 2022", "kind": "official_note"}
REPORT: Final[dict[str, Any]] = {"as_of_on": "2022-06-01", "is_complete": True, "references": ["Record 7"]}


def draft(**more: Any) -> dict[str, Any]:
    """The body that begins a pledge of Kenya's, with these fields besides or instead."""
    return {"pledger": "KE", "promise": PROMISE, **more}


async def begun(pledges: Desk, *, as_invitee: str | None = "KE", **more: Any) -> dict[str, Any]:
    """A pledge that was begun, as the service answers; made at once with `make=True`."""
    answer = await pledges.ask("POST", f"{EDITION}/pledges", as_invitee=as_invitee, json=draft(**more))
    assert answer.status_code == 201, answer.text
    pledge: dict[str, Any] = answer.json()
    return pledge


async def step(
    pledges: Desk, pledge_id: str, name: str, revision: int, *, of: str | None = None, **body: Any
) -> httpx.Response:
    """The answer to a step, taken on this revision by the focal point of an invitee, or by the desk."""
    return await pledges.ask(
        "POST",
        f"{EDITION}/pledges/{pledge_id}/{name}",
        as_invitee=of,
        json=body,
        headers={"if-match": f'"{revision}"'},
    )


async def change(pledges: Desk, pledge_id: str, revision: int, **body: Any) -> httpx.Response:
    """The answer to an amendment by Kenya's focal point."""
    headers = {"if-match": f'"{revision}"'}
    path = f"{EDITION}/pledges/{pledge_id}"
    return await pledges.ask("PATCH", path, as_invitee="KE", json=body, headers=headers)


async def kinds(pledges: Desk) -> list[str]:
    """What was published so far, by the names of the facts."""
    return [fact.type.split(".")[2] for fact in await pledges.facts()]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """The status and the slug of a refusal."""
    return answer.status_code, answer.json()["type"].rsplit(":", 1)[1]
