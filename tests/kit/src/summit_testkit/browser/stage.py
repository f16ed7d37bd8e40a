"""The running system that browser tests look at, and a way past the sign-in for tests that are about something else."""

from dataclasses import dataclass

from playwright.async_api import BrowserContext
from starlette.responses import Response

from summit_cli.keys import session_key
from summit_cli.machine import Machine
from summit_cli.system import System
from summit_portal.shell.session import Sessions


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

    async def sign_in(self, visitor: BrowserContext, token: str) -> None:
        """The visitor's browser holds a session with this token, as if they had signed in."""
        answer = Response()
        Sessions(session_key(self.machine.state), is_secure=False).sign_in(answer, token)
        name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
        await visitor.add_cookies([{"name": name, "value": value.strip('"'), "url": self.portal}])
