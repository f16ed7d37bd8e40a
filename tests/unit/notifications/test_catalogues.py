"""`summit-locale`: the committed catalogues pass, and every kind of damage is found and named."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import summit_notifications
from summit_chassis.catalogues import Catalogues, Fault, check, main
from summit_chassis.flaws import Flaw
from summit_chassis.speech import speaking
from summit_contracts.promises import PledgeState
from summit_contracts.registration import DelegationState
from summit_contracts.scheduling import CancelReason, DeclineReason, MoveReason, UnplacedReason
from summit_contracts.values import Function, Language, Rank
from summit_notifications.letters.speech import CATALOGUES, ngettext
from summit_notifications.letters.vocabulary import TERMS, term

PACKAGE = Path(summit_notifications.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of everything that is said, to be damaged."""
    copy = tmp_path / "summit_notifications"
    for folder in ("letters", "locale"):
        shutil.copytree(PACKAGE / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def _at(package: Path) -> Catalogues:
    return replace(CATALOGUES, place=package)


def faults(package: Path) -> list[Fault]:
    return list(_at(package).faults())


def catalogue(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "notifications.po"


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_what_is_committed_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "nothing wrong" in capsys.readouterr().out


def test_the_copy_is_whole_before_it_is_damaged(package: Path) -> None:
    assert list(faults(package)) == []


DAMAGE = [
    (
        "fr",
        'msgid "Deadline extended"\nmsgstr "Prolongation d’un délai"',
        'msgid "Deadline extended"\nmsgstr ""',
        Flaw.EMPTY,
    ),
    ("es", 'msgid "Deadline extended"', '#, fuzzy\nmsgid "Deadline extended"', Flaw.FUZZY),
    ("ru", 'msgid "Deadline extended"\nmsgstr "Срок продлен"\n', "", Flaw.MISSING),
    ("ar", "دعوة: %(summit)s", "دعوة", Flaw.PLACES),
    ("zh", "邀请：%(summit)s", "邀请：%(title)s", Flaw.PLACES),
    ("fr", "Invitation\u00a0: %(summit)s", "Invitation\u00a0: %(summit)s %(summit)d", Flaw.FORMAT),
    ("es", "Invitación: %(summit)s", "Invitación: %(summit)s 100 %", Flaw.FORMAT),
    ("es", 'msgstr "Plazo"', 'msgstr "<b>Plazo</b>"', Flaw.MARKUP),
    ("ru", 'msgstr "Сроки"', 'msgstr "\u202eСроки"', Flaw.MARKUP),
    ("es", 'msgstr "Plazo"', 'msgstr "Plazo "', Flaw.EDGES),
    ("ar", 'msgstr "الإطار الزمني"', 'msgstr "Time frame"', Flaw.SCRIPT),
    ("zh", 'msgstr "时间范围"', 'msgstr "Time frame"', Flaw.SCRIPT),
    ("ar", 'msgstr[2] "دقيقتان"\n', "", Flaw.EMPTY),
    ("ar", 'msgstr[3] "%(num)s دقائق"', 'msgstr[3] "دقائق"', Flaw.PLACES),
    ("ru", 'msgstr[0] "%(num)s минута"', 'msgstr[0] "минута"', Flaw.PLACES),
    ("ru", "n%10==1 && n%100!=11", "n==1", Flaw.FORMS),
]


@pytest.mark.parametrize(("language", "before", "after", "flaw"), DAMAGE)
def test_damage_to_one_message_is_found_and_named(
    package: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    before: str,
    after: str,
    flaw: Flaw,
) -> None:
    path = catalogue(package, language)
    change(path, before, after)
    assert check([_at(package)]) == 1
    said = capsys.readouterr().err
    assert any(line.startswith(f"{language}: {path}:") and flaw in line for line in said.splitlines()), said


def test_a_catalogue_that_is_not_there_is_named(package: Path) -> None:
    catalogue(package, "zh").unlink()
    assert [(fault.language, fault.message) for fault in faults(package)] == [("zh", None)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b'msgid "x\nmsgstr "'),
        lambda path: path.write_bytes('msgid ""\nmsgstr "Срок"'.encode("utf-16")),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_named(package: Path, damage: Callable[[Path], object]) -> None:
    damage(catalogue(package, "ru"))
    assert {fault.language for fault in faults(package)} == {"ru"}


def test_what_is_said_in_no_letter_any_more_is_found(package: Path) -> None:
    path = catalogue(package, "fr")
    path.write_text(path.read_text(encoding="utf-8") + '\nmsgid "Gone"\nmsgstr "Parti"\n', encoding="utf-8")
    assert [(fault.language, fault.message) for fault in faults(package)] == [("fr", "Gone")]


def test_a_new_message_is_missing_in_the_template_and_in_five_languages(package: Path) -> None:
    body = package / "letters" / "invitation" / "body.jinja"
    body.write_text(body.read_text(encoding="utf-8") + '{{ _("Something new") }}', encoding="utf-8")
    found = list(faults(package))
    assert {fault.language for fault in found} == set(Language)
    assert {str(fault.flaw) for fault in found if fault.language != "en"} == {Flaw.MISSING}
    assert check([_at(package)], write=True) == 1
    assert {str(fault.flaw) for fault in faults(package)} == {Flaw.EMPTY}


def test_a_broken_message_in_a_letter_itself_is_found(package: Path) -> None:
    body = package / "letters" / "invitation" / "body.jinja"
    body.write_text(body.read_text(encoding="utf-8") + '{{ _("100 % <b>new</b>") }}', encoding="utf-8")
    flaws = {str(fault.flaw) for fault in faults(package) if fault.language == "en"}
    assert flaws >= {Flaw.FORMAT, Flaw.MARKUP}


def test_a_letter_that_cannot_be_parsed_fails_the_check(package: Path) -> None:
    body = package / "letters" / "invitation" / "body.jinja"
    body.write_text(body.read_text(encoding="utf-8") + "{{ _(", encoding="utf-8")
    with pytest.raises(Exception, match=r"unexpected|expected"):  # jinja2's own, which names the line
        list(faults(package))


def test_extracting_again_changes_nothing(package: Path) -> None:
    before = {path: path.read_bytes() for path in package.rglob("*.po*")}
    assert check([_at(package)], write=True) == 0
    assert {path: path.read_bytes() for path in package.rglob("*.po*")} == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 دقيقة"),
        (1, "دقيقة واحدة"),
        (2, "دقيقتان"),
        (3, "3 دقائق"),
        (10, "10 دقائق"),
        (11, "11 دقيقة"),
        (100, "100 دقيقة"),
        (103, "103 دقائق"),
    ],
)
def test_arabic_has_six_forms(number: int, said: str) -> None:
    with speaking(Language.ARABIC):
        assert ngettext("%(num)s minute", "%(num)s minutes", number) % {"num": number} == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 минута"), (2, "2 минуты"), (5, "5 минут"), (11, "11 минут"), (21, "21 минута")],
)
def test_russian_has_three_forms(number: int, said: str) -> None:
    with speaking(Language.RUSSIAN):
        assert ngettext("%(num)s minute", "%(num)s minutes", number) % {"num": number} == said


@pytest.mark.parametrize(
    ("vocabulary", "codes"),
    [
        ("rank", Rank),
        ("function", Function),
        ("delegation_state", DelegationState),
        ("decline", DeclineReason),
        ("cancel", CancelReason),
        ("move", MoveReason),
        ("unplaced", UnplacedReason),
        ("pledge_state", PledgeState),
    ],
)
def test_every_code_of_the_contracts_has_its_term(
    vocabulary: str, codes: type[Rank], language: Language
) -> None:
    assert set(TERMS[vocabulary]) == set(codes)
    with speaking(language):
        assert len({term(vocabulary, code) for code in codes}) == len(codes)
