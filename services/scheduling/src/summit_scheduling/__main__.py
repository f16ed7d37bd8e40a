"""`python -m summit_scheduling serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_scheduling.app import service
from summit_scheduling.settings import SchedulingSettings

if __name__ == "__main__":
    main(service, SchedulingSettings)
