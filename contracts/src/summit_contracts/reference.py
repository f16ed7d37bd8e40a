"""Who can be invited, and what each is called in the six official languages.

States are named as the United Nations names them, never as CLDR does. The tables and their provenance lie in
`reference/`; they are read once.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from summit_contracts.values import InviteeKind, Language

_TABLES = ("member_states.csv", "organizations.csv", "principals.csv")
_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w\w)")
_NO_LETTER = re.compile(r"[^\w\s]|_")


class UnknownInvitee(KeyError):
    """Nobody of this code stands in the reference tables."""


class RegionalGroup(StrEnum):
    """The informal groups in which Member States consult and elect.

    Source: DGACM's list of regional groups. Türkiye takes part in two and is counted in WEOG; the United States is in none and
    is counted with WEOG.
    """

    AFRICAN = "AFR"
    ASIA_PACIFIC = "APG"
    EASTERN_EUROPEAN = "EEG"
    LATIN_AMERICAN_AND_CARIBBEAN = "GRULAC"
    WESTERN_EUROPEAN_AND_OTHERS = "WEOG"


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who can be invited: a State, an organisation, or a UN principal by function, never by name."""

    code: str
    kind: InviteeKind
    regional_group: RegionalGroup | None
    """None for everybody but Member States."""
    iso3: str | None
    """ISO 3166-1 alpha-3; None for everybody but States."""
    names: Mapping[Language, str]
    """The short name as it stands in a list, e.g. `Bolivia (Plurinational State of)`."""
    running_names: Mapping[Language, str]
    """The same where it stands in a sentence, without brackets, e.g. `Plurinational State of Bolivia`."""
    former_name: str | None
    """What it was called before, in English: for those who search by it."""


@cache
def invitees() -> Mapping[str, Invitee]:
    """Everybody in the tables by code: Member States in English order, observer States, organisations, principals."""
    return MappingProxyType({one.code: one for table in _TABLES for one in _read(table)})


def invitee(code: str) -> Invitee:
    """Whoever has this code.

    Raises:
        UnknownInvitee: nobody in the tables has it.
    """
    try:
        return invitees()[code]
    except KeyError:
        raise UnknownInvitee(code) from None


def name(code: str, language: Language) -> str:
    """The name as it stands in a list, on a sign or a badge.

    Raises:
        UnknownInvitee: nobody in the tables has this code.
    """
    return invitee(code).names[language]


def display_name(code: str, language: Language) -> str:
    """The name as it stands in a sentence: never an index form with brackets, never with an article.

    Raises:
        UnknownInvitee: nobody in the tables has this code.
    """
    return invitee(code).running_names[language]


def regional_group(code: str) -> RegionalGroup | None:
    """The regional group of a Member State; None for everybody else.

    Raises:
        UnknownInvitee: nobody in the tables has this code.
    """
    return invitee(code).regional_group


@cache
def sort_key(code: str, language: Language) -> str:
    """Sorts as the United Nations lists names in this language: by the name's letters, whatever their accents.

    Chinese lists stand in the English order. In Arabic the article does not count. In Russian Ё counts as Е.

    Raises:
        UnknownInvitee: nobody in the tables has this code.
    """
    order = Language.ENGLISH if language is Language.CHINESE else language
    text = name(code, order).casefold()
    if order is Language.ARABIC:
        text = _ARABIC_ARTICLE.sub("", text).translate(_ARABIC_LETTERS)
    elif order is Language.RUSSIAN:
        text = text.replace("ё", "е")
    else:
        text = _without_accents(text.replace("ñ", "nz"))
    return " ".join(_NO_LETTER.sub("" if order is Language.ENGLISH else " ", text.replace("-", " ")).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _read(table: str) -> Iterator[Invitee]:
    text = files("summit_contracts").joinpath("reference", table).read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        names = {language: row[f"name_{language}"] for language in Language}
        running = {language: row.get(f"text_{language}") or names[language] for language in Language}
        yield Invitee(
            code=row["code"],
            kind=InviteeKind(row["kind"]),
            regional_group=RegionalGroup(row["regional_group"]) if row.get("regional_group") else None,
            iso3=row.get("iso3") or None,
            names=MappingProxyType(names),
            running_names=MappingProxyType(running),
            former_name=row.get("former_name_en") or None,
        )
