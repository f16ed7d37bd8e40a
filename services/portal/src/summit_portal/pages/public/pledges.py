"""Pledges: totals, filters, one page for each, and all of them as CSV and JSON."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import OpenToAll
from summit_chassis.speech import taxonomy_term
from summit_portal.pages.public.summits import Summit, about
from summit_portal.pages.public.totals import by_category, counts, totals
from summit_portal.readmodel.kinds import PublicPledge
from summit_portal.shell import words
from summit_portal.shell.forms import Form
from summit_portal.shell.heard import reader_of
from summit_portal.shell.routing import OpenRoute, public_router
from summit_portal.shell.vocabulary import called

router = public_router()
data = APIRouter(prefix="/data", tags=["open data"], route_class=OpenRoute)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = 200


@dataclass(frozen=True)
class Filters:
    """What a visitor is looking for; an empty one lets everything through."""

    category: str = ""
    capability: str = ""
    pledger: str = ""
    state: str = ""

    def pick(self, pledges: Iterable[PublicPledge]) -> list[PublicPledge]:
        """Those that fit, in the order in which they were made."""
        fit = [
            one
            for one in pledges
            if self.category in ("", one.promise.category)
            and self.capability in ("", one.promise.capability)
            and self.pledger in ("", one.pledger)
            and self.state in ("", one.state.value)
        ]
        return sorted(fit, key=lambda one: (one.made_at, one.pledge_id))


Filter = Annotated[str, Query(max_length=_PLAIN)]


def _filters(
    category: Filter = "", capability: Filter = "", pledger: Filter = "", state: Filter = ""
) -> Filters:
    return Filters(category, capability, pledger, state)


Chosen = Annotated[Filters, Depends(_filters)]


@router.get("/{edition_id}/pledges")
async def pledges(request: Request, summit: Summit, _: OpenToAll, chosen: Chosen) -> Response:
    """What is promised: totals with their uncertainty, and each pledge that fits the filters."""
    everything = await reader_of(request).all(PublicPledge, summit.edition_id)
    picked = chosen.pick(everything)
    return about(
        request,
        "public/pledges.html",
        summit,
        here="pledges",
        form=Form.filled(**asdict(chosen)),
        picked=picked,
        all_of_them=len(everything),
        counting=sum(counts(one) for one in picked),
        totals=totals(picked),
        categories=by_category(picked),
        choices=_choices(everything),
        query=request.url.query,
    )


@router.get("/{edition_id}/pledges/{pledge_id}")
async def pledge(request: Request, summit: Summit, pledge_id: str, _: OpenToAll) -> Response:
    """One pledge, whole: what, how many, by when, with whom, under which condition, and what came of it."""
    found = await reader_of(request).one(PublicPledge, summit.edition_id, pledge_id)
    if found is None:
        raise HTTPException(404, f"There is no public pledge {pledge_id}.")
    return about(request, "public/pledge.html", summit, here="pledges", pledge=found)


class PublicPledges(BaseModel):
    """Every public pledge of a summit, as its facts say it."""

    edition_id: str
    items: list[PublicPledge]


@data.get("/{edition_id}/pledges.json")
async def pledges_as_json(request: Request, summit: Summit, _: OpenToAll) -> PublicPledges:
    """Every public pledge with all that is public about it, in the words of the contracts."""
    everything = await reader_of(request).all(PublicPledge, summit.edition_id)
    return PublicPledges(edition_id=summit.edition_id, items=Filters().pick(everything))


class Csv(Response):
    """A table in the form of RFC 4180."""

    media_type = "text/csv"


@data.get("/{edition_id}/pledges.csv", response_class=Csv)
async def pledges_as_csv(request: Request, summit: Summit, _: OpenToAll, chosen: Chosen) -> Csv:
    """The pledges that fit the filters as a table (RFC 4180, UTF-8 with a byte order mark); no cell is taken for a formula."""
    picked = chosen.pick(await reader_of(request).all(PublicPledge, summit.edition_id))
    name = f"{summit.edition_id}-pledges.csv"
    return Csv(
        as_csv(picked).encode("utf-8-sig"),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_COLUMNS = (
    "pledge_id", "pledger", "pledger_name", "state", "made_at", "category", "capability", "designation",
    "quantity_kind", "quantity_least", "quantity_most", "unit", "timeline", "nature", "additionality", "words",
)  # fmt: skip


def as_csv(pledges: Sequence[PublicPledge]) -> str:
    """The table, with one row for each pledge."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_COLUMNS)
    for one in pledges:
        rows.writerow([harmless(str(value)) for value in _row(one)])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _row(one: PublicPledge) -> list[object]:
    said = one.promise.quantity
    exact = getattr(said, "count", None)
    return [
        one.pledge_id,
        one.pledger,
        words.plain_state(one.pledger),
        one.state.value,
        one.made_at.isoformat(),
        one.promise.category,
        one.promise.capability,
        one.promise.designation or "",
        said.kind,
        _first(exact, getattr(said, "minimum", None)),
        _first(exact, getattr(said, "maximum", None)),
        getattr(said, "unit", None) or "",
        one.promise.timeline.model_dump_json(exclude_none=True),
        one.promise.nature.value,
        one.promise.additionality.value,
        one.promise.words or "",
    ]


def _first(*values: object) -> object:
    return next((value for value in values if value is not None), "")


def _choices(pledges: Sequence[PublicPledge]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: only what occurs, by what it is called."""
    categories = {one.promise.category for one in pledges}
    capabilities = {one.promise.capability for one in pledges}
    return {
        "category": sorted(((code, taxonomy_term("category", code)) for code in categories), key=_by_name),
        "capability": sorted(
            ((code, taxonomy_term("capability", code)) for code in capabilities), key=_by_name
        ),
        "pledger": [
            (code, words.plain_state(code)) for code in words.in_order({one.pledger for one in pledges})
        ],
        "state": [(code, called("pledge_state", code)) for code in sorted({one.state for one in pledges})],
    }


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]
