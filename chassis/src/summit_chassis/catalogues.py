"""The command `summit-locale`: every message that a person may read stands in all six languages, well formed, or the build fails (G13).

A package that speaks tells of its catalogues by an entry point of the group `summit.catalogues`.


summit-locale            checks; exits 1 naming language, file and message
summit-locale --write    extracts the messages anew and takes them into every catalogue, untranslated ones empty
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import entry_points
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

from summit_chassis.flaws import Flaw, flaws_of, flaws_of_source
from summit_chassis.speech import SOURCE
from summit_contracts.values import Language

_GROUP = "summit.catalogues"
_LANGUAGES = tuple(language for language in Language if language is not SOURCE)
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


@dataclass(frozen=True)
class Catalogues:
    """What one package says, and in which files."""

    package: str
    domain: str
    methods: Sequence[tuple[str, str]]
    """Which files hold messages, and how Babel finds them there."""
    options: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    place: Path | None = None
    """Where the package lies, if it is not the installed one."""

    @property
    def root(self) -> Path:
        """The folder of the package."""
        return self.place or Path(str(files(self.package)))

    @property
    def template(self) -> Path:
        """The committed `.pot`."""
        return self.root / "locale" / f"{self.domain}.pot"

    def path(self, language: Language) -> Path:
        """The committed catalogue of this language."""
        return self.root / "locale" / language.value / "LC_MESSAGES" / f"{self.domain}.po"

    def extracted(self) -> Catalog:
        """Every message that the package says, in the order of its files."""
        catalogue = Catalog(project="Summit", charset="utf-8", fuzzy=False)
        # A date that stays, so that extracting the same messages gives the same file.
        catalogue.creation_date = datetime(2022, 1, 1, tzinfo=UTC)
        found = extract_from_dir(str(self.root), list(self.methods), dict(self.options), _KEYWORDS)
        for name, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            catalogue.add(message, locations=[(name.replace("\\", "/"), 0)], context=context)
        return catalogue

    def faults(self) -> Iterator[Fault]:
        """All that is wrong with the catalogues of the package."""
        template = self.extracted()
        if not self.template.is_file() or self.template.read_bytes() != template_text(template):
            yield Fault(
                SOURCE, self.template, None, "differs from what the code says: run `summit-locale --write`"
            )
        for message in template:
            if message.id:
                yield from (
                    Fault(SOURCE, self.template, _name(message.id), flaw) for flaw in flaws_of_source(message)
                )
        for language in _LANGUAGES:
            yield from _faults_of(language, self.path(language), template)

    def write(self) -> None:
        """Template and catalogues hold exactly what the package says; translations are kept, none is guessed."""
        template = self.extracted()
        self.template.parent.mkdir(exist_ok=True)
        self.template.write_bytes(template_text(template))
        for language in _LANGUAGES:
            path = self.path(language)
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


def installed() -> list[Catalogues]:
    """The catalogues of every installed package that speaks."""
    return [point.load() for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name)]


def template_text(catalogue: Catalog) -> bytes:
    """The extracted messages as a `.pot` file."""
    return _text(catalogue, "Content-Type: text/plain; charset=utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The catalogues are checked, or written anew; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="summit-locale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--write", action="store_true", help="extract the messages anew and take them into every catalogue"
    )
    chosen = parser.parse_args(arguments)
    return check(installed(), write=chosen.write)


def check(catalogues: Sequence[Catalogues], *, write: bool = False) -> int:
    """What is wrong is told; 1 where something is."""
    wrong = 0
    for one in catalogues:
        if write:
            one.write()
        found = list(one.faults())
        for fault in found:
            sys.stderr.write(f"{fault}\n")
        said = len(one.extracted())
        sys.stdout.write(
            f"{one.package}: {said} messages in {len(Language)} languages, {len(found) or 'nothing'} wrong.\n"
        )
        wrong += len(found)
    return 1 if wrong else 0


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
            yield Fault(language, path, _name(message.id), "is said nowhere")


def _read(path: Path, language: Language) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, locale=language.value, abort_invalid=True)


def _name(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


if __name__ == "__main__":
    sys.exit(main())
