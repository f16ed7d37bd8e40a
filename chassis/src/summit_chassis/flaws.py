"""Whether one translated message is fit to be said: there, certain, in its own script, and with the places to fill in."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from gettext import c2py

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from summit_contracts.values import Language

_PLACE = re.compile(r"%\((\w+)\)s")
_FORBIDDEN = re.compile("[<>&\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COUNTED = "num"
_PARTICLE = 2  # letters: "at", "to" and the like have no counterpart in every language
_MANY = range(1000)
_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    Language.ARABIC: re.compile("[\u0600-\u06ff]"),
    Language.CHINESE: re.compile("[\u4e00-\u9fff]"),
    Language.RUSSIAN: re.compile("[\u0400-\u04ff]"),
}


class Flaw(StrEnum):
    """What can be wrong with a message."""

    MISSING = "is missing"
    EMPTY = "is not translated"
    FUZZY = "is marked as uncertain (fuzzy)"
    FORMS = "has another number of plural forms than the language"
    PLACES = "has other places to fill in than the source"
    FORMAT = "cannot be filled in: a % stands alone or is followed by something else than (name)s"
    MARKUP = "holds markup or a character that turns the direction: pages and letters add these themselves"
    EDGES = "begins or ends with a blank where the source does not, or the other way round"
    SCRIPT = "is not written in the script of the language"


def flaws_of(
    source: Message, found: Message | None, language: Language, catalogue: Catalog
) -> Iterator[Flaw]:
    """Everything that is wrong with what this catalogue has for the source message."""
    if found is None:
        yield Flaw.MISSING
        return
    forms = _forms(found.string)
    if not forms or not all(forms):
        yield Flaw.EMPTY
        return
    if found.fuzzy:
        yield Flaw.FUZZY
    expected = get_plural(language.value)
    if source.pluralizable and (
        len(forms) != expected.num_plurals or catalogue.plural_expr != expected.plural_expr
    ):
        yield Flaw.FORMS
        return
    places = set(_PLACE.findall(_forms(source.id)[-1]))
    for position, form in enumerate(forms):
        may_be_left_out = (
            {_COUNTED} if source.pluralizable and _says_one_number(catalogue, position) else set()
        )
        yield from _flaws_of_form(form, _forms(source.id)[0], places, may_be_left_out, language)


def flaws_of_source(source: Message) -> Iterator[Flaw]:
    """Everything that is wrong with a message as the code says it."""
    *_, most = _forms(source.id)
    places = set(_PLACE.findall(most))
    for form in _forms(source.id):
        yield from _flaws_of_form(form, form, places, {_COUNTED}, Language.ENGLISH)


def _flaws_of_form(
    form: str, source: str, places: set[str], may_be_left_out: set[str], language: Language
) -> Iterator[Flaw]:
    given = set(_PLACE.findall(form))
    if not places - may_be_left_out <= given <= places:
        yield Flaw.PLACES
    if not _can_be_filled(form):
        yield Flaw.FORMAT
    if _FORBIDDEN.search(form):
        yield Flaw.MARKUP
    if form != form.strip():
        yield Flaw.EDGES
    script = _SCRIPTS.get(language)
    has_words = len(_LETTER.findall(_PLACE.sub("", source))) > _PARTICLE
    if script and has_words and not script.search(form):
        yield Flaw.SCRIPT


def _forms(string: str | Sequence[str] | None) -> tuple[str, ...]:
    if string is None:
        return ()
    return (string,) if isinstance(string, str) else tuple(string)


def _can_be_filled(form: str) -> bool:
    return "%" not in _PLACE.sub("", form.replace("%%", ""))


def _says_one_number(catalogue: Catalog, position: int) -> bool:
    """Whether this form is used for one number only, so that a word can stand for it, as Arabic's dual does."""
    index = c2py(catalogue.plural_expr)
    return sum(index(number) == position for number in _MANY) == 1
