"""What pages say, in the language that is being spoken. Marks for the extraction: `_`, `ngettext`, `pgettext`, `C_`."""

from typing import Final

from summit_chassis.catalogues import Catalogues
from summit_chassis.speech import Speech

SPEECH: Final = Speech("summit_portal", "portal")
gettext = SPEECH.gettext
ngettext = SPEECH.ngettext
pgettext = SPEECH.pgettext
npgettext = SPEECH.npgettext

CATALOGUES: Final = Catalogues(
    package="summit_portal",
    domain="portal",
    methods=(("shell/**.py", "python"), ("pages/**.py", "python"), ("**/templates/**.html", "jinja2")),
    options={"**/templates/**": {"silent": "false", "trimmed": "true"}},
)
"""Where the messages of pages stand; `summit-locale` checks them."""
