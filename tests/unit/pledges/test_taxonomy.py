"""The taxonomy is complete in six languages and can be read back from registers."""

import re

import pytest

from summit_contracts.taxonomy import Compact, Term
from summit_contracts.values import Language
from summit_pledges.domain.errors.promises import CapabilityUnknown, TermUnknown
from summit_pledges.domain.taxonomy import shipped_taxonomy

TAXONOMY = shipped_taxonomy()
NAMED: list[Term | Compact] = [
    *TAXONOMY.capabilities.values(),
    *(term for terms in TAXONOMY.terms.values() for term in terms.values()),
    *TAXONOMY.compacts.values(),
]
SCRIPTS = {
    Language.ARABIC: r"[\u0600-\u06ff]",
    Language.CHINESE: r"[\u4e00-\u9fff]",
    Language.RUSSIAN: r"[\u0400-\u04ff]",
}


@pytest.mark.parametrize("term", NAMED, ids=lambda term: term.code)
def test_every_term_has_a_name_in_six_languages_each_in_its_script(term: Term | Compact) -> None:
    for language in Language:
        name = term.names[language]
        assert name == name.strip() != ""
        if language in SCRIPTS:
            assert re.search(SCRIPTS[language], name), (language, name)
        else:
            assert not re.search("|".join(SCRIPTS.values()), name), (language, name)


@pytest.mark.parametrize("term", NAMED, ids=lambda term: term.code)
def test_every_code_is_safe_in_a_fact(term: Term | Compact) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,63}", term.code)


@pytest.mark.parametrize("language", list(Language))
def test_no_two_capabilities_have_one_name(language: Language) -> None:
    names = [capability.names[language] for capability in TAXONOMY.capabilities.values()]
    assert len(set(names)) == len(names)


def test_every_category_and_unit_a_capability_names_is_a_term() -> None:
    for capability in TAXONOMY.capabilities.values():
        assert capability.category in TAXONOMY.terms["category"]
        assert set(capability.units) <= set(TAXONOMY.terms["unit"])
    assert {one.category for one in TAXONOMY.capabilities.values()} == set(TAXONOMY.terms["category"])


def test_what_a_register_writes_means_one_capability() -> None:
    written = [
        (capability.category, text)
        for capability in TAXONOMY.capabilities.values()
        for text in (capability.written, *capability.also_written)
    ]
    assert len(set(written)) == len(written)
    for category, text in written:
        found = TAXONOMY.capability_written(category, text)
        assert found is not None
        assert text in (found.written, *found.also_written)


def test_no_version_has_terms_of_a_later_one() -> None:
    terms = [one for one in NAMED if isinstance(one, Term)]
    assert all(1 <= term.since <= TAXONOMY.version for term in terms)
    assert all(term.is_offered_in(term.since) and not term.is_offered_in(term.since - 1) for term in terms)


def test_a_retired_term_is_offered_up_to_its_last_version() -> None:
    retired = Term("old", "", since=1, until=2, names={})
    assert [retired.is_offered_in(version) for version in (1, 2, 3)] == [True, True, False]


def test_what_is_unknown_is_refused_with_what_was_probably_meant() -> None:
    with pytest.raises(CapabilityUnknown) as capability:
        TAXONOMY.capability("formed_unit")
    assert capability.value.field == "promise.capability"
    with pytest.raises(TermUnknown) as unit:
        TAXONOMY.term("unit", "oficer", "promise.quantity.unit")
    assert unit.value.remedy == "Did you mean 'officer'?"
    assert unit.value.slug == "term-unknown"
    assert TAXONOMY.term_written("unit", "") is None
