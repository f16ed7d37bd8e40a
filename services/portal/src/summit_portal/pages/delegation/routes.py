"""The pages of a delegation, below `/{language}/delegation`: each module adds its own to the one router."""

from summit_portal.pages.delegation import (
    agenda,
    agenda_paper,
    bilaterals,
    form,
    letters,
    pledge_steps,
    pledges,
    signing_in,
    standing,
)
from summit_portal.pages.delegation.area import router
from summit_portal.pages.delegation.signing_in import links

__all__ = [
    "agenda",
    "agenda_paper",
    "bilaterals",
    "form",
    "letters",
    "links",
    "pledge_steps",
    "pledges",
    "router",
    "signing_in",
    "standing",
]
