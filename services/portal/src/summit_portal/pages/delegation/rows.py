"""The rows of the delegation's form: what was typed, as the owner's schema wants it, and back again.

Fields are named by the owner's paths (`members.0.person.name`), so that a refusal finds its field. Empty rows are left out
and the others counted anew, before anything is sent: so a row has the same number here and there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from summit_portal.shell import numbers
from summit_portal.shell.forms import Form

Row = Mapping[str, Sequence[str]]
GROUPS: Final = ("members", "wishes")
PERSON: Final = ("name", "title", "email", "language")
PLACE: Final = ("function", "rank", "arrives_on", "leaves_on")
_OF_PEOPLE: Final = frozenset({"member_id", "person", *PERSON, *PLACE})
"""What the form says of people; the rest, such as their credentials, is not the delegation's to change."""
_ALWAYS: Final = {
    "members": {"function", "rank", "member_id"},
    "wishes": {"priority", "level", "language", "size"},
    "conditions": {"kind"},
    "partners": {"share_in"},
}
"""Chosen from lists that always have a value: they alone do not make a row."""
_LEFT_OUT: Final = "gone"
"""Ticked where a row is to be left out."""


@dataclass(frozen=True)
class Difference:
    """A field that two people have filled in differently."""

    group: str
    number: int
    """Which row, from one."""
    field: str
    now: Sequence[str]
    """As it is kept."""
    typed: Sequence[str]


def numbered(form: Form, group: str) -> list[Row]:
    """The rows of the group in which anything was typed, in the order in which they stood, by field (`person.name`)."""
    rows: dict[int, dict[str, Sequence[str]]] = {}
    for name, values in form.values.items():
        if found := re.fullmatch(rf"{group}\.(\d{{1,4}})\.(.+)", name):
            typed = [value.strip() for value in values if value.strip()]
            rows.setdefault(int(found[1]), {})[found[2]] = typed
    in_order = (rows[number] for number in sorted(rows))
    return [
        row
        for row in in_order
        if not row.get(_LEFT_OUT) and any(row[name] for name in row if name not in _ALWAYS[group])
    ]


def members(form: Form) -> list[dict[str, Any]]:
    """The people as the owner's form wants them."""
    return [
        {
            **({"member_id": one} if (one := first(row, "member_id")) else {}),
            "person": {name: value for name in PERSON if (value := first(row, f"person.{name}"))},
            **_chosen(row, PLACE),
        }
        for row in numbered(form, "members")
    ]


def wishes(form: Form) -> list[dict[str, Any]]:
    """The wishes as the owner's form wants them."""
    return [
        {
            **{name: list(row.get(name, ())) for name in ("counterparts", "days", "needs")},
            **_chosen(row, ("topic", "level", "language")),
            **{name: numbers.whole(value) for name in ("priority", "size") if (value := first(row, name))},
        }
        for row in numbered(form, "wishes")
    ]


def misread(form: Form) -> dict[str, str]:
    """Which numbers could not be read, by field, and what to type instead."""
    return numbers.misread_whole(form, *(f"wishes.{place}.size" for place in range(count(form, "wishes"))))


def draft(form: Form) -> dict[str, Any]:
    """The same as an unfinished form: flat, and whatever is half typed is kept."""
    people = [
        {
            **_chosen(row, ("member_id", *PLACE)),
            **{name: value for name in PERSON if (value := first(row, f"person.{name}"))},
        }
        for row in numbered(form, "members")
    ]
    language = form.value("language")
    return {"members": people, "wishes": wishes(form), **({"language": language} if language else {})}


def filled(language: str, people: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> Form:
    """A form that holds what the owner keeps; `people` as members are answered or as a draft has them."""
    known = [{name: one for name, one in row.items() if name in _OF_PEOPLE} for row in people]
    values = dict(_fields("members", known)) | dict(_fields("wishes", asked))
    return Form({**values, "language": [language]})


def recounted(form: Form, groups: Sequence[str] = GROUPS) -> Form:
    """What was typed, with its rows counted as they are sent."""
    starts = tuple(f"{group}." for group in groups)
    values = {name: kept for name, kept in form.values.items() if not name.startswith(starts)}
    for group in groups:
        for position, row in enumerate(numbered(form, group)):
            values |= {f"{group}.{position}.{name}": typed for name, typed in row.items()}
    return Form(values)


def recognized(typed: Form, kept: Form) -> Form:
    """People who were typed before they had a `member_id` get the one of whoever is kept under the same name, or else e-mail.

    Without it, to save what was typed would send everybody away and have them come anew.
    """
    people, values = numbered(typed, "members"), dict(typed.values)
    named = {first(row, "member_id") for row in people}
    free = [row for row in numbered(kept, "members") if first(row, "member_id") not in named]
    for name in ("person.name", "person.email"):
        for position, row in enumerate(people):
            place = f"members.{position}.member_id"
            said = first(row, name).casefold()
            found = next((one for one in free if said and first(one, name).casefold() == said), None)
            if found and not any(values.get(place, ())):
                values[place] = [first(found, "member_id")]
                free.remove(found)
    return replace(typed, values=values)


def differences(kept: Form, typed: Form, groups: Sequence[str] = GROUPS) -> list[Difference]:
    """Where what is kept and what was typed are not the same; members are matched by who they are, other rows by place.

    The language of letters to the delegation is compared in any case.
    """
    known, chosen = kept.value("language"), typed.value("language")
    is_other = bool(chosen) and chosen != known
    found = [Difference("delegation", 0, "language", [known], [chosen])] if is_other else []
    for group in groups:
        before, after = _by_row(kept, group), _by_row(typed, group)
        for number, key in enumerate(dict.fromkeys([*before, *after]), start=1):
            now, then = before.get(key, {}), after.get(key, {})
            both_always = _ALWAYS[group] if not now or not then else set()
            fields = (one for one in dict.fromkeys([*now, *then]) if one not in {"member_id", *both_always})
            found += [
                Difference(group, number, one, now.get(one, ()), then.get(one, ()))
                for one in fields
                if list(now.get(one, ())) != list(then.get(one, ()))
            ]
    return found


def names_of(faults: Mapping[str, str]) -> dict[str, str]:
    """From the owner's paths (`members[0].rank`, `wishes.0.days.1`) to the fields of this form."""
    dotted = {path: re.sub(r"\[(\d+)\]", r".\1", path) for path in faults}
    return {path: re.sub(r"^(\w+\.\d+\..*?)\.\d+$", r"\1", name) for path, name in dotted.items()}


def count(form: Form, group: str) -> int:
    """How many rows have something in them."""
    return len(numbered(form, group))


def first(row: Row, name: str) -> str:
    """The only thing that was typed there; nothing where nothing was."""
    return next(iter(row.get(name, ())), "")


def _chosen(row: Row, names: Sequence[str]) -> dict[str, str]:
    return {name: value for name in names if (value := first(row, name))}


def _by_row(form: Form, group: str) -> dict[str, Row]:
    return {
        first(row, "member_id") or str(position): row for position, row in enumerate(numbered(form, group))
    }


def _fields(group: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    for position, row in enumerate(rows):
        flat = {**row, **row.get("person", {})}
        flat.pop("person", None)
        for name, value in flat.items():
            part = f"person.{name}" if group == "members" and name in PERSON else name
            if value is not None:
                many = value if isinstance(value, list) else [value]
                yield f"{group}.{position}.{part}", [str(one) for one in many]
