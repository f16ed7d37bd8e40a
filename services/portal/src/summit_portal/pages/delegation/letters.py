"""The letters that a delegation was sent, to be read again in whatever language one reads now."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from summit_contracts.fact import Service
from summit_contracts.values import Key
from summit_portal.pages.delegation.area import Own, router
from summit_portal.shell.page import private_page

_SECRET: Final = ("invitation", "sign_in_code")
"""Letters that open a door; nobody shows them again."""


@router.get("/delegation/letters")
async def letters(request: Request, own: Own) -> Response:
    """All letters to the delegation, the newest first."""
    found = await own.items(Service.NOTIFICATIONS, "letters", {"to": own.invitee})
    listed = [one for one in found if one["letter"] not in _SECRET]
    return private_page(request, "delegation/letters.html", own=own, letters=listed)


@router.get("/delegation/letters/{letter_id}")
async def letter(request: Request, own: Own, language: str, letter_id: Key) -> Response:
    """What the letter says, in the language of the page."""
    path = f"letters/{letter_id}/words"
    said = await own.ask(Service.NOTIFICATIONS, "GET", path, params={"language": language})
    return private_page(request, "delegation/letter.html", own=own, said=said.body)
