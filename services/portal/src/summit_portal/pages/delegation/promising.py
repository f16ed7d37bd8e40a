"""The form of a pledge: what was typed, as the contracts say it.

What is not said yet stands as none given and open, so that advice can be had from the first key on. What the form has no field
for (sources, where it was announced, a partner's money) stays as it was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from summit_contracts import taxonomy
from summit_contracts.currencies import CurrencyUnknown, decimals_of
from summit_contracts.promises import HeldBack
from summit_portal.pages.delegation import rows
from summit_portal.shell import numbers
from summit_portal.shell.forms import Form

GROUPS: Final = ("conditions", "partners")
PARTS: Final = tuple(part for part in HeldBack if part is not HeldBack.FOLLOW_UP)
"""What the form lets a pledger hold back."""
_KEPT: Final = ("nature", "announced", "reference", "sources", "follow_up")
"""What a promise may say and this form does not ask for."""
_SHARES: Final = ("percent", "about_percent")
PLAIN: Final = ("capability", "designation", "need_id", "place", "words", "language", "additionality")
PER_CENT_DECIMALS: Final = 2
"""Per cent are kept in hundredths."""


def promise_of(form: Form, kept: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The promise as the owner's form wants it; `kept` is what it said before."""
    known = taxonomy.tables()
    capability = known.capabilities.get(form.value("capability"))
    return {
        **{name: kept[name] for name in _KEPT if kept and kept.get(name)},
        **{name: typed for name in PLAIN if (typed := form.value(name))},
        "taxonomy": known.version,
        "category": capability.category if capability else "",
        "capability": form.value("capability"),
        "additionality": form.value("additionality") or "not_stated",
        "quantity": _quantity(form, capability),
        "amount": _amount(form),
        "timeline": _timeline(form, kept),
        "conditions": [
            {"kind": rows.first(row, "kind"), "words": rows.first(row, "words")}
            for row in rows.numbered(form, "conditions")
        ],
        "partners": list(_partners(form, kept, _unit(form, capability))),
    }


def visibility_of(form: Form, time_zone: str) -> dict[str, Any]:
    """How open the pledge is to be; an embargo ends at a time of day where the summit is held."""
    until_at = _instant(form.value("until_at"), time_zone) or None
    return {"openness": form.value("openness") or "public", "until_at": until_at}


def held_back_of(form: Form, kept: Iterable[str] = ()) -> list[str]:
    """Which parts are not for the public."""
    return sorted({*form.all("held_back"), *(part for part in kept if part not in PARTS)})


def names_of(paths: Iterable[str], form: Form) -> dict[str, str]:
    """From the owner's paths (`promise.quantity.exact.count`, `promise.partners[0]`) to the fields of this form."""
    return {path: _field_at(re.sub(r"\[(\d+)\]", r".\1", path), form) for path in paths}


def misread(form: Form) -> dict[str, str]:
    """Which numbers could not be read, by field, and what to type instead."""
    is_share = form.value("quantity.kind") in _SHARES
    decimals = {
        **dict.fromkeys(("quantity.number", "quantity.most"), PER_CENT_DECIMALS if is_share else None),
        **dict.fromkeys(
            ("amount.number", "amount.most"), _decimals_in(form.value("amount.currency").upper())
        ),
        "timeline.count": None,
        **{
            f"partners.{position}.share": _decimals_of_share(rows.first(row, "share_in"))
            for position, row in enumerate(rows.numbered(form, "partners"))
        },
    }
    return _misread(form, decimals)


def misread_delivery(form: Form) -> dict[str, str]:
    """The same in the report of what was delivered."""
    return _misread(form, {"delivered": None if form.value("unit") else PER_CENT_DECIMALS})


def differences(kept: Form, typed: Form) -> list[rows.Difference]:
    """Where what is kept and what was typed are not the same."""
    fields = [one for one in dict.fromkeys([*kept.values, *typed.values]) if _is_said(one)]
    return [
        rows.Difference("", 0, one, tuple(filter(None, kept.all(one))), tuple(filter(None, typed.all(one))))
        for one in fields
        if list(filter(None, kept.all(one))) != list(filter(None, typed.all(one)))
    ]


def _is_said(name: str) -> bool:
    return name not in ("csrf", "revision", "once", "step")


def share_of(number: str, unit: str | None) -> dict[str, Any]:
    """So many of the unit, or so many per cent where there is none."""
    if unit is None:
        return {"kind": "percent", "basis_points": numbers.scaled(number, PER_CENT_DECIMALS)}
    return {"kind": "exact", "count": numbers.whole(number), "unit": unit}


def _quantity(form: Form, capability: taxonomy.Capability | None) -> dict[str, Any]:
    kind, number, most = (form.value(f"quantity.{name}") for name in ("kind", "number", "most"))
    if kind == "none_given" or not (number or most):
        return {"kind": "none_given"}
    if kind in _SHARES:
        share = {"kind": "percent", "basis_points": numbers.scaled(number, PER_CENT_DECIMALS)}
        said = {**share, "is_approximate": kind == "about_percent"}
        return {**said, "of": form.value("quantity.of")} if form.value("quantity.of") else said
    counted = _bounds(kind, numbers.whole(number), numbers.whole(most), "count")
    return {**counted, "unit": _unit(form, capability)}


def _unit(form: Form, capability: taxonomy.Capability | None) -> str:
    """What was chosen to count in; the usual unit of the capability where nothing was."""
    usual = next(iter(capability.units), "") if capability else ""
    return form.value("quantity.unit") or usual


def _amount(form: Form) -> dict[str, Any] | None:
    kind, number, most = (form.value(f"amount.{name}") for name in ("kind", "number", "most"))
    if not (number or most):
        return None
    currency = form.value("amount.currency").upper()
    return _bounds(kind, _money(number, currency), _money(most, currency), "money")


def _bounds(kind: str, number: Any, most: Any, exactly: str) -> dict[str, Any]:
    """What was said about a number, under the contracts' names; so for counts and for money."""
    match kind:
        case "up_to":
            return {"kind": kind, "maximum": number}
        case "at_least":
            return {"kind": kind, "minimum": number}
        case "more_than":
            return {"kind": "at_least", "minimum": number, "is_exceeded": True}
        case "range":
            return {"kind": kind, "minimum": number, "maximum": most}
        case "about":
            return {"kind": "exact", exactly: number, "is_approximate": True}
        case _:
            return {"kind": "exact", exactly: number}


def _money(number: str, currency: str) -> dict[str, Any]:
    try:
        return {"amount_minor": numbers.scaled(number, decimals_of(currency)), "currency": currency}
    except CurrencyUnknown:
        return {"amount_minor": numbers.whole(number), "currency": currency}


def _timeline(form: Form, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    start, end, count, unit, words = (
        form.value(f"timeline.{name}") for name in ("start_on", "end_on", "count", "span", "words")
    )
    said = {"words": words} if words else {}
    span = {"count": numbers.whole(count), "unit": unit or "month"}
    edges = {name: value for name, value in (("start_on", start), ("end_on", end)) if value}
    match form.value("timeline.kind"):
        case "by" if end:
            return {**said, "kind": "by", "by_on": end}
        case "window" if edges:
            return {**said, "kind": "window", **edges}
        case "lasting" if count:
            outer = {name: value for name, value in (("earliest_on", start), ("latest_on", end)) if value}
            return {**said, "kind": "lasting", "lasting": span, **outer}
        case "recurring" if count:
            before = (kept or {}).get("timeline", {})
            each = {"lasting": before["lasting"]} if before.get("kind") == "recurring" else {}
            return {**said, "kind": "recurring", "every": span, **each, **edges}
        case _:
            return {**said, "kind": "open"}


def _partners(form: Form, kept: Mapping[str, Any] | None, unit: str) -> Iterator[dict[str, Any]]:
    before = {
        one.get("invitee") or one.get("words"): one.get("money") for one in (kept or {}).get("partners", ())
    }
    for row in rows.numbered(form, "partners"):
        who = {name: typed for name in ("invitee", "words") if (typed := rows.first(row, name))}
        money = before.get(who.get("invitee") or who.get("words"))
        share = rows.first(row, "share")
        percent = rows.first(row, "share_in") != "unit"
        yield {
            **who,
            **({"money": money} if money else {}),
            **({"share": share_of(share, None if percent else unit)} if share else {}),
        }


def _misread(form: Form, decimals: Mapping[str, int | None]) -> dict[str, str]:
    typed = {name: form.value(name) for name in decimals if form.value(name)}
    found = {name: numbers.misread(said, decimals[name]) for name, said in typed.items()}
    return {name: why for name, why in found.items() if why}


def _decimals_in(currency: str) -> int:
    """How many the currency has; the usual number where there is no such currency, which its owner refuses."""
    try:
        return decimals_of(currency)
    except CurrencyUnknown:
        return 2


def _decimals_of_share(counted_in: str) -> int | None:
    return None if counted_in == "unit" else PER_CENT_DECIMALS


def _instant(local: str, time_zone: str) -> str:
    try:
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(time_zone)).isoformat()
    except ValueError:
        return local


def _field_at(path: str, form: Form) -> str:
    path = path.removeprefix("promise.")
    group, _, rest = path.partition(".")
    last = rest.rpartition(".")[2]
    match group:
        case "category":
            return "capability"
        case "quantity" | "amount":
            return f"{group}.{_number_at(last, form.value(f'{group}.kind'))}"
        case "timeline":
            edges = {"earliest_on": "start_on", "latest_on": "end_on", "by_on": "end_on", "unit": "span"}
            named = edges.get(last, last)
            return (
                f"timeline.{named if named in ('start_on', 'end_on', 'count', 'span', 'words') else 'kind'}"
            )
        case "conditions" | "partners":
            number, _, field = rest.partition(".")
            usual = "words" if group == "conditions" else "invitee"
            return f"{group}.{number}.{field.partition('.')[0] or usual}"
        case "visibility":
            return "until_at" if last == "until_at" else "openness"
        case "held_back":
            return group
        case _:
            return path


def _number_at(last: str, kind: str) -> str:
    if last in ("unit", "of", "currency"):
        return last
    return "most" if kind == "range" and last in ("maximum", "range") else "number"
