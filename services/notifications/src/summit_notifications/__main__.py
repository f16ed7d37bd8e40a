"""`python -m summit_notifications serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_notifications.app import service
from summit_notifications.settings import NotificationsSettings

if __name__ == "__main__":
    main(service, NotificationsSettings)
