"""Compacts, and who adheres to them."""

from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import OpenToAll
from summit_contracts import taxonomy
from summit_portal.pages.public.summits import Summit, about
from summit_portal.readmodel.kinds import Adherence
from summit_portal.shell import words
from summit_portal.shell.heard import reader_of
from summit_portal.shell.routing import public_router

router = public_router()


@router.get("/{edition_id}/compacts")
async def compacts(request: Request, summit: Summit, _: OpenToAll) -> Response:
    """Each text that can be adhered to, with who does, since when, and with which reservation."""
    heard = await reader_of(request).all(Adherence, summit.edition_id)
    known = {(one.compact, one.adherent): one for one in heard}
    codes = list(dict.fromkeys([*taxonomy.tables().compacts, *sorted(one.compact for one in heard)]))
    listed = [
        (
            code,
            [
                known[code, who]
                for who in words.in_order(one.adherent for one in heard if one.compact == code)
            ],
        )
        for code in codes
    ]
    return about(request, "public/compacts.html", summit, here="compacts", listed=listed)
