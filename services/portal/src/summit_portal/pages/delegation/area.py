"""What every page of a delegation is handed: who is signed in, and a way to ask the owners on their behalf."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends
from markupsafe import Markup
from starlette.requests import Request

from summit_chassis.identity import Role
from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_portal.clients.services import Answer, Services, Unavailable
from summit_portal.shell.heard import reader_of
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person, signed_in
from summit_portal.shell.words import moment

router = page_router()
Nominator = Annotated[Person, signed_in(Role.NOMINATOR)]
"""The focal point of the invitee whose pages these are; the invitee is read from the token and from nowhere else."""
MOST_SHOWN: Final = 500


class Overtaken(Exception):
    """Somebody else has changed meanwhile what a form says otherwise."""


@dataclass(frozen=True)
class Workspace:
    """One focal point's way to the owners."""

    person: Person
    services: Services
    edition: Edition
    """The summit that the focal point was invited to."""
    now: datetime

    @property
    def edition_id(self) -> str:
        """Which summit it is."""
        return self.edition.edition_id

    @property
    def time_zone(self) -> str:
        """Where its clocks stand."""
        return self.edition.time_zone

    @property
    def invitee(self) -> str:
        """Whom the focal point acts for."""
        return self.person.invitee or ""

    def when(self, text: str) -> Markup:
        """The moment that an owner's answer names, where the summit is held and in words."""
        return moment(instant(text), self.time_zone)

    async def ask(self, service: Service, method: str, path: str, **how: Any) -> Answer:
        """What the owner answered, about this summit, to this person.

        Raises:
            Refused, Unavailable: as `Services.ask`.
        """
        place = f"/editions/{self.edition_id}/{path}"
        return await self.services.ask(service, method, place, token=self.person.token, **how)

    async def items(self, service: Service, path: str, params: Mapping[str, Any] | None = None) -> list[Any]:
        """All that is listed there, page by page."""
        found: list[Any] = []
        asked = {**(params or {}), "limit": MOST_SHOWN}
        while True:
            body = (await self.ask(service, "GET", path, params=asked)).body
            found += body["items"]
            if not body.get("next_cursor"):
                return found
            asked["cursor"] = body["next_cursor"]


async def _workspace(request: Request, person: Nominator) -> Workspace:
    edition = await reader_of(request).edition(person.edition_id or "")
    if edition is None:  # the portal has not heard of it yet: its read model is being made anew
        raise Unavailable(Service.PORTAL)
    return Workspace(person, request.app.state.services, edition, request.app.state.clock.now())


Own = Annotated[Workspace, Depends(_workspace)]


def instant(text: str) -> datetime:
    """The moment that an owner's answer names."""
    return datetime.fromisoformat(text)
