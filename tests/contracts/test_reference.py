"""The reference tables: everybody who can be invited, named as the United Nations names them."""

import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise

import pytest
from babel import Locale
from pydantic import TypeAdapter

from summit_contracts import reference
from summit_contracts.reference import Invitee, RegionalGroup, UnknownInvitee
from summit_contracts.values import InviteeCode, InviteeKind, Language

MEMBERS = [one for one in reference.invitees().values() if one.kind is InviteeKind.MEMBER_STATE]
EVERYBODY = list(reference.invitees().values())

NAMED_UNLIKE_CLDR = {
    Language.ENGLISH: "BO BN CD CG CV FM GB IR KP KR LA MD MM NL PS RU SY TZ US VA VE VN",
    Language.FRENCH: "BN BO BY CD CG FM GB IR KG KP KR LA MD NL RU SY TZ US VE VN",
    Language.SPANISH: "BO BY FM GB IR KE KP KR LA MD NL RU RW SY TZ US VE VN",
    Language.RUSSIAN: "AE BO BS CD CG FM GB IR KG KP LA MD NL RU SY TZ US VE ZA",
    Language.CHINESE: "BO CD CG FM GB IR KP KR LA MD NL RU SY TZ US VE",
    Language.ARABIC: "BO CD CG CV DO FM GB IR KP KR LA MD NL RU SY TZ US VE VN",
}
"""A choice: States whose CLDR name would be a slight in a letter from the United Nations, or is another word."""


def test_there_are_193_member_states_and_two_observer_states() -> None:
    kinds = Counter(one.kind for one in EVERYBODY)
    assert (kinds[InviteeKind.MEMBER_STATE], kinds[InviteeKind.OBSERVER_STATE]) == (193, 2)


def test_the_observer_states_are_the_holy_see_and_palestine() -> None:
    assert {one.code for one in EVERYBODY if one.kind is InviteeKind.OBSERVER_STATE} == {"VA", "PS"}


def test_the_regional_groups_have_their_sizes() -> None:
    sizes = Counter(one.regional_group for one in MEMBERS)
    assert sizes == {
        RegionalGroup.AFRICAN: 54,
        RegionalGroup.ASIA_PACIFIC: 54,
        RegionalGroup.EASTERN_EUROPEAN: 23,
        RegionalGroup.LATIN_AMERICAN_AND_CARIBBEAN: 33,
        RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS: 29,
    }


@pytest.mark.parametrize(
    ("code", "group"),
    [("KE", "AFR"), ("KI", "APG"), ("CY", "APG"), ("IL", "WEOG"), ("TR", "WEOG"), ("US", "WEOG")],
)
def test_a_state_is_counted_in_its_group(code: str, group: str) -> None:
    assert reference.regional_group(code) is RegionalGroup(group)


@pytest.mark.parametrize("code", ["VA", "INTERPOL", "UN-POLAD"])
def test_only_member_states_have_a_regional_group(code: str) -> None:
    assert reference.regional_group(code) is None


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: one.code)
def test_everybody_has_a_name_in_six_languages(one: Invitee) -> None:
    for language in Language:
        for text in (one.names[language], one.running_names[language]):
            assert text
            assert text == " ".join(text.split())


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: one.code)
def test_every_name_is_in_the_script_of_its_language(one: Invitee) -> None:
    scripts = {
        Language.ARABIC: "\u0600-\u06ff",
        Language.CHINESE: "\u4e00-\u9fff",
        Language.RUSSIAN: "\u0400-\u04ff",
    }
    for language, script in scripts.items():
        assert re.search(f"[{script}]", one.names[language])
        assert not re.search("[A-Za-z]", one.names[language]), "a letter of another script hides in the name"


@pytest.mark.parametrize("one", EVERYBODY, ids=lambda one: one.code)
def test_every_code_fits_the_contracts(one: Invitee) -> None:
    assert TypeAdapter(InviteeCode).validate_python(one.code) == one.code


@pytest.mark.parametrize("language", Language)
def test_no_two_share_a_name(language: Language) -> None:
    shared = [text for text, times in Counter(one.names[language] for one in EVERYBODY).items() if times > 1]
    assert not shared


@pytest.mark.parametrize("language", Language)
def test_a_running_name_has_no_brackets_and_no_placeholder(language: Language) -> None:
    assert not [one.code for one in EVERYBODY if set("()_*[]") & set(one.running_names[language])]


@pytest.mark.parametrize("language", Language)
def test_running_names_differ_from_list_names_only_where_those_are_index_forms(language: Language) -> None:
    different = {one.code for one in EVERYBODY if one.names[language] != one.running_names[language]}
    assert different == {one.code for one in EVERYBODY if "(" in one.names[language]}


def test_the_arabic_netherlands_are_a_kingdom_in_a_sentence() -> None:
    assert reference.name("NL", Language.ARABIC) == "هولندا (مملكة _)"
    assert reference.display_name("NL", Language.ARABIC) == "مملكة هولندا"


@pytest.mark.parametrize("language", Language)
def test_states_are_not_named_as_cldr_names_them(language: Language) -> None:
    territories = Locale.parse(language.value).territories
    same = [
        code
        for code in NAMED_UNLIKE_CLDR[language].split()
        if reference.name(code, language) == territories[code]
    ]
    assert not same


def test_member_states_stand_in_the_order_of_the_general_assembly() -> None:
    codes = [one.code for one in MEMBERS]
    assert codes == sorted(codes, key=lambda code: reference.sort_key(code, Language.ENGLISH))


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        (Language.ENGLISH, "CZ KP CD DK"),
        (Language.ENGLISH, "QA KR MD RO RU"),
        (Language.ENGLISH, "TR TM TV UG UA AE GB TZ US"),
        (Language.FRENCH, "DJ EG SV AE EC ER"),
        (Language.FRENCH, "GN GW GQ GY"),
        (Language.SPANISH, "CA TD CL CN CY"),
        (Language.RUSSIAN, "IL IN ID JO IQ"),
        (Language.RUSSIAN, "IT YE CV"),
        (Language.ARABIC, "RU ET AZ AR JO"),
        (Language.ARABIC, "TZ DO SY KR KP"),
        (Language.CHINESE, "AF AL DZ AD"),
    ],
)
def test_lists_follow_the_alphabet_of_their_language(language: Language, codes: str) -> None:
    keys = [reference.sort_key(code, language) for code in codes.split()]
    assert all(before < after for before, after in pairwise(keys))


@pytest.mark.parametrize("language", Language)
def test_a_sort_key_tells_everybody_apart(language: Language) -> None:
    assert len({reference.sort_key(one.code, language) for one in EVERYBODY}) == len(EVERYBODY)


def test_the_african_union_is_not_australia() -> None:
    assert reference.name("AU", Language.ENGLISH) == "Australia"
    assert reference.name("AFRICAN-UNION", Language.ENGLISH) == "African Union"


def test_a_former_name_can_be_searched_for() -> None:
    assert reference.invitee("SZ").former_name == "Swaziland"


def test_nobody_of_an_unknown_code_has_a_name() -> None:
    with pytest.raises(UnknownInvitee, match="ZZ"):
        reference.name("ZZ", Language.ENGLISH)


def test_the_tables_cannot_be_changed_by_a_reader() -> None:
    with pytest.raises(TypeError):
        reference.invitees()["ZZ"] = reference.invitee("KE")  # type: ignore[index]  # the very thing that must not work


def test_the_tables_say_where_they_come_from() -> None:
    provenance = files("summit_contracts").joinpath("reference", "README.md").read_text(encoding="utf-8")
    for table in ("member_states.csv", "organizations.csv", "principals.csv"):
        assert f"`{table}`" in provenance
    assert "MIT licence" in provenance
