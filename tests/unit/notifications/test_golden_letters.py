"""Every letter in every language, word for word.

After a letter or a translation was changed on purpose, `SUMMIT_UPDATE_GOLDEN=1 pytest <this file>` writes the files anew;
then read the difference.
"""

import os
from pathlib import Path

from summit_contracts.values import Language
from summit_notifications.domain.draft import Letter
from summit_notifications.domain.mail import Mail
from summit_notifications.letters.preview import preview

GOLDEN = Path(__file__).parent / "golden"


def told(mail: Mail) -> str:
    """The mail as a person reads it."""
    recipients = [f"{one.line.title()}: {one.role} <{one.email}>" for one in mail.recipients]
    meetings = [f"[{one.method} {one.filename}]" for one in mail.calendar]
    return "\n".join([*recipients, f"Subject: {mail.subject}", "", mail.text, *meetings]).rstrip() + "\n"


def test_the_letter_says_what_it_said(letter: Letter, language: Language) -> None:
    path = GOLDEN / language / f"{letter}.txt"
    now = told(preview(letter, language))
    if os.environ.get("SUMMIT_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert path.is_file(), "a new letter: see this file's first lines"
    assert now == path.read_text(encoding="utf-8")


def test_no_golden_letter_is_left_over() -> None:
    written = {path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.txt")}
    assert written == {f"{language}/{letter}" for language in Language for letter in Letter}
