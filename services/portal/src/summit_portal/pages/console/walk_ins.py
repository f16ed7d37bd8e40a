"""The desk: parties who walk up together, the next places that they could have, and one of them taken on the spot."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.speech import speaking
from summit_contracts.editions import Edition
from summit_contracts.fact import Service
from summit_contracts.scheduling import Placement
from summit_contracts.values import EditionId, Language
from summit_portal.clients.services import Refused
from summit_portal.pages.console.desk import SCHEDULERS, back_to, desk, services_of, told
from summit_portal.pages.console.places import chosen_place, placements
from summit_portal.shell import numbers
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import edition_of
from summit_portal.shell.languages import BAR
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person
from summit_portal.shell.speech import gettext as _
from summit_portal.shell.vocabulary import all_called

router = page_router()

_FEWEST, _MOST = 2, 10
_NUMBERS: Final = ("minutes", "size")
_TERMS: Final = ("party", "level", *_NUMBERS, "day", "needs", "language")
"""What the form asks; the address says it, so that the next places can be looked at again."""


@router.get("/console/{edition_id}/walk-ins")
async def offer(request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]) -> Response:
    """A form for who stands there, and the next places for those whom the address names."""
    return await _show(request, person, await edition_of(request, edition_id), Form.of(request.query_params))


@router.post("/console/{edition_id}/walk-ins")
async def arrange(request: Request, edition_id: EditionId, person: Annotated[Person, SCHEDULERS]) -> Response:
    """They have agreed, and meet there; where that is not possible any more, they are shown the next places anew."""
    edition = await edition_of(request, edition_id)
    form = Form.of(await request.form())
    terms = _terms(form)
    body = {
        **{name: said for name, said in terms.items() if name not in ("party", "day")},
        "parties": terms["party"],
        "days": terms["day"],
        "topic": form.value("topic"),
        "language": _language(edition, form),
        **chosen_place(form),
    }
    try:
        answer = await services_of(request).post(
            Service.SCHEDULING,
            f"/editions/{edition_id}/walk-ins",
            token=person.token,
            json=body,
            idempotency_key=form.value("once"),
        )
    except Refused as refused:
        return await _show(request, person, edition, form, refused=refused)
    return back_to(edition_id, "meetings", answer.body["bilateral_id"], query="done=yes")


async def _show(
    request: Request, person: Person, edition: Edition, form: Form, *, refused: Refused | None = None
) -> Response:
    free: list[Placement] | None = None
    parties = _terms(form)["party"]
    if "party" in form.values and len(parties) < _FEWEST:
        form.object_to({f"party.{len(parties)}": _("This is missing.")})
    elif parties:
        try:
            free = await _free(request, person, edition, form)
        except Refused as again:
            refused = again
    if refused:
        form.refuse(refused, _names_of(refused.faults))
        form.explain(numbers.misread_whole(form, *_NUMBERS))
    return desk(
        request,
        person,
        edition,
        "walk_ins",
        status=refused.status if refused else 422 if form.is_wrong else 200,
        section="walk-ins",
        again=urlencode([(name, one) for name in (*_TERMS, "topic") for one in form.all(name) if one]),
        form=form,
        terms=_TERMS,
        parties=parties,
        most=_MOST,
        free=free,
        existing=refused.problem.get("bilateral_id") if refused else None,
        topic=_topic(edition, form),
        ranks=all_called("rank"),
        tongues=[(code.value, name) for code, name in BAR],
        days=edition.bilateral_days(),
        equipment=sorted({code for room in edition.rooms for code in room.equipment}),
    )


async def _free(request: Request, person: Person, edition: Edition, form: Form) -> list[Placement]:
    """The next places for them.

    Raises:
        Refused: they cannot meet, or not on these terms.
    """
    path = f"/editions/{edition.edition_id}/places"
    return placements(await told(request, person, Service.SCHEDULING, path, **_terms(form)))


def _terms(form: Form) -> dict[str, Any]:
    """Who is to meet, and what was said of the meeting; what was not said is left to the owner."""
    many = {name: [one for one in form.all(name) if one][: _MOST + 1] for name in ("party", "day", "needs")}
    figures = {name: numbers.whole(typed) for name in _NUMBERS if (typed := form.value(name))}
    return {**many, **figures, **({"level": level} if (level := form.value("level")) else {})}


def _language(edition: Edition, form: Form) -> str:
    """The one that was chosen; else that of letters to who was named first."""
    first = edition.invitee(next(iter(_terms(form)["party"]), ""))
    return form.value("language") or (first.language if first else edition.fallback_language).value


def _topic(edition: Edition, form: Form) -> str:
    """What they meet about where nobody says more, in the language in which the topic is presumed to be written."""
    language = _language(edition, form)
    with speaking(Language(language) if language in tuple(Language) else edition.fallback_language):
        return _("Agreed at the desk")


def _names_of(paths: Iterable[str]) -> dict[str, str]:
    """From the owner's paths (`parties[1]`, `party.1`, `needs[0]`) to the fields of this form."""
    names = {}
    for path in paths:
        name, *place = re.findall(r"\w+", path)
        is_party = name in ("party", "parties")
        names[path] = f"party.{next(iter(place), 0)}" if is_party else {"days": "day"}.get(name, name)
    return names
