"""What a page asks the read model for whatever it is about: the reader, and the summit that the address names."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from summit_contracts.editions import Edition
from summit_portal.readmodel.reader import Reader


def reader_of(request: Request) -> Reader:
    """What was heard."""
    found: Reader = request.app.state.reader
    return found


async def edition_of(request: Request, edition_id: str) -> Edition:
    """The summit of that name.

    Raises:
        HTTPException: none of that name was announced, and there is no such page.
    """
    found = await reader_of(request).edition(edition_id)
    if found is None:
        raise HTTPException(404, f"There is no summit {edition_id}.")
    return found
