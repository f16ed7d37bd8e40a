"""What registration has to know besides what every service knows."""

from datetime import timedelta
from typing import Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from summit_chassis.identity import SECRETARIAT, fault_of_signing_key
from summit_chassis.settings import ServiceSettings


class RegistrationSettings(ServiceSettings):
    """Registration signs people in, so it alone among the services holds a signing key."""

    token_signing_key: SecretStr
    """The private JSON Web Key (Ed25519) that access tokens of nominators are signed with."""
    token_life: timedelta = Field(default=timedelta(hours=8), ge=timedelta(minutes=5), le=timedelta(days=1))
    """How long a nominator stays signed in."""
    staff_issuer: str | None = None
    """The OpenID Connect provider that staff sign in with, word for word as its tokens name it; none offers no such sign-in."""
    staff_client_id: str | None = Field(default=None, min_length=1)
    """What the portal is called there: only ID tokens for this client are believed."""
    staff_groups_claim: str = "groups"
    """Where ID tokens say which groups somebody is in."""
    staff_groups: dict[str, str] = Field(default_factory=dict)
    """Which role each group gives, as JSON: `{"summit-registration": "secretariat.registration"}`. Other groups give none."""
    staff_token_life: timedelta = Field(
        default=timedelta(hours=1), ge=timedelta(minutes=5), le=timedelta(hours=12)
    )
    """How long somebody of the secretariat stays signed in."""

    @model_validator(mode="after")
    def _what_it_signs_is_believed(self) -> Self:
        if fault := fault_of_signing_key(self.token_signing_key.get_secret_value(), self.token_keys):
            raise ValueError(
                f"token_signing_key: {fault}; `summit keys init` makes one, `summit keys rotate tokens` another"
            )
        return self

    @model_validator(mode="after")
    def _staff_sign_in_is_whole(self) -> Self:
        if self.staff_issuer is None:
            return self
        AnyHttpUrl(self.staff_issuer)
        if self.environment == "production" and not self.staff_issuer.startswith("https://"):
            raise ValueError("staff_issuer: must be https:// in production")
        if self.staff_client_id is None or not self.staff_groups:
            raise ValueError("staff_issuer: needs staff_client_id and staff_groups beside it")
        if unknown := sorted(set(self.staff_groups.values()) - {role.value for role in SECRETARIAT}):
            raise ValueError(f"staff_groups: no role of the secretariat: {', '.join(unknown)}")
        return self
