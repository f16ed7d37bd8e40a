"""Whoever changes the language on an answer to a form stands before a page that is there."""

import re

import pytest
from fastapi.routing import iter_route_contexts

from summit_chassis.service import application
from summit_contracts.values import Language
from summit_portal.app import service
from summit_testkit.desk import Desk

LANGUAGE = "/{language:language}"
FORMS = sorted(
    context.path.removeprefix(LANGUAGE)
    for context in iter_route_contexts(application(service).routes)
    if context.path and context.path.startswith(LANGUAGE) and "POST" in (context.methods or ())
)
PAGE_OF_FORM = {
    "/delegation/sign-in/code": "/delegation/sign-in",
    "/delegation/sign-in": "/delegation/sign-in",
    "/delegation/form/draft": "/delegation/form",
    "/delegation/pledges/advice": "/delegation/pledges",
    "/delegation/pledges/{pledge_id}/form": "/delegation/pledges/one/form",
    "/delegation/pledges/{pledge_id}/{step}": "/delegation/pledges/one",
    "/console/dead-letters/{service}/replay": "/console/dead-letters",
    "/console/{edition_id}/what-ifs": "/console/one/what-ifs",
    "/sign-out": "",
}


def bar_of(html: str) -> dict[str, str]:
    """Addresses of the bar, by language."""
    (bar,) = re.findall(r'<nav class="languages".*?</nav>', html, re.DOTALL)
    return {language: address for address, language in re.findall(r'href="([^"]*)" lang="(\w+)"', bar)}


def address_of(path: str) -> str:
    """The address of the page, with something in place of each parameter."""
    return "/en" + re.sub(r"\{[^}]+\}", "one", path)


@pytest.mark.parametrize("path", FORMS)
async def test_every_language_on_the_answer_to_a_form_leads_to_a_page(portal: Desk, path: str) -> None:
    answer = await portal.ask("POST", address_of(path), anonymous=True)
    assert answer.status_code == 403  # nobody is signed in, and the form brought no secret back
    bar = bar_of(answer.text)
    assert set(bar) == set(Language)
    for language, address in bar.items():
        page = await portal.ask("GET", address, anonymous=True)
        place = page.headers.get("location", address).partition("?")[0]
        assert page.status_code == 200 or (
            place.startswith(f"/{language}/") and place.endswith("/sign-in")
        ), (
            address,
            page.status_code,
        )


@pytest.mark.parametrize(("path", "page"), PAGE_OF_FORM.items())
async def test_the_languages_lead_to_the_page_on_which_the_form_stands(
    portal: Desk, path: str, page: str
) -> None:
    assert path in FORMS
    answer = await portal.ask("POST", address_of(path), anonymous=True)
    assert bar_of(answer.text)["fr"] == f"/fr{page}"
