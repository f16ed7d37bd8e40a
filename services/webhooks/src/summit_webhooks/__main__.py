"""`python -m summit_webhooks serve | http | events | relay | migrate`."""

from summit_chassis.service import main
from summit_webhooks.app import service
from summit_webhooks.settings import WebhooksSettings

if __name__ == "__main__":
    main(service, WebhooksSettings)
