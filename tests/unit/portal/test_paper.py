"""Paper in six scripts: the right fonts, letters that join, nothing that is taken for markup, and a clear end without a font."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from summit_contracts.values import Language
from summit_portal.pages.delegation.agenda_paper import TEMPLATE
from summit_portal.shell.paper import NoFont, Press
from summit_testkit.browser.chromium import chromium
from summit_testkit.paper import ink, pieces, text_of

SAID = {
    Language.ARABIC: "جدول الأعمال",
    Language.CHINESE: "日程",
    Language.ENGLISH: "Agenda",
    Language.FRENCH: "Ordre du jour",
    Language.RUSSIAN: "Расписание",
    Language.SPANISH: "Programa",
}


@cache
def press() -> Press:
    """With all fonts: that for Chinese comes with the browser that pages are tested in."""
    chromium()
    return Press()


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


@pytest.mark.parametrize("language", SAID)
def test_an_agenda_is_printed_in_each_language(language: Language) -> None:
    printed = press().pdf(TEMPLATE, language, agenda(SAID[language]))
    assert printed.startswith(b"%PDF-")
    text = text_of(printed)
    assert "09:00" in text
    if language is not Language.ARABIC:
        assert SAID[language] in text


def test_it_is_tagged_for_screen_readers_and_says_its_language() -> None:
    printed = press().pdf(TEMPLATE, Language.FRENCH, agenda("Ordre du jour"))
    assert b"pdfuaid" in printed
    assert b"/StructTreeRoot" in printed


def test_arabic_letters_join(tmp_path: Path) -> None:
    def drawn(word: str) -> int:
        template = tmp_path / "word.typ"
        template.write_text(
            '#let given = json(bytes(sys.inputs.given))\n#set document(title: "w")\n'
            '#set text(font: given.families, lang: "ar", dir: rtl, size: 40pt)\n#given.word\n'
        )
        return pieces(ink(press().pdf(template, Language.ARABIC, {"word": word})))

    assert drawn("س\u200cس\u200cس") == 3, "letters that are told not to join stand apart"
    assert drawn("سسس") == 1


def test_what_people_typed_is_text_and_never_markup() -> None:
    typed = '#panic("x") = Title *bold* $x$ #read("/etc/passwd") <a>'
    text = text_of(press().pdf(TEMPLATE, Language.ENGLISH, agenda("Agenda", topic=typed)))
    assert "#panic" in text
    assert "*bold*" in text


def test_without_a_font_for_chinese_it_says_so_and_the_other_languages_are_printed(tmp_path: Path) -> None:
    bare = Press(tmp_path)
    assert not bare.can_print(Language.CHINESE)
    with pytest.raises(NoFont):
        bare.pdf(TEMPLATE, Language.CHINESE, agenda("日程"))
    assert bare.pdf(TEMPLATE, Language.RUSSIAN, agenda("Расписание")).startswith(b"%PDF-")
    assert bare.legible("联合国 police", "(see the portal)") == "(see the portal)"
    assert bare.legible("Полиция", "(see the portal)") == "Полиция"


def test_the_symbol_of_a_document_is_not_broken_at_a_slash() -> None:
    assert (
        press().legible("See A/RES/79/1 and/or 3 / 4", "")
        == "See A/\u2060RES/\u206079/\u20601 and/\u2060or 3 / 4"
    )
