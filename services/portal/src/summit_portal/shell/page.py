"""A page as an answer: templates that escape what they are given, in the language that is being spoken, under strict rules."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from summit_chassis.identity import SECRETARIAT, Role
from summit_chassis.speech import direction, spoken
from summit_portal.shell import languages, session, speech, words
from summit_portal.shell.assets import assets
from summit_portal.shell.retelling import retelling

RULES = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of every page: nothing inline, nothing from elsewhere."""
HEADERS = {
    "Content-Security-Policy": RULES,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Cookie",
}
_AREAS = ("public", "delegation", "console")


@cache
def environment() -> Environment:
    """The templates of the shell and of each area of pages (`<area>/<page>.html`)."""
    root = Path(str(files("summit_portal")))
    folders = [root / "shell" / "templates", *(root / "pages" / area / "templates" for area in _AREAS)]
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    # Callables that ask which language is spoken now: translations installed on the environment would be everybody's.
    made.install_gettext_callables(  # type: ignore[attr-defined]  # brought by the extension
        speech.gettext, speech.ngettext, newstyle=True, pgettext=speech.pgettext, npgettext=speech.npgettext
    )
    made.globals |= words.TOOLS
    made.globals["asset"] = lambda name: assets()[name].address
    return made


def page(
    request: Request, template: str, *, status: int = 200, again: str = "", **given: Any
) -> HTMLResponse:
    """The template, filled in, for whoever asks; `again` is the query with which the form's page shows the same.

    Every template finds: `request`, `language`, `direction`, `bar` (languages with their addresses), `retelling` (or none),
    `csrf`, `person` (or none), and the tools of `shell/words.py`.
    """
    sessions = session.sessions_of(request)
    held = sessions.of(request)
    language = spoken()
    text = (
        environment()
        .get_template(template)
        .render(
            request=request,
            language=language.value,
            direction=direction(language),
            bar=[
                (code.value, name, languages.in_language(request, code, again))
                for code, name in languages.BAR
            ],
            csrf=held.secret,
            retelling=retelling(request, status),
            person=_person(request, held),
            edition=given.pop("edition", None),
            **given,
        )
    )
    answer = HTMLResponse(text, status, HEADERS)
    if held.is_new and held.secret in text:
        sessions.keep(answer, held)  # a form went out; its secret must come back with the cookie
    languages.remember(request, answer, language.value)
    return answer


def private_page(request: Request, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
    """The same for one person alone: no cache keeps it, so that it is shown to nobody else, and never old."""
    answer = page(request, template, status=status, **given)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _person(request: Request, held: session.Session) -> dict[str, Any] | None:
    """Who is signed in, for the frame of the page; whether they may see it was decided before."""
    if not held.token:
        return None
    try:
        caller = request.app.state.verifier.caller(held.token, now=request.app.state.clock.now())
    except ValueError:
        return None
    return {
        "account": caller.account,
        "invitee": caller.invitee,
        "is_staff": caller.is_any_of(SECRETARIAT),
        "is_nominator": caller.is_any_of((Role.NOMINATOR,)),
    }
