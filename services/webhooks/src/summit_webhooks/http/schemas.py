"""What comes in and goes out at the doors of webhooks."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from summit_chassis.answers import Answer, Body
from summit_contracts.filters import ALL_FACTS, is_filter
from summit_contracts.values import ShortText
from summit_webhooks.domain.delivery import Attempt
from summit_webhooks.domain.ports import Seal, Standing
from summit_webhooks.domain.webhook import Webhook, WebhookState


def _names_facts(text: str) -> str:
    if not is_filter(text):
        raise ValueError("names no public facts, as 'summit.>' or 'summit.*.pledges.>' do")
    return text


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$", examples=["conference-services"])]
EventId = Annotated[str, Field(min_length=1, max_length=100)]


class WebhookBody(Body):
    """Who is to be told of what."""

    name: Name
    url: Annotated[str, Field(min_length=1, max_length=2000, examples=["https://rooms.un.example/summit"])]
    facts: Annotated[str, Field(max_length=200), AfterValidator(_names_facts)] = ALL_FACTS
    """A filter over subjects: `*` is one token, `>` the rest."""
    owner: ShortText
    """Who answers for it: an office and where it is reached, not a person."""


class RedeliverBody(Body):
    """What is to be said again."""

    event_id: EventId | None = None
    """One fact; none means everything that was given up."""


class SecretAnswer(Answer):
    """What a webhook is signed with. It is said once."""

    name: str
    secret: str
    """As Standard Webhooks writes it: `whsec_` and base64."""
    former_until: datetime | None
    """So long the former secret signs too."""

    @classmethod
    def of(cls, webhook: Webhook, seal: Seal) -> "SecretAnswer":
        """The secret of this webhook."""
        secret = seal.open(webhook.sealed_secret)
        return cls(name=webhook.name, secret=secret, former_until=webhook.former_until)


class StandingAnswer(Answer):
    """A webhook, without its secret, and how its deliveries stand."""

    name: str
    url: str
    facts: str
    owner: str
    made_at: datetime
    state: WebhookState
    failing_since: datetime | None
    rests_until: datetime | None
    waiting: int
    delivered: int
    given_up: int

    @classmethod
    def of(cls, standing: Standing) -> "StandingAnswer":
        """How this one stands."""
        told = {name: getattr(standing.webhook, name, None) for name in cls.model_fields}
        counts = {name: getattr(standing, name) for name in ("waiting", "delivered", "given_up")}
        return cls(**told | counts)


class AttemptAnswer(Answer):
    """One line of the log."""

    event_id: str
    type: str
    attempt: int
    at: datetime
    status: int | None
    """What the receiver answered; none where no answer came."""
    reason: str
    took: timedelta

    @classmethod
    def of(cls, attempt: Attempt) -> "AttemptAnswer":
        """This attempt."""
        return cls(**{name: getattr(attempt, name) for name in cls.model_fields})


class Counts(Answer):
    """What webhooks hold of one edition."""

    facts: int
    """Every public one that was heard."""


class Waiting(Answer):
    """How many deliveries were set to be posted again."""

    deliveries: int
