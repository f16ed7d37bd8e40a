"""What is true of every letter, whatever it says."""

import asyncio
import re
import unicodedata
from collections import Counter
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from summit_contracts import taxonomy
from summit_contracts.reference import invitees, name
from summit_contracts.values import Language, Rank
from summit_notifications import letters
from summit_notifications.domain.contents import Bilateral
from summit_notifications.domain.draft import Letter
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.preview import Sample, preview, samples, written
from summit_notifications.letters.writer import Writer, Written

FOLDER = Path(letters.__file__).parent
FRAME = Frame(
    title="United Nations Chiefs of Police Summit 2022",
    place="United Nations Headquarters, New York",
    time_zone="America/New_York",
    first_day=date(2022, 8, 31),
    last_day=date(2022, 9, 2),
    portal_url="https://portal.summit.example",
)
SCRIPTS = {Language.ARABIC: "ARABIC", Language.CHINESE: "CJK", Language.RUSSIAN: "CYRILLIC"}
ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "body", "div", "strong", "br", "p", "h2"),
    *("table", "tr", "th", "td", "ul", "li", "blockquote", "a", "bdi"),
}
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")


class Reading(HTMLParser):
    """What stands in the body, and which tags with which attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._is_in_head = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_in_head = tag in ("head", "title", "meta")
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self._is_in_head:
            self.text += data


def letters_and_digits(text: str) -> str:
    return "".join(one for one in text if one.isalnum())


def share_of_script(html: str, script: str) -> float:
    """How much of the letters is written in this script, without tags, addresses and what others wrote."""
    own = re.sub(r"<head>.*</head>|<bdi>.*?</bdi>|<[^>]*>|https?://\S+", "", html, flags=re.DOTALL)
    by_script = Counter(unicodedata.name(one, "?").split()[0] for one in own if one.isalpha())
    return by_script[script] / max(1, by_script.total())


def meeting(**more: object) -> Bilateral:
    return Bilateral.model_validate(
        {
            "bilateral_id": "bil-01",
            "requester": "TR",
            "counterparts": ("KP",),
            "topic": "Training",
            "language": "fr",
            "level": Rank.MINISTER,
            "size": 4,
            "days": (date(2022, 8, 31),),
            "by": "TR",
            **more,
        }
    )


def write(content: Bilateral, language: Language, letter: Letter = Letter.BILATERAL_REQUESTED) -> Written:
    return Writer(FRAME).write(letter, content, language, invitee="KP", letter_id="letter-1")


def test_there_is_a_folder_for_every_letter_and_none_beside() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/subject.txt")}
    assert folders == set(Letter)
    assert {path.parent.name for path in FOLDER.glob("*/body.jinja")} == set(Letter)


def test_text_and_html_say_the_same(letter: Letter, language: Language) -> None:
    mail = preview(letter, language)
    assert letters_and_digits(Reading(mail.html).text) == letters_and_digits(mail.text)


def test_html_is_plain_and_asks_for_nothing_from_elsewhere(letter: Letter, language: Language) -> None:
    mail = preview(letter, language)
    reading = Reading(mail.html)
    assert {tag for tag, _ in reading.tags} <= ALLOWED_TAGS
    assert not re.search(r"url\(|@import|<style|<script|src=", mail.html)
    assert reading.tags[0] == ("html", {"lang": language.value, "dir": "rtl" if language == "ar" else "ltr"})
    links = {attributes["href"] for tag, attributes in reading.tags if tag == "a"}
    assert all(link and link.startswith(FRAME.portal_url) for link in links)


@pytest.mark.parametrize("language", SCRIPTS, ids=str)
def test_the_letter_is_in_the_language_it_claims(letter: Letter, language: Language) -> None:
    assert share_of_script(preview(letter, language).html, SCRIPTS[language]) == 1


def test_what_runs_left_to_right_is_isolated_in_an_arabic_text(letter: Letter) -> None:
    for line in preview(letter, Language.ARABIC).text.splitlines():
        if "://" not in line and line.strip() != "402913":
            assert not re.search("[A-Za-z]", ISOLATED.sub("", line)), line
        assert line.count("\u2068") == line.count("\u2069")


def test_a_date_is_in_words_in_every_language(letter: Letter, language: Language) -> None:
    mail = preview(letter, language)
    assert not re.search(r"\d{1,4}/\d{1,2}/\d{1,4}|\d{4}-\d{2}-\d{2}[ T]", mail.text)
    assert not re.search(r"\b(EDT|EST|UTC|GMT|HAE|HEE)\b|[+-]0[45]:?00", mail.text)


def test_the_minimal_facts_are_written_without_a_hole(language: Language) -> None:
    minimal = [one for one in samples() if not one.is_full]
    assert len(minimal) >= len(Letter) - 1
    for sample in minimal:
        mail = written(sample, language)
        assert "None" not in mail.text
        assert "%(" not in mail.text


def test_the_subject_is_one_line_of_plain_letters(letter: Letter, language: Language) -> None:
    subject = preview(letter, language).subject
    assert 2 < len(subject) < 200
    assert not [one for one in subject if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")]


def test_what_others_wrote_cannot_become_markup_or_turn_the_line() -> None:
    topic = "<script>alert(1)</script> & \u202egnisrever\u2069\u2066"
    letter = write(meeting(topic=topic, by="TR"), Language.ARABIC)
    assert "<script" not in letter.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; gnisrever" in letter.html
    assert "\u202e" not in letter.text + letter.html
    assert letter.text.count("\u2068") == letter.text.count("\u2069")


@pytest.mark.parametrize(
    ("language", "turkey", "korea"),
    [
        (Language.ENGLISH, "Türkiye", "Democratic People's Republic of Korea"),
        (Language.FRENCH, "Türkiye", "République populaire démocratique de Corée"),
        (Language.CHINESE, "土耳其", "朝鲜民主主义人民共和国"),
    ],
)
def test_states_are_named_as_the_united_nations_names_them(
    language: Language, turkey: str, korea: str
) -> None:
    letter = write(meeting(), language)
    assert turkey in letter.text
    declined = write(meeting(by="KP", reason="no_time"), language, Letter.BILATERAL_DECLINED)
    assert korea.replace("'", "") in declined.text.replace("’", "").replace("'", "")


def test_every_invitee_can_be_named_in_every_language(language: Language) -> None:
    for code in invitees():
        assert name(code, language) in write(meeting(by=code, requester=code), language).text


def test_a_code_from_a_newer_publisher_is_shown_in_plain_words(language: Language) -> None:
    letter = write(meeting(reason="moon_in_the_way"), language, Letter.BILATERAL_DECLINED)
    assert "moon in the way" in letter.text


@pytest.mark.parametrize(
    ("language", "called"),
    [
        (Language.ARABIC, "وحدة شرطة مشكّلة"),
        (Language.CHINESE, "建制警察部队"),
        (Language.ENGLISH, "Formed police unit"),
        (Language.FRENCH, "Unité de police constituée"),
        (Language.RUSSIAN, "Сформированное полицейское подразделение"),
        (Language.SPANISH, "Unidad de policía constituida"),
    ],
)
def test_a_capability_is_called_by_its_name_in_the_language_of_the_letter(
    language: Language, called: str
) -> None:
    letter = preview(Letter.PLEDGE_MADE, language)
    assert called in letter.text
    assert called in letter.html


@pytest.mark.parametrize("letter", [one for one in Letter if one.startswith(("pledge_", "compact_"))])
def test_no_code_of_the_taxonomy_is_left_in_english_in_another_script(letter: Letter) -> None:
    text = preview(letter, Language.RUSSIAN).text
    said = "\n".join(line for line in text.splitlines() if re.match(r"- |[\u0400-\u04ff ]+: ", line))
    tables = taxonomy.tables()
    codes = {
        *tables.capabilities,
        *tables.compacts,
        *(code for terms in tables.terms.values() for code in terms),
    }
    left = {code for code in codes if "_" in code and code.replace("_", " ") in said.casefold()}
    assert not left


def test_a_moment_is_told_in_the_time_of_the_place() -> None:
    letter = write(meeting(starts_at=("2022-08-31T13:30:00Z", "2022-12-01T14:30:00Z")), Language.ENGLISH)
    assert "31 August 2022 at 09:30 (New York time); 1 December 2022 at 09:30 (New York time)" in letter.text


async def test_letters_in_different_languages_do_not_hear_each_other() -> None:
    async def in_turn(language: Language) -> None:
        expected = write(meeting(), language)
        for _ in range(20):
            await asyncio.sleep(0)
            assert await asyncio.to_thread(write, meeting(), language) == expected

    await asyncio.gather(*(in_turn(language) for language in Language))


def test_the_same_letter_has_the_same_words(letter: Letter) -> None:
    sample = next(one for one in samples() if one.draft.letter is letter)
    again = Sample(sample.draft, sample.is_full)
    assert written(sample, Language.ARABIC) == written(again, Language.ARABIC)
