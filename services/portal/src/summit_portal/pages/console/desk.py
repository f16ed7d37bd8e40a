"""What every page of the console is made with: who may see it, the summit it is about, and the way to the others."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from summit_chassis.identity import SECRETARIAT, Role
from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_portal.clients.services import Services
from summit_portal.shell.page import private_page
from summit_portal.shell.session import Person, signed_in
from summit_portal.shell.words import at

STAFF: Final[Any] = signed_in(*SECRETARIAT)
REGISTRARS: Final[Any] = signed_in(Role.REGISTRATION, Role.PROTOCOL)
SCHEDULERS: Final[Any] = signed_in(Role.SCHEDULING)
PLEDGE_DESK: Final[Any] = signed_in(Role.PLEDGES)
ADMINISTRATORS: Final[Any] = signed_in(Role.ADMIN)

OF_A_SUMMIT: Final[Mapping[str, Sequence[Role]]] = {
    "registrations": (Role.REGISTRATION, Role.PROTOCOL),
    "timetable": SECRETARIAT,
    "walk-ins": (Role.SCHEDULING,),
    "pledges": (Role.PLEDGES,),
    "letters": SECRETARIAT,
    "facts": SECRETARIAT,
}
"""The pages about one summit and who may see them, beside the administrators, who may see all."""
OF_ALL: Final[Mapping[str, Sequence[Role]]] = {"dead-letters": (Role.ADMIN,)}
"""The pages about the whole system."""


@dataclass(frozen=True)
class Section:
    """A page that whoever is looking may open."""

    name: str
    address: str
    is_here: bool


def services_of(request: Request) -> Services:
    """The owners of everything, to be asked with the person's token."""
    found: Services = request.app.state.services
    return found


async def told(request: Request, person: Person, service: Service, path: str, **sought: Any) -> Any:
    """What the owner answers to this person, from below the path; what is sought with nothing is not sought.

    Raises:
        Refused, Unavailable: as `Services.ask`.
    """
    params = {name: value for name, value in sought.items() if value not in (None, "")}
    return (await services_of(request).get(service, path, token=person.token, params=params or None)).body


def desk(
    request: Request, person: Person, edition: Edition | None, name: str, *, status: int = 200, **given: Any
) -> HTMLResponse:
    """The page `console/<name>.html`, about one summit or all, with the ways to what else this person may see.

    It is kept by no cache: what the secretariat sees is nobody else's, and never old.
    """
    here = str(given.pop("section", name))
    return private_page(
        request,
        f"console/{name}.html",
        status=status,
        edition=edition,
        section=here,
        sections=_sections(person, edition, here),
        once=secrets.token_urlsafe(16),  # a form that is sent twice makes one thing
        **given,
    )


def back_to(*parts: str, query: str = "") -> RedirectResponse:
    """After a change the browser asks for the page anew, so that going back sends nothing twice."""
    return RedirectResponse(at("console", *parts) + (f"?{query}" if query else ""), 303)


def _sections(person: Person, edition: Edition | None, here: str) -> list[Section]:
    of_summit = [
        Section(one, at("console", edition.edition_id, one), one == here)
        for one, roles in OF_A_SUMMIT.items()
        if edition and person.is_any_of((*roles, Role.ADMIN))
    ]
    of_all = [
        Section(one, at("console", one), one == here)
        for one, roles in OF_ALL.items()
        if person.is_any_of((*roles, Role.ADMIN))
    ]
    return of_summit + of_all
