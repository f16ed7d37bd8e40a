"""What the tests of registration's use cases start from."""

import pytest

from summit_testkit.builders.registration import RegistrationDesk


@pytest.fixture
async def desk() -> RegistrationDesk:
    """A small summit to which KE and FR are invited."""
    desk = RegistrationDesk()
    await desk.invite("KE", "FR")
    return desk
