"""What webhooks has to know besides what every service knows."""

import re
from datetime import timedelta

from pydantic import Field, SecretStr, model_validator

from summit_chassis.settings import ServiceSettings

_SEAL_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
"""32 bytes in base64 for addresses, as Fernet has its keys; the library takes what only begins like one."""


class WebhooksSettings(ServiceSettings):
    """Whom it may post to, and how patient it is."""

    webhook_seal_keys: SecretStr
    """Fernet keys that secrets of webhooks are sealed with in the database, separated by commas: the first seals, all open."""
    webhook_internal: bool = False
    """Whether receivers may lie inside: loopback and private addresses, and plain HTTP. For development; refused in production."""
    webhook_answer_within: timedelta = Field(
        default=timedelta(seconds=15), ge=timedelta(seconds=1), le=timedelta(seconds=60)
    )
    """How long a receiver may take, from the look-up of its name to its answer; less than an attempt is left alone."""
    webhook_first_wait: timedelta = Field(default=timedelta(seconds=5), gt=timedelta(0))
    """Before the second attempt; then the wait grows, to hours."""

    webhook_log_retention: timedelta = Field(default=timedelta(days=90), ge=timedelta(days=7))
    """How long the line of an attempt stands in the log; longer than a fact is tried. Facts themselves can be said again for good."""

    @model_validator(mode="after")
    def _fit_for_its_place(self) -> "WebhooksSettings":
        if self.environment == "production" and self.webhook_internal:
            raise ValueError("webhook_internal: must be false in production")
        if not all(_SEAL_KEY.fullmatch(key) for key in self.seal_keys):
            raise ValueError(
                "webhook_seal_keys: must be Fernet keys, the newest first, separated by commas; `summit keys init` makes one"
            )
        return self

    @property
    def seal_keys(self) -> list[str]:
        """The keys, the newest first."""
        return [key.strip() for key in self.webhook_seal_keys.get_secret_value().split(",")]
