"""Why webhooks says no."""

from summit_contracts.errors import Conflicting, Invalid, Unknown


class WebhookUnknown(Unknown):
    """There is no such webhook."""

    slug = "webhook-unknown"
    title = "No such webhook."

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no webhook {name}.", remedy="List the webhooks.", field="name")


class DeliveryUnknown(Unknown):
    """The webhook was never to be told of such a fact."""

    slug = "webhook-delivery-unknown"
    title = "Nothing to deliver."

    def __init__(self, name: str, event_id: str) -> None:
        super().__init__(
            f"{name} was not to be told of a fact {event_id}.",
            remedy="Look into the log of the webhook for the ids of its facts; its filter says what it is told. The history of"
            " all facts has the ids of those whose attempts the log does not hold any more.",
            field="event_id",
        )


class WebhookNameTaken(Conflicting):
    """Another webhook has this name."""

    slug = "webhook-name-taken"
    title = "This name is taken."

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a webhook {name} already.",
            remedy="Choose another name, or remove that one first; its log goes with it.",
            field="name",
        )


class AddressRefused(Invalid):
    """Nobody is posted to at such an address."""

    slug = "webhook-address-refused"
    title = "This address cannot be posted to."

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The address {why}.",
            remedy="Give an https address that the internet can reach, without a user name in it.",
            field="url",
        )
