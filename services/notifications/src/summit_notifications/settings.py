"""What notifications has to know besides what every service knows."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from summit_chassis.settings import ServiceSettings


class NotificationsSettings(ServiceSettings):
    """Which mail server letters go through, who they are from, and where they point to."""

    smtp_host: str
    smtp_port: int = Field(ge=1, le=65535)
    smtp_encryption: Literal["none", "starttls", "implicit"] = "starttls"
    """`none` is refused in production."""
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_authorities: Path | None = None
    """A file with the certificates to trust; none for the system's own."""
    smtp_connections: int = Field(default=8, ge=1, le=50)
    sender_name: str = "Summit"
    sender_email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    portal_url: str = Field(pattern=r"^https?://")
    """Where focal points sign in; links in letters begin with it."""
    digest_quiet: timedelta = timedelta(seconds=15)
    """How long nothing more of a timetable must have come before it is told, once per delegation."""
    retry_after: timedelta = Field(default=timedelta(seconds=30), gt=timedelta(0))
    """How soon a letter is tried again that could not leave; longer and longer after that."""

    @model_validator(mode="after")
    def _no_letters_in_the_open(self) -> "NotificationsSettings":
        if self.environment == "production" and self.smtp_encryption == "none":
            raise ValueError("smtp_encryption: letters hold secrets; use starttls or implicit in production")
        return self
