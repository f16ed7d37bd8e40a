"""From what a letter says to its words: subject, text and HTML, in one language."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from summit_chassis.speech import direction, speaking
from summit_contracts.values import Language
from summit_notifications.domain.contents import Content
from summit_notifications.domain.draft import Letter
from summit_notifications.letters import speech
from summit_notifications.letters.frame import Frame
from summit_notifications.letters.pen import Pen, unturned

_SIGNATURE = "-- "
"""What mail programs take for the beginning of the signature, blank included."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts the letters of one edition into words."""

    frame: Frame

    def write(
        self,
        letter: Letter,
        content: Content,
        language: Language,
        *,
        invitee: str,
        letter_id: str,
        person: str | None = None,
    ) -> Written:
        """The letter in words; the same words for the same letter.

        `person` is the name of whoever it concerns, where that is known.
        """
        said: dict[str, Any] = {
            "content": content,
            "invitee": invitee,
            "person": person,
            "frame": self.frame,
            "letter_id": letter_id,
            "language": language,
            "direction": direction(language),
        }
        with speaking(language):
            subject = self._rendered(f"{letter}/subject.txt", said, is_html=False)
            said["subject"] = unturned(subject)
            return Written(
                subject=said["subject"],
                text=_tidied(self._rendered(f"{letter}/body.jinja", said, is_html=False)),
                html=self._rendered(f"{letter}/body.jinja", said, is_html=True),
            )

    def _rendered(self, template: str, said: dict[str, Any], *, is_html: bool) -> str:
        pen = Pen(is_html, self.frame.time_zone)
        return _environment(is_html=is_html).get_template(template).render(said, **pen.tools())


@cache
def _environment(*, is_html: bool) -> Environment:
    """One for texts and one for HTML. The language is asked for at every message, never fixed into an environment."""
    kind = "html" if is_html else "txt"
    environment = Environment(
        loader=PackageLoader("summit_notifications", "letters"),
        auto_reload=False,  # else it looks at the files of a letter for every letter
        autoescape=is_html,  # noqa: S701  a text is no HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        speech.gettext,
        speech.ngettext,
        newstyle=True,
        pgettext=speech.pgettext,
        npgettext=speech.npgettext,
    )
    environment.globals["frame_template"] = f"pens/frame.{kind}"
    environment.globals["pen"] = environment.get_template(f"pens/pen.{kind}").module
    return environment


def _tidied(text: str) -> str:
    """One empty line between two paragraphs, none at the ends."""
    paragraphs: list[str] = []
    for line in text.splitlines():
        stripped = line if line == _SIGNATURE else line.rstrip()
        if stripped or (paragraphs and paragraphs[-1]):
            paragraphs.append(stripped)
    return "\n".join(paragraphs).rstrip() + "\n"
