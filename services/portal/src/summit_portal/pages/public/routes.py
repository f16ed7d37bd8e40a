"""The summit at a glance, its programme, and who takes part."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import OpenToAll
from summit_contracts import reference
from summit_contracts.editions import Edition, Obligation
from summit_contracts.reference import RegionalGroup
from summit_contracts.values import Interval, InviteeKind
from summit_portal.pages.public.summits import Summit, about, days_left, is_over, now_of
from summit_portal.readmodel.kinds import Participation
from summit_portal.shell import words
from summit_portal.shell.heard import reader_of
from summit_portal.shell.page import page
from summit_portal.shell.routing import page_router, public_router

router = public_router()
last = page_router()


@router.get("")
async def home(request: Request, _: OpenToAll) -> Response:
    """The latest summit at a glance, and the way to the others."""
    summits = await reader_of(request).editions()
    if not summits:
        return page(request, "public/none.html")
    return await _glance(request, summits[0], summits[1:])


@router.get("/{edition_id}")
async def glance(request: Request, summit: Summit, _: OpenToAll) -> Response:
    """One summit at a glance: when, where, how long until then, what has to be done by when, and what came of it so far."""
    return await _glance(request, summit, ())


async def _glance(request: Request, summit: Edition, others: Sequence[Edition]) -> Response:
    now = now_of(request)
    return about(
        request,
        "public/glance.html",
        summit,
        here="glance",
        others=others,
        left=days_left(summit, now),
        over=is_over(summit, now),
        figures=(await reader_of(request).figures(summit.edition_id)).model_dump(),
    )


@router.get("/{edition_id}/programme")
async def programme(request: Request, summit: Summit, _: OpenToAll) -> Response:
    """What each day is for: purposes, hours, pauses, common obligations where the latest timetable has them, and how many bilaterals
    begin when.
    """
    zone = ZoneInfo(summit.time_zone)
    starts: dict[date, Counter[datetime]] = defaultdict(Counter)
    for start_at in await reader_of(request).starts(summit.edition_id):
        starts[start_at.astimezone(zone).date()][start_at] += 1
    timetable = await reader_of(request).timetable(summit.edition_id)
    moved = {one.code: one.interval for one in timetable.published.obligations} if timetable else {}
    held = defaultdict[date, list[tuple[Interval, Obligation]]](list)
    for one in summit.obligations:
        during = moved.get(one.code, one.interval) if one.code else one.interval
        held[during.start_at.astimezone(zone).date()].append((during, one))
    for duties in held.values():
        duties.sort(key=lambda one: one[0].start_at)
    bilaterals = {on: sorted(found.items()) for on, found in starts.items()}
    return about(request, "public/programme.html", summit, here="programme", held=held, bilaterals=bilaterals)


@router.get("/{edition_id}/participants")
async def participants(request: Request, summit: Summit, _: OpenToAll) -> Response:
    """Who takes part: Member States by regional group as tiles, and everybody as a list."""
    heard = await reader_of(request).all(Participation, summit.edition_id)
    known = {one.invitee: one for one in heard}
    return about(
        request,
        "public/participants.html",
        summit,
        here="participants",
        groups=_by_group(known),
        lists=_by_kind(summit, known),
        known=known,
        standing={code: standing_of(one) for code, one in known.items()},
    )


def standing_of(one: Participation) -> str:
    """How an invitee stands, as a code of the vocabulary `participation`."""
    if one.has_declined:
        return "declined"
    return one.state.value if one.state else "invited"


def _by_group(known: Mapping[str, Participation]) -> list[tuple[RegionalGroup, list[str], int]]:
    """Each regional group with all its members, in the order of their names, and how many of them come."""
    members: dict[RegionalGroup, list[str]] = defaultdict(list)
    for code, invitee in reference.invitees().items():
        if invitee.regional_group:
            members[invitee.regional_group].append(code)
    return [
        (
            group,
            words.in_order(members[group]),
            sum(known[code].comes for code in members[group] if code in known),
        )
        for group in RegionalGroup
    ]


def _by_kind(summit: Edition, known: Mapping[str, Participation]) -> list[tuple[InviteeKind, list[str]]]:
    """Everybody who was heard of, by kind, in the order of their names; UN principals are met and do not register."""
    kinds: dict[InviteeKind, list[str]] = defaultdict(list)
    for one in summit.invitees:
        if one.code in known and one.kind is not InviteeKind.PRINCIPAL:
            kinds[one.kind].append(one.code)
    return [(kind, words.in_order(kinds[kind])) for kind in InviteeKind if kinds[kind]]


@last.get("/{rest:path}")
async def nowhere(rest: str, _: OpenToAll) -> Response:
    """There is no such page, and it says so in the language of its address."""
    raise HTTPException(404, rest)
