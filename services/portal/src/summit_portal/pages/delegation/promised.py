"""A pledge as its form shows it: what the contracts say, in the fields of `promising.py`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from summit_contracts.currencies import decimals_of
from summit_portal.pages.delegation.promising import PARTS, PER_CENT_DECIMALS, PLAIN
from summit_portal.shell.forms import Form


def filled(pledge: Mapping[str, Any], time_zone: str) -> Form:
    """The form with what the pledge says, as its owner answers it."""
    promise = pledge["promise"]
    values = {name: [str(promise[name])] for name in PLAIN if promise.get(name)}
    for name, value in (
        *_of_quantity("quantity", promise["quantity"]),
        *_of_amount(promise.get("amount")),
        *_of_timeline(promise["timeline"]),
        *_of_rows(promise),
        *_of_openness(pledge.get("inside") or {}, time_zone),
    ):
        values[name] = [value]
    return Form({**values, "held_back": [part for part in pledge["held_back"] if part in PARTS]})


def _of_quantity(part: str, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = said["kind"]
    if kind == "percent":
        yield f"{part}.kind", "about_percent" if said.get("is_approximate") else kind
        yield f"{part}.number", _percent(said["basis_points"])
    else:
        yield from _of_bounds(part, said, str, "count")
    for name in ("unit", "of"):
        if said.get(name):
            yield f"{part}.{name}", said[name]


def _of_amount(said: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if said is None:
        return
    yield from _of_bounds("amount", said, _major, "money")
    money = said.get("money") or said.get("minimum") or said["maximum"]
    yield "amount.currency", money["currency"]


def _of_bounds(part: str, said: Mapping[str, Any], plain: Any, exactly: str) -> Iterator[tuple[str, str]]:
    kind = said["kind"]
    spoken = {
        ("exact", True): "about",
        ("at_least", True): "more_than",
    }.get((kind, bool(said.get("is_approximate") or said.get("is_exceeded"))), kind)
    yield f"{part}.kind", spoken
    first = {"exact": exactly, "up_to": "maximum"}.get(kind, "minimum")
    if said.get(first) is not None:
        yield f"{part}.number", plain(said[first])
    if kind == "range":
        yield f"{part}.most", plain(said["maximum"])


def _major(money: Mapping[str, Any]) -> str:
    return _plain(money["amount_minor"], decimals_of(money["currency"]))


def _percent(basis_points: int) -> str:
    return _plain(basis_points, PER_CENT_DECIMALS)


def _plain(scaled: int, decimals: int) -> str:
    """The number without noughts that say nothing; three decimals get one, since they could be thousands."""
    said = f"{Decimal(scaled).scaleb(-decimals).normalize():f}"
    return f"{said}0" if len(said.partition(".")[2]) == 3 else said


def _of_timeline(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    span = said.get("every") or said.get("lasting")
    yield "timeline.kind", said["kind"]
    for name, value in (
        ("start_on", said.get("start_on") or said.get("earliest_on")),
        ("end_on", said.get("by_on") or said.get("end_on") or said.get("latest_on")),
        ("count", span and str(span["count"])),
        ("span", span and span["unit"]),
        ("words", said.get("words")),
    ):
        if value:
            yield f"timeline.{name}", value


def _of_rows(promise: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for position, one in enumerate(promise.get("conditions", ())):
        yield f"conditions.{position}.kind", one["kind"]
        yield f"conditions.{position}.words", one["words"]
    for position, one in enumerate(promise.get("partners", ())):
        row = f"partners.{position}"
        for name in ("invitee", "words"):
            if one.get(name):
                yield f"{row}.{name}", one[name]
        if share := one.get("share"):
            is_percent = share["kind"] == "percent"
            yield f"{row}.share_in", "percent" if is_percent else "unit"
            yield (
                f"{row}.share",
                _percent(share["basis_points"]) if is_percent else str(share["count"]),
            )


def _of_openness(inside: Mapping[str, Any], time_zone: str) -> Iterator[tuple[str, str]]:
    yield "openness", inside.get("openness") or "public"
    if until := inside.get("embargo_until_at"):
        local = datetime.fromisoformat(until).astimezone(ZoneInfo(time_zone))
        yield "until_at", f"{local:%Y-%m-%dT%H:%M}"
