"""`python -m summit_portal serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_portal.app import service
from summit_portal.settings import PortalSettings

if __name__ == "__main__":
    main(service, PortalSettings)
