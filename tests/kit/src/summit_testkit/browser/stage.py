"""The running system that browser tests look at, and a way past the sign-in for tests that are about something else."""

from collections import Counter
from dataclasses import dataclass

from playwright.async_api import BrowserContext
from starlette.responses import Response

from summit_chassis.identity import Role
from summit_cli.keys import session_key
from summit_cli.machine import Machine
from summit_cli.system import System
from summit_contracts.pledges import PledgeMade
from summit_contracts.registration import DelegationRegistered
from summit_contracts.scheduling import BilateralScheduled
from summit_portal.shell.session import Sessions
from summit_testkit.browser.walk import Viewer
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider


@dataclass(frozen=True)
class Stage:
    """What runs, and where people find it."""

    system: System
    machine: Machine
    edition_id: str

    @property
    def portal(self) -> str:
        """The portal's address, without a slash at its end."""
        return self.system.deployment.addresses["portal"]

    @property
    def outsider(self) -> Outsider:
        """Somebody who takes part in the summit that was played."""
        return Outsider(self.system.deployment, self.machine.mailbox, self.edition_id)

    async def busy_invitee(self) -> str:
        """An invitee with a pledge and with meetings that have their places: the one whose pages show most."""
        placed = Counter(one.data.requester for one in await self.outsider.facts(BilateralScheduled))
        pledged = {one.data.pledger for one in await self.outsider.facts(PledgeMade)}
        return max(placed, key=lambda code: (code in pledged, placed[code]))

    async def furnish(self) -> None:
        """Every page has something to show: two timetables, one solved again and not published, and a dead letter."""
        await self._plant_poison()
        await self.outsider.done("scheduling", "POST", f"{await self._solved()}/publish")
        await self._solved()

    @property
    def poison(self) -> str:
        """The subject of a message that nobody can apply."""
        return DelegationRegistered.SUBJECT.format(edition_id=self.edition_id, invitee="XX")

    async def _plant_poison(self) -> None:
        async with self.system.deployment.broker("registration") as client:
            await client.jetstream().publish(self.poison, b"not an event")

        async def is_set_aside() -> None:
            assert await self.outsider.dead_letters("portal")

        await eventually(is_set_aside)

    async def _solved(self) -> str:
        """The path of a solve that is done."""
        path = f"{self.outsider.path}/solves"
        solve = await self.outsider.done("scheduling", "POST", path, json={"seconds": 30, "seed": 1})
        path = f"{path}/{solve['solve_id']}"

        async def is_solved() -> None:
            assert (await self.outsider.done("scheduling", "GET", path))["state"] == "solved"

        await eventually(is_solved, within=60)
        return path

    async def admit(self, visitor: BrowserContext, viewer: Viewer) -> None:
        """The visitor is signed in as such a viewer."""
        if viewer is Viewer.NOMINATOR:
            await self.sign_in(visitor, self.outsider.token(invitee=await self.busy_invitee()))
        if viewer is Viewer.SECRETARIAT:
            await self.sign_in(visitor, self.outsider.token(Role.ADMIN))

    async def sign_in(self, visitor: BrowserContext, token: str) -> None:
        """The visitor's browser holds a session with this token, as if they had signed in."""
        name, value = self.session(token)
        await visitor.add_cookies([{"name": name, "value": value, "url": self.portal}])

    def session(self, token: str) -> tuple[str, str]:
        """Name and value of the cookie of somebody who signed in with this token."""
        answer = Response()
        Sessions(session_key(self.machine.state), is_secure=False).sign_in(answer, token)
        name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
        return name, value.strip('"')
