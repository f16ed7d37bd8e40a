"""`python -m summit_registration serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_registration.app import service
from summit_registration.settings import RegistrationSettings

if __name__ == "__main__":
    main(service, RegistrationSettings)
