"""Pages on paper: PDF in six scripts, tagged for screen readers (PDF/UA-1), made by Typst with fonts from packages.

Latin, Cyrillic and Arabic letters come with packages that are always installed; Chinese needs Debian's fonts-noto-cjk, which
is too large to bring along. Where it is missing, Chinese pages say so, and browsers still print.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from summit_contracts.values import Language

if TYPE_CHECKING:
    import typst  # 80 MB, which only who prints has to load, or to have

DEBIAN: Final = Path("/usr/share/fonts/opentype/noto")
"""Where Debian's fonts-noto-cjk lies."""
_PACKAGED: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
_CHINESE: Final = "Noto Sans CJK SC"
_FAMILIES: Final = ("Noto Sans", "Noto Sans Arabic", _CHINESE)
_HAN: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Characters that only a Chinese, Japanese or Korean font has."""
_SLASH: Final = re.compile(r"(?<=\w)/(?=\w)")
"""As in A/RES/79/1."""


class NoFont(Exception):
    """No font here has the letters of the language."""


@dataclass(frozen=True)
class Press:
    """Prints with the packaged fonts and those in a folder."""

    directory: Path = field(default=DEBIAN)

    @cached_property
    def _fonts(self) -> "typst.Fonts":
        import typst  # see above

        paths = [Path(str(files(package))) / "files" for package in _PACKAGED]
        if self.directory.is_dir():
            paths.append(self.directory)
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths))

    @cached_property
    def has_chinese(self) -> bool:
        """Whether there is a font for Chinese."""
        return _CHINESE in self._fonts.families()

    def can_print(self, language: Language) -> bool:
        """Whether there is a font for the language."""
        return language is not Language.CHINESE or self.has_chinese

    def legible(self, text: str, otherwise: str) -> str:
        """The text, or what stands for it where no font here has its letters; symbols of documents are not broken at a slash."""
        return _SLASH.sub("/\u2060", text) if self.has_chinese or not _HAN.search(text) else otherwise

    def pdf(self, template: Path, language: Language, given: Mapping[str, Any]) -> bytes:
        """The template filled in; what is given is text to it, never markup.

        Raises:
            NoFont: there is none for the language.
        """
        if not self.can_print(language):
            raise NoFont(language)
        import typst  # see above

        known = [one for one in _FAMILIES if one in self._fonts.families()]
        said = {**given, "language": language.value, "families": known}
        printed: bytes = typst.compile(
            str(template),
            font_paths=self._fonts,
            sys_inputs={"given": json.dumps(said)},
            pdf_standards=["ua-1"],
        )
        return printed
