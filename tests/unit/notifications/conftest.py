"""Letters as they would be sent, one of each kind."""

import pytest

from summit_contracts.values import Language
from summit_notifications.domain.draft import Letter


@pytest.fixture(params=Letter, ids=str)
def letter(request: pytest.FixtureRequest) -> Letter:
    """Every letter there is."""
    return Letter(request.param)


@pytest.fixture(params=Language, ids=str)
def language(request: pytest.FixtureRequest) -> Language:
    """Every language letters are written in."""
    return Language(request.param)
