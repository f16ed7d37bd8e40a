"""Ways into the portal of this machine: links for the secretariat's desks, and for delegations that have the most to look at."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from summit_cli.servers.login_links import links_to_desks
from summit_cli.servers.maildir import Maildir, in_plain_text
from summit_cli.state import State

_DELEGATIONS: Final = 3
_LINK: Final = re.compile(r"https?://\S+/invitation/[A-Za-z0-9_-]+")


def ways_in(state: State, *, portal: str, issuer: str) -> Iterator[str]:
    """What to tell somebody who wants to look around, line by line. Each call makes new links for the secretariat."""
    yield f"The portal is at {portal}"
    yield ""
    yield from to_desks(state, issuer, again="summit sign-in-links")
    yield from to_delegations(state, code="summit mailbox show {}")


def to_desks(state: State, issuer: str, *, again: str) -> Iterator[str]:
    """New links for the secretariat; `again` is the command that makes others."""
    yield f"The secretariat signs in with these links; each works once, `{again}` prints new ones:"
    for desk, address in links_to_desks(state.folder("issuer"), issuer).items():
        yield f"  {desk:<14} {address}"


def to_delegations(state: State, *, code: str) -> Iterator[str]:
    """How some delegations come in; `code` is the command that shows somebody's mail, with `{}` for the address."""
    invited = list(islice(invitations(Maildir(state.directory / "mail")), _DELEGATIONS))
    if invited:
        yield ""
        yield "Delegations come in with the link of their invitation and a code, which the link sends by mail:"
    for address, link in invited:
        yield f"  {link}"
        yield f"    the code: {code.format(address)}"


def invitations(mails: Maildir) -> Iterator[tuple[str, str]]:
    """Focal points with the latest link each was sent, those with the most mails first."""
    counted = Counter(mails.recipients())
    for address, _ in counted.most_common():
        links = (_LINK.search(in_plain_text(mail)) for mail in reversed(mails.sent_to(address)))
        if found := next(filter(None, links), None):
            yield address, found[0]
