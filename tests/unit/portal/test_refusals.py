"""Whoever is refused by a form of the portal reads what it means and what to do, in each of the six languages."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

from summit_chassis.speech import speaking
from summit_contracts.errors import Refusal
from summit_contracts.values import Language
from summit_portal.clients.services import Refused
from summit_portal.shell.forms import Form
from summit_portal.shell.refusals import MEANINGS, meaning, meaning_of_field

PACKAGES = (
    "summit_contracts",
    "summit_chassis",
    "summit_registration",
    "summit_scheduling",
    "summit_pledges",
    "summit_notifications",
)
BESIDE_DOMAIN_ERRORS = ("invalid-request", "unstorable-text", "body-too-large", "body-too-slow", "unexpected")
"""What the frame of a service answers by itself (`summit_chassis/problems.py`)."""
BY_NO_FORM = {
    "invitees-left-out": "the edition is published from the command line",
    "edition-file-invalid": "the edition is published from the command line",
    "deadline-not-extended": "deadlines are extended from the command line",
    "compact-unknown": "compacts have no form",
    "adherence-unknown": "compacts have no form",
    "compact-step-not-open": "compacts have no form",
    "availability-changed": "availability has no form",
    "too-many-stretches": "availability has no form",
    "sheet-not-readable": "the register is taken in from the command line",
    "row-not-readable": "the register is taken in from the command line",
    "register-refused": "the register is taken in from the command line",
    "plan-file-not-kept": "plan files are fetched by programs",
    "feed-closed": "calendar feeds are read by programs",
    "staff-not-vouched-for": "the page of signing in has its own words",
    "staff-without-role": "the page of signing in has its own words",
    "staff-provider-away": "the page of signing in has its own words",
    "staff-sign-in-not-offered": "the page of signing in has its own words",
    "refused": "the base of all; nobody raises it",
}


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _below(one)


def _slugs() -> set[str]:
    """Every slug that these packages can answer with."""
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not any(part in module.name for part in ("__main__", "migrations")):
                import_module(module.name)
    return {one.slug for one in _below(Refusal) if one.__module__.partition(".")[0] in PACKAGES} | {
        *BESIDE_DOMAIN_ERRORS
    }


def test_every_refusal_that_a_form_can_meet_is_explained_and_no_other_is_left_out() -> None:
    slugs = _slugs()
    assert sorted(slugs - MEANINGS.keys() - BY_NO_FORM.keys()) == []
    assert sorted(BY_NO_FORM.keys() & MEANINGS.keys()) == []
    assert sorted(BY_NO_FORM.keys() - slugs) == []


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.ENGLISH], ids=str)
def test_what_is_explained_is_explained_in_every_language(language: Language) -> None:
    with speaking(language):
        said = {slug: (meaning(slug), meaning_of_field(slug)) for slug in MEANINGS}
    in_english = [slug for slug, words in said.items() if not all(words) or MEANINGS[slug][1] in words]
    assert in_english == []


def test_what_nobody_explains_is_left_to_its_owner() -> None:
    assert meaning("never-heard-of") == ""


def test_a_refused_field_is_explained_and_what_the_page_says_better_goes_before() -> None:
    faults = [{"field": "a", "detail": "Owner on a."}, {"field": "b", "detail": "Owner on b."}]
    refused = Refused(
        422, {"type": "urn:summit:problem:invalid-request", "detail": "2 wrong", "faults": faults}
    )
    form = Form()
    with speaking(Language.FRENCH):
        form.refuse(refused)
        form.explain({"b": "Mieux."})
        assert (form.fault("a"), form.fault("b")) == (meaning_of_field("invalid-request"), "Mieux.")
    assert form.general == {"a"}
