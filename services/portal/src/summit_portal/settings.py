"""What the portal has to know besides what every service knows."""

from pydantic import Field, SecretStr, model_validator

from summit_chassis.settings import ServiceSettings

_ADDRESS = r"^https?://[^\s/]+(:\d+)?/?$"


class PortalSettings(ServiceSettings):
    """Where the other services answer, and what signs the cookies."""

    registration_url: str = Field(pattern=_ADDRESS)
    scheduling_url: str = Field(pattern=_ADDRESS)
    pledges_url: str = Field(pattern=_ADDRESS)
    notifications_url: str = Field(pattern=_ADDRESS)
    webhooks_url: str | None = Field(default=None, pattern=_ADDRESS)
    """None where the summit has no webhooks."""
    portal_url: str = Field(pattern=r"^https?://")
    """Where people find the portal; https in production, and then cookies travel by nothing else."""
    session_key: SecretStr = Field(min_length=32)
    """Signs session cookies; the same for all processes of the portal."""

    knocks_per_minute: int = Field(default=60, ge=1)
    """How often in a minute one address may try to sign in, ask for a code or read a calendar feed; a whole mission may share one."""

    staff_issuer: str | None = None
    """The OpenID Connect provider that staff sign in with; none offers no such sign-in."""
    staff_client_id: str | None = Field(default=None, min_length=1)
    """What the portal is called there."""

    @model_validator(mode="after")
    def _no_sessions_in_the_open(self) -> "PortalSettings":
        if self.environment == "production" and not self.portal_url.startswith("https://"):
            raise ValueError("portal_url: sessions must not travel in the open; use https in production")
        return self
