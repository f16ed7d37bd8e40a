"""One transaction's places."""

from summit_chassis.database import Transaction
from summit_webhooks.store.deliveries import SqlDeliveries
from summit_webhooks.store.webhooks import SqlWebhooks


class SqlUnit:
    """Repositories of webhooks within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.webhooks = SqlWebhooks(transaction)
        self.deliveries = SqlDeliveries(transaction)
