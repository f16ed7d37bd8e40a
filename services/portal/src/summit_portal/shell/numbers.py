"""Numbers as people type them: read exactly as they stand, or not at all.

Three digits after a point or a comma are thousands to some and decimals to others, so they are never guessed. What is not read
goes to the owner in quotation marks, which no service takes for a number: it is refused at its field, and `misread` says why.
"""

import re
from typing import Final

from summit_portal.shell.figures import number
from summit_portal.shell.forms import Form
from summit_portal.shell.speech import gettext as _

_DIGITS_AT_MOST: Final = 18
"""More than any number in the contracts has."""
_THOUSANDS_OR_DECIMALS: Final = 3
"""Digits after the separator."""
_DECIMAL: Final = re.compile(r"(\d+)(?:[.,](\d+))?")


def whole(typed: str) -> int | str:
    """The whole number; else what was typed, in quotation marks."""
    is_read = typed.isdecimal() and len(typed) <= _DIGITS_AT_MOST
    return int(typed) if is_read else _unread(typed)


def scaled(typed: str, decimals: int) -> int | str:
    """The number in units of its last decimal: 150000.5 with 2 decimals is 15000050; else what was typed, in quotation marks."""
    found = _DECIMAL.fullmatch(typed)
    if found is None or _is_ambiguous(found) or len(_places(found)) > decimals:
        return _unread(typed)
    read = whole(found[1] + _places(found).ljust(decimals, "0"))
    return read if isinstance(read, int) else _unread(typed)


def misread(typed: str, decimals: int | None) -> str | None:
    """Why it was not read, and what to type instead, for a person; none where it was. Without decimals it is to be whole."""
    if decimals is None:
        return (
            _("Write a whole number in digits, with nothing between them, e.g. 1500.")
            if isinstance(whole(typed), str)
            else None
        )
    if isinstance(scaled(typed, decimals), int):
        return None
    found = _DECIMAL.fullmatch(typed)
    if found and _is_ambiguous(found):
        return _(
            "Three digits after a point or comma may be thousands or decimals. Write 1250 for thousands and 1.2500 for decimals."
        )
    if found and len(_places(found)) > decimals:
        return _("So many decimals cannot be taken here; at most: %(number)s.") % {"number": number(decimals)}
    return _("Write digits, with a point or comma before the decimals and nothing else, e.g. 150000.50.")


def misread_whole(form: Form, *fields: str) -> dict[str, str]:
    """The same for whole numbers in these fields, by field; those that were read are left out."""
    found = {name: misread(form.value(name), None) for name in fields}
    return {name: why for name, why in found.items() if why}


def _is_ambiguous(found: re.Match[str]) -> bool:
    return len(found[2] or "") == _THOUSANDS_OR_DECIMALS


def _places(found: re.Match[str]) -> str:
    """The decimals, without noughts that say nothing."""
    return (found[2] or "").rstrip("0")


def _unread(typed: str) -> str:
    return f"“{typed}”"
