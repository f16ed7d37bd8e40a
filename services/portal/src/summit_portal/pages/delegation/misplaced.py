"""What was typed into a pledge's form where the choice beside it has no place for it.

It would not be sent, and something else promised than was typed: so it is refused here, before the owner is asked.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from summit_portal.shell.forms import Form
from summit_portal.shell.speech import gettext as _

_PLACES: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "quantity": {
        "range": frozenset({"number", "most"}),
        "percent": frozenset({"number", "of"}),
        "about_percent": frozenset({"number", "of"}),
        "none_given": frozenset(),
        "": frozenset({"number"}),
    },
    "amount": {"range": frozenset({"number", "most"}), "": frozenset({"number"})},
    "timeline": {
        "by": frozenset({"end_on"}),
        "window": frozenset({"start_on", "end_on"}),
        "lasting": frozenset({"start_on", "end_on", "count"}),
        "recurring": frozenset({"start_on", "end_on", "count"}),
        "": frozenset(),
    },
}
"""Which fields each kind has a place for; every kind that is not named as the one without a name."""
_TYPED: Final = {
    "quantity": ("number", "most", "of"),
    "amount": ("number", "most"),
    "timeline": ("start_on", "end_on", "count"),
}
_NEEDED: Final = {"window": ("start_on", "end_on"), "lasting": ("count",), "recurring": ("count",)}
"""One of these, for a time frame of this kind: without it the promise would have none."""


def misplaced(form: Form) -> dict[str, str]:
    """What cannot be sent as it was typed, by field, and what to do about it."""
    without_place = _("This does not go with what is chosen here. Choose otherwise, or empty this field.")
    return dict.fromkeys(_without_place(form), without_place) | dict.fromkeys(
        _missing(form), _("This is missing.")
    )


def _without_place(form: Form) -> Iterator[str]:
    for part, names in _TYPED.items():
        places = _PLACES[part].get(form.value(f"{part}.kind"), _PLACES[part][""])
        yield from (f"{part}.{one}" for one in names if one not in places and form.value(f"{part}.{one}"))
    if form.value("openness") != "embargoed" and form.value("until_at"):
        yield "until_at"


def _missing(form: Form) -> Iterator[str]:
    needed = _NEEDED.get(form.value("timeline.kind"), ())
    if needed and not any(form.value(f"timeline.{one}") for one in needed):
        yield f"timeline.{needed[0]}"
