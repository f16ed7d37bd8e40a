"""What stands on a PDF, as its reader sees it: pages are drawn by PDFium, an engine that had no part in making them."""

from typing import Any

import pypdfium2 as pdfium

from summit_contracts.values import Language

_DARK = 128
TITLES = {
    Language.ARABIC: "جدول الأعمال",
    Language.CHINESE: "日程",
    Language.ENGLISH: "Agenda",
    Language.FRENCH: "Ordre du jour",
    Language.RUSSIAN: "Расписание",
    Language.SPANISH: "Programa",
}
"""Of an agenda, in each language."""


def agenda(title: str, **changed: Any) -> dict[str, Any]:
    """What the paper says, with one meeting on one day."""
    row = {
        "time": "09:00 – 09:20",
        "others": "Norvège",
        "topic": "Topic",
        "language": "en",
        "room": "R-1",
        "is_cancelled": False,
    }
    return {
        "title": title,
        "invitee": "Kenya",
        "summit": "Summit · Nairobi",
        "zone": "Nairobi time",
        "heads": ["When", "With", "Topic", "Where"],
        "days": [{"name": "Wednesday", "rows": [row | changed]}],
        "cancelled": "Cancelled",
        "nothing": "Nothing",
        "foot": "As of now",
    }


def text_of(pdf: bytes) -> str:
    """All words of all pages. Arabic is not to be relied on: its order and its marks come out as they were drawn."""
    with pdfium.PdfDocument(pdf) as document:
        return "\n".join(
            document[number].get_textpage().get_text_bounded() for number in range(len(document))
        )


def ink(pdf: bytes, *, scale: float = 2) -> list[bool]:
    """For each column of pixels of the first page, whether anything is drawn in it, from left to right."""
    with pdfium.PdfDocument(pdf) as document:
        drawn = document[0].render(scale=scale, grayscale=True)
        pixels = bytes(drawn.buffer)
        size = drawn.stride * drawn.height
        return [min(pixels[column : size : drawn.stride]) < _DARK for column in range(drawn.width)]


def pieces(columns: list[bool]) -> int:
    """How many separate pieces of ink stand side by side."""
    return sum(here and not before for before, here in zip([False, *columns], columns, strict=False))
