"""What scheduling has to know besides what every service knows."""

from datetime import timedelta

from summit_chassis.settings import ServiceSettings


class SchedulingSettings(ServiceSettings):
    """Solving is scheduling's heavy work, done in a process of its own."""

    solver_grace: timedelta = timedelta(seconds=15)
    """How long a solver may overrun its time before it is stopped; the best plan it had reported then stands."""
