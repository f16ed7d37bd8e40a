"""The language that is being spoken: messages from the catalogues in `locale/`, names and dates as that language has them.

Catalogues are compiled in memory when a language is first spoken; there are no compiled files that could be out of date.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from summit_contracts import taxonomy
from summit_contracts.values import Language

SOURCE = Language.ENGLISH
"""The language the messages are written in; it needs no catalogue."""

_LOCALES = {
    Language.ARABIC: "ar",
    Language.CHINESE: "zh_Hans",
    Language.ENGLISH: "en_GB",  # day before month, as the Organization writes it
    Language.FRENCH: "fr",
    Language.RUSSIAN: "ru",
    Language.SPANISH: "es",
}
_spoken: ContextVar[Language] = ContextVar("spoken", default=SOURCE)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within it, this language is spoken; concurrent tasks do not hear each other."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> Language:
    """The language that is being spoken."""
    return _spoken.get()


@cache
def locale_of(language: Language) -> Locale:
    """The locale for dates and numbers in this language; never for names of States."""
    return Locale.parse(_LOCALES[language])


def direction(language: Language) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if locale_of(language).character_order == "right-to-left" else "ltr"


def language_name(language: Language) -> str:
    """What the language is called in the one that is being spoken."""
    return str(locale_of(spoken()).languages[locale_of(language).language])


def taxonomy_term(vocabulary: str, code: str) -> str:
    """What a code of the capability taxonomy is called in the language that is being spoken; in plain words where a newer publisher wrote it."""
    return taxonomy.name(vocabulary, code, spoken()) or in_plain_words(code)


def in_plain_words(code: str) -> str:
    """The code as a person would write it, for want of anything better."""
    return code.replace("_", " ")


Message = tuple[str, str]
"""The context in which something is said, and what."""


def C_(context: str, message: str) -> Message:  # noqa: N802  gettext's way to mark a message for extraction
    """The message and the context in which it is said, for the extraction and for later."""
    return context, message


class Speech:
    """What one package says, from the catalogues in its `locale/`."""

    def __init__(self, package: str, domain: str) -> None:
        self._package = package
        self._domain = domain
        self._catalogues: dict[Language, NullTranslations] = {}

    def catalogue(self, language: Language) -> NullTranslations:
        """The messages in this language; compiled when it is first spoken."""
        if language not in self._catalogues:
            self._catalogues[language] = self._compiled(language)
        return self._catalogues[language]

    def gettext(self, message: str) -> str:
        """The message in the language that is being spoken."""
        return self.catalogue(spoken()).gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The message in the form that this number takes in the language that is being spoken."""
        return self.catalogue(spoken()).ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        """The message as it is said in this context."""
        return self.catalogue(spoken()).pgettext(context, message)

    def called(self, terms: Mapping[str, Message], code: str) -> str:
        """What the code is called, by these terms; in plain words where this version does not know it."""
        message = terms.get(code)
        return self.pgettext(*message) if message else in_plain_words(code)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """The message as it is said in this context, in the form that this number takes."""
        return self.catalogue(spoken()).npgettext(context, singular, plural, number)

    def _compiled(self, language: Language) -> NullTranslations:
        if language is SOURCE:
            return NullTranslations()
        path = files(self._package).joinpath("locale", language.value, "LC_MESSAGES", f"{self._domain}.po")
        compiled = BytesIO()
        with path.open("rb") as text:
            write_mo(compiled, read_po(text, locale=language.value))
        compiled.seek(0)
        return GNUTranslations(compiled)
