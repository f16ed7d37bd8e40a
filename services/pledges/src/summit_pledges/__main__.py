"""`python -m summit_pledges serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_pledges.app import service
from summit_pledges.settings import PledgesSettings

if __name__ == "__main__":
    main(service, PledgesSettings)
