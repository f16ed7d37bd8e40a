"""Whoever has the wrong role is shown no page of others and changes nothing there: every page there is, for every role there is."""

import re
from typing import Any

import httpx
from itsdangerous import URLSafeSerializer

from summit_chassis.identity import Role
from summit_chassis.service import application
from summit_cli.machine import Machine
from summit_cli.system import System
from summit_portal.app import service
from summit_portal.shell.session import HEADER
from summit_testkit.browser.stage import Stage
from summit_testkit.house.doors import doors
from summit_testkit.scenarios import Outsider, SummitFile

_PLACEHOLDER = re.compile(r"\{[^}]+\}")
_REFUSED = 403


def told_apart(outsider: Outsider) -> dict[Role, str]:
    """A token of each role."""
    return {role: outsider.token(role) for role in Role if role is not Role.NOMINATOR} | {
        Role.NOMINATOR: outsider.token(invitee="KE")
    }


async def test_no_page_opens_for_a_role_that_it_does_not_name(
    outsider: Outsider, system: System, machine: Machine
) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    guarded = [door for door in doors(application(service)) if "{language" in door.name and door.roles]
    assert len(guarded) > 40
    opened: list[str] = []
    for role, token in told_apart(outsider).items():
        name, value = Stage(system, machine, outsider.edition_id).session(token)
        _, held = URLSafeSerializer("").loads_unsafe(value)
        async with visitor(outsider, {name: value}, held) as client:
            for door in guarded:
                if role in (door.roles or ()) or role is Role.ADMIN:
                    continue
                method, _, path = door.name.partition(" ")
                answer = await client.request(method, address(path, outsider.edition_id))
                if answer.status_code != _REFUSED or "needs one of" not in answer.text:
                    opened.append(f"{role}: {door.name}: {answer.status_code}")
    assert opened == []


async def test_no_page_with_a_door_opens_for_nobody(outsider: Outsider) -> None:
    await outsider.open(SummitFile(outsider.edition_id, states=["KE"]))
    opened: list[str] = []
    async with visitor(outsider, {}, {}) as client:
        for door in doors(application(service)):
            method, _, path = door.name.partition(" ")
            if "{language" in path and door.roles and method == "GET":
                answer = await client.get(address(path, outsider.edition_id))
                if answer.status_code != 303 or "/sign-in" not in answer.headers["location"]:
                    opened.append(f"{door.name}: {answer.status_code}")
    assert opened == []


def visitor(outsider: Outsider, cookies: dict[str, str], held: Any) -> httpx.AsyncClient:
    """A browser that brings back the secret of its session, as a page of ours would."""
    return httpx.AsyncClient(
        base_url=outsider.deployment.addresses["portal"],
        cookies=cookies,
        headers={HEADER: held["s"]} if held else {},
    )


def address(path: str, edition_id: str) -> str:
    """Of such a page, about something that may not be there: who may not see it is not told."""
    return _PLACEHOLDER.sub(
        "portal", path.replace("{language:language}", "en").replace("{edition_id}", edition_id)
    )
