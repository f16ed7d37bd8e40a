"""What letters say, in the language that is being spoken."""

from typing import Final

from summit_chassis.catalogues import Catalogues
from summit_chassis.speech import Speech

SPEECH: Final = Speech("summit_notifications", "notifications")
gettext = SPEECH.gettext
ngettext = SPEECH.ngettext
pgettext = SPEECH.pgettext
npgettext = SPEECH.npgettext

CATALOGUES: Final = Catalogues(
    package="summit_notifications",
    domain="notifications",
    methods=(
        ("letters/**.py", "python"),
        ("letters/**/subject.txt", "jinja2"),
        ("letters/**.jinja", "jinja2"),
        ("letters/pens/**", "jinja2"),
    ),
    options={"letters/**": {"silent": "false", "trimmed": "true"}},
)
"""Where the messages of letters stand; `summit-locale` checks them."""
