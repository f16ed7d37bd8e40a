"""Every page there is, as the portal's routes say, and an address of each, found as people find it: by following links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

from playwright.async_api import BrowserContext

from summit_chassis.identity import Role
from summit_chassis.service import application
from summit_portal.app import service
from summit_testkit.house.doors import doors

_LANGUAGE = "/{language:language}"
_PLACEHOLDER = re.compile(r"\{[a-z_]+(?::[a-z]+)?\}")
_LINK = re.compile(r'href="([^"#]+)')
_TOLD_TOO_LITTLE = 422
"""What a page answers that has to be told more than its address says."""


class Viewer(StrEnum):
    """Whose eyes a page is looked at with."""

    ANYBODY = "anybody"
    NOMINATOR = "nominator"
    SECRETARIAT = "secretariat"


@dataclass(frozen=True)
class Pattern:
    """A page of the portal, below its language."""

    path: str
    viewer: Viewer

    def address(self, edition_id: str) -> str:
        """The address of the page in that summit, as far as it is known without looking for it."""
        return self.path.replace("{edition_id}", edition_id)

    @property
    def is_found_by_links(self) -> bool:
        """Whether the page is about one thing of many, so that only a link knows its address."""
        return bool(_PLACEHOLDER.search(self.address("any")))

    def fits(self, address: str, edition_id: str) -> bool:
        """Whether the address is one of such a page."""
        parts = _PLACEHOLDER.split(self.address(edition_id))
        return re.fullmatch("[^/]+".join(map(re.escape, parts)), address) is not None


def every_page(leaving_out: Mapping[str, str]) -> list[Pattern]:
    """Every page that a browser can be sent to; `leaving_out` gives the reason for each path that is no page of its own.

    Raises:
        LookupError: it leaves out what is not there.
    """
    found = []
    for door in doors(application(service)):
        methods, _, path = door.name.partition(" ")
        below = path.removeprefix(_LANGUAGE)
        if path.startswith(_LANGUAGE) and "GET" in methods.split(","):
            found.append(Pattern(below, _viewer(door.roles or ())))
    missing = set(leaving_out) - {one.path for one in found}
    if missing:
        raise LookupError(f"there is no page at {', '.join(sorted(missing))}")
    return [one for one in found if one.path not in leaving_out]


def _viewer(roles: tuple[Role, ...]) -> Viewer:
    if not roles:
        return Viewer.ANYBODY
    return Viewer.NOMINATOR if Role.NOMINATOR in roles else Viewer.SECRETARIAT


async def addresses(
    pages: list[Pattern], visitors: Mapping[Viewer, BrowserContext], edition_id: str
) -> dict[Pattern, str]:
    """An address of each page, below its language; pages that no link leads to are not in it.

    A page whose address says all it needs is asked for by that; one about something particular is found by links.
    """
    found: dict[Pattern, str] = {}
    links = set[str]()

    async def look(page: Pattern, address: str) -> None:
        answer = await visitors[page.viewer].request.get(f"/en{address}")
        if answer.status != _TOLD_TOO_LITTLE:
            found[page] = address
            links.update(unescape(one).removeprefix("/en") for one in _LINK.findall(await answer.text()))

    for page in pages:
        if not page.is_found_by_links:
            await look(page, page.address(edition_id))
    seen = set[str]()
    while ahead := links - seen:
        seen |= ahead
        for page in pages:
            fitting = [one for one in sorted(ahead) if page.fits(one.partition("?")[0], edition_id)]
            if page not in found and fitting:
                await look(page, fitting[0])
    return found
