"""A form that was refused, told again in another language: with all that was typed, and what is wrong with it.

The bar of languages on the answer brings back what was sent, and what the owner said to it, sealed; nothing is asked for anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request

from summit_portal.clients.services import Change, Refused, answered
from summit_portal.shell import languages, session

_TOLD_AGAIN: Final = "told-again"
"""The field by which the bar says that nothing is to be done."""
_REFUSED: Final = "was-refused"
"""The field that holds, sealed, what the owner said."""
_OURS: Final = (session.FIELD, _TOLD_AGAIN, _REFUSED)


@dataclass(frozen=True)
class Retelling:
    """What the bar of languages sends where the page answers a form."""

    fields: Sequence[tuple[str, str]]
    addresses: Mapping[str, str]
    """By language."""


async def change_of(request: Request) -> Change | None:
    """What the request asks to be changed, or to be told of that again; none where it only looks at a page."""
    if request.method in session.SAFE_METHODS:
        return None
    form = await request.form()
    sent = [(name, said) for name, said in form.multi_items() if isinstance(said, str) and name not in _OURS]
    if _TOLD_AGAIN not in form:
        return Change(sent)
    held = session.sessions_of(request).unsealed(str(form.get(_REFUSED, "")))
    refused = Refused(held["status"], held["problem"]) if held else None
    return Change(sent, refused, is_told_again=True)


def retelling(request: Request, status: int) -> Retelling | None:
    """How to tell this answer in another language; none where nothing was typed that could be lost."""
    change = answered()
    if change is None or status < HTTPStatus.BAD_REQUEST:
        return None
    refused = change.refused
    held = {"status": refused.status, "problem": refused.problem} if refused else None
    fields = [*change.sent, (_TOLD_AGAIN, "yes"), (_REFUSED, session.sessions_of(request).sealed(held))]
    addresses = {code.value: languages.address_in(request, code) for code, _ in languages.BAR}
    return Retelling(fields, addresses)
