"""The command `summit-locale`: every message of every letter stands in all six languages, well formed, or the build fails (G13).

summit-locale            checks; exits 1 naming language, file and message
summit-locale --write    extracts the messages anew and takes them into every catalogue, untranslated ones empty
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

from summit_contracts.values import Language
from summit_notifications.letters.messages import Flaw, flaws_of, flaws_of_source
from summit_notifications.letters.speech import SOURCE

_DOMAIN = "notifications"
_LANGUAGES = tuple(language for language in Language if language is not SOURCE)
_METHODS = [
    ("letters/**.py", "python"),
    ("letters/**/subject.txt", "jinja2"),
    ("letters/**.jinja", "jinja2"),
    ("letters/pens/**", "jinja2"),
]
_OPTIONS = {"letters/**": {"silent": "false", "trimmed": "true"}}
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "C_": ((1, "c"), 2),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one message, or with a whole catalogue."""

    language: str
    path: Path
    message: str | None
    flaw: Flaw | str

    def __str__(self) -> str:
        about = f" {self.message!r}" if self.message is not None else ""
        return f"{self.language}: {self.path}:{about} {self.flaw}"


def extracted(package: Path) -> Catalog:
    """Every message that the package says, in the order of its files."""
    catalogue = Catalog(project="Summit", charset="utf-8", fuzzy=False)
    # A date that stays, so that extracting the same messages gives the same file.
    catalogue.creation_date = datetime(2022, 1, 1, tzinfo=UTC)
    for name, _line, message, _comments, context in sorted(
        extract_from_dir(str(package), _METHODS, _OPTIONS, _KEYWORDS), key=lambda found: (found[0], found[1])
    ):
        catalogue.add(message, locations=[(name.replace("\\", "/"), 0)], context=context)
    return catalogue


def template_text(catalogue: Catalog) -> bytes:
    """The extracted messages as a `.pot` file."""
    return _text(catalogue, "Content-Type: text/plain; charset=utf-8")


def faults(package: Path) -> Iterator[Fault]:
    """All that is wrong with the catalogues of the package at this place."""
    template = extracted(package)
    committed = package / "locale" / f"{_DOMAIN}.pot"
    if not committed.is_file() or committed.read_bytes() != template_text(template):
        yield Fault(SOURCE, committed, None, "differs from what the letters say: run `summit-locale --write`")
    for message in template:
        if message.id:
            yield from (
                Fault(SOURCE, committed, _name(message.id), flaw) for flaw in flaws_of_source(message)
            )
    for language in _LANGUAGES:
        yield from _faults_of(language, _path(package, language), template)


def write(package: Path) -> None:
    """The template and every catalogue hold exactly what the package says; translations are kept, none is guessed."""
    template = extracted(package)
    (package / "locale").mkdir(exist_ok=True)
    (package / "locale" / f"{_DOMAIN}.pot").write_bytes(template_text(template))
    for language in _LANGUAGES:
        path = _path(package, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = _read(path, language) if path.is_file() else Catalog(locale=language.value)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_bytes(
            _text(
                catalogue,
                f"Language: {language}",
                "Content-Type: text/plain; charset=utf-8",
                f"Plural-Forms: {catalogue.plural_forms}",
            )
        )


def main(arguments: list[str] | None = None) -> int:
    """The catalogues are checked, or written anew; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="summit-locale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--write", action="store_true", help="extract the messages anew and take them into every catalogue"
    )
    parser.add_argument(
        "--package", type=Path, default=Path(str(files("summit_notifications"))), help=argparse.SUPPRESS
    )
    chosen = parser.parse_args(arguments)
    if chosen.write:
        write(chosen.package)
    found = list(faults(chosen.package))
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    said = len(extracted(chosen.package))
    sys.stdout.write(f"{said} messages in {len(Language)} languages, {len(found) or 'nothing'} wrong.\n")
    return 1 if found else 0


def _text(catalogue: Catalog, *header: str) -> bytes:
    """The catalogue as a file with no more header than is needed: nothing that changes when no message does."""
    text = BytesIO()
    write_po(text, catalogue, width=0, include_lineno=False, omit_header=True)
    lines = ['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in header), "", ""]
    return "\n".join(lines).encode() + text.getvalue()


def _faults_of(language: Language, path: Path, template: Catalog) -> Iterator[Fault]:
    if not path.is_file():
        yield Fault(language, path, None, "there is no such catalogue")
        return
    try:
        catalogue = _read(path, language)
    except (PoFileError, UnicodeDecodeError, ValueError) as problem:
        yield Fault(language, path, None, f"cannot be read: {problem}")
        return
    for message in template:
        if message.id:
            found = catalogue.get(message.id, message.context)
            for flaw in flaws_of(message, found, language, catalogue):
                yield Fault(language, path, _name(message.id), flaw)
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield Fault(language, path, _name(message.id), "is said in no letter")


def _read(path: Path, language: Language) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale=language.value, abort_invalid=True)


def _path(package: Path, language: Language) -> Path:
    return package / "locale" / language.value / "LC_MESSAGES" / f"{_DOMAIN}.po"


def _name(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


if __name__ == "__main__":
    sys.exit(main())
