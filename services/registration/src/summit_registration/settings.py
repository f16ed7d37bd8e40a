"""What registration has to know besides what every service knows."""

from datetime import timedelta

from pydantic import Field, SecretStr

from summit_chassis.settings import ServiceSettings


class RegistrationSettings(ServiceSettings):
    """Registration signs people in, so it alone among the services holds a signing key."""

    token_signing_key: SecretStr
    """The private JSON Web Key (Ed25519) that access tokens of nominators are signed with."""
    token_life: timedelta = Field(default=timedelta(hours=8), ge=timedelta(minutes=5), le=timedelta(days=1))
    """How long a nominator stays signed in."""
