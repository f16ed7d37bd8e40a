"""What pledges has to know besides what every service knows."""

from datetime import timedelta

from summit_chassis.settings import ServiceSettings


class PledgesSettings(ServiceSettings):
    """Embargoes end by the clock, so somebody has to look at it."""

    embargo_watch: timedelta = timedelta(seconds=1)
    """How often it is looked whether an embargo has passed; a pledge is public at most so much later."""
