"""Paper in six scripts: the right fonts, letters that join, and nothing that is taken for markup."""

from functools import cache
from pathlib import Path

import pytest

from summit_contracts.values import Language
from summit_portal.pages.delegation.agenda_paper import TEMPLATE
from summit_portal.shell.paper import Press, unbroken
from summit_testkit.paper import TITLES, agenda, ink, pieces, text_of


@cache
def press() -> Press:
    """One for all tests: it looks for its fonts once."""
    return Press()


@pytest.mark.parametrize("language", TITLES)
def test_an_agenda_is_printed_in_each_language(language: Language) -> None:
    printed = press().pdf(TEMPLATE, language, agenda(TITLES[language]))
    assert printed.startswith(b"%PDF-")
    text = text_of(printed)
    assert "09:00" in text
    if language is not Language.ARABIC:
        assert TITLES[language] in text


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


def test_letters_that_no_font_has_are_drawn_as_boxes_and_the_rest_can_be_read() -> None:
    text = text_of(press().pdf(TEMPLATE, Language.FRENCH, agenda("Ordre du jour", topic="การประชุม")))
    assert "Ordre du jour" in text


def test_the_symbol_of_a_document_is_not_broken_at_a_slash() -> None:
    assert unbroken("See A/RES/79/1 and/or 3 / 4") == "See A/\u2060RES/\u206079/\u20601 and/\u2060or 3 / 4"
