"""Pages on paper: PDF in six scripts, tagged for screen readers (PDF/UA-1), made by Typst with fonts from packages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from summit_contracts.values import Language

if TYPE_CHECKING:
    import typst  # 80 MB, which only who prints has to load, or to have

_PACKAGED: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "noto_cjk_sans_otc")
_FAMILIES: Final = ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC")
_SLASH: Final = re.compile(r"(?<=\w)/(?=\w)")
"""As in A/RES/79/1."""


def unbroken(text: str) -> str:
    """The text, in which symbols of documents are not broken at a slash."""
    return _SLASH.sub("/\u2060", text)


@dataclass(frozen=True)
class Press:
    """Prints with the packaged fonts and no others, so that it prints everywhere the same."""

    @cached_property
    def _fonts(self) -> "typst.Fonts":
        import typst  # see above

        paths = [Path(str(files(package))) for package in _PACKAGED]
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths))

    def pdf(self, template: Path, language: Language, given: Mapping[str, Any]) -> bytes:
        """The template filled in; what is given is text to it, never markup.

        Letters that none of the fonts has, which people may have typed, are drawn as boxes; then the standard is not claimed.
        """
        import typst  # see above

        said = json.dumps({**given, "language": language.value, "families": _FAMILIES})

        def compiled(standard: Literal["ua-1"] | None) -> bytes:
            printed: bytes = typst.compile(
                str(template), font_paths=self._fonts, sys_inputs={"given": said}, pdf_standards=standard
            )
            return printed

        try:
            return compiled("ua-1")
        except typst.TypstError as refused:
            if "could not be displayed with font" not in str(refused):
                raise
            return compiled(None)
