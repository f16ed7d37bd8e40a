"""A webhook: where which facts are posted to, who answers for it, and what they are signed with."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

BOTH_SIGN_FOR = timedelta(hours=24)
"""After a change of secrets: so long the former one signs too, and the receiver may change over."""
STOPS_AFTER = timedelta(days=5)
"""So long nothing but failures: then nobody is there, and a person has to look."""
_SECRET_PREFIX = "whsec_"  # noqa: S105  # what Standard Webhooks begins every secret with
SECRET_BYTES = 32


class WebhookState(StrEnum):
    """Whether it is posted to."""

    ACTIVE = "active"
    STOPPED = "stopped"
    """Its receiver said that it is gone, or never answered well for days. What happens meanwhile waits."""


def secret_of(random: bytes) -> str:
    """The random bytes as Standard Webhooks writes a secret."""
    return _SECRET_PREFIX + base64.b64encode(random).decode()


@dataclass(frozen=True, slots=True)
class Webhook:
    """One receiver. Every method returns what is true afterwards and changes nothing."""

    name: str
    url: str
    facts: str
    """A filter over subjects, e.g. `summit.*.pledges.>`."""
    owner: str
    """Who answers for it: an office and where it is reached, not a person."""
    sealed_secret: str
    """As it is kept; who posts opens it (`ports.Seal`)."""
    made_at: datetime
    sealed_former_secret: str | None = None
    former_until: datetime | None = None
    state: WebhookState = WebhookState.ACTIVE
    failures: int = 0
    """Since it last took something."""
    failing_since: datetime | None = None
    rests_until: datetime | None = None
    """Nothing is posted before: a receiver that struggles is not hurried."""

    def sealed_secrets(self, now: datetime) -> tuple[str, ...]:
        """What its posts are signed with, sealed, the newest first."""
        if self.sealed_former_secret and self.former_until and now < self.former_until:
            return (self.sealed_secret, self.sealed_former_secret)
        return (self.sealed_secret,)

    def rotated(self, sealed_secret: str, now: datetime) -> Self:
        """It is signed with this secret, and for a day with the one before too."""
        return replace(
            self,
            sealed_secret=sealed_secret,
            sealed_former_secret=self.sealed_secret,
            former_until=now + BOTH_SIGN_FOR,
        )

    def sealed_by(self, seal: Callable[[str], str]) -> Self:
        """Each of its secrets is sealed as this makes it of how it was sealed before."""
        former = self.sealed_former_secret
        return replace(
            self,
            sealed_secret=seal(self.sealed_secret),
            sealed_former_secret=seal(former) if former else None,
        )

    def took(self) -> Self:
        """Its receiver took something: all is well."""
        return replace(self, failures=0, failing_since=None, rests_until=None)

    def failed(self, now: datetime, wait: timedelta, *, is_gone: bool = False) -> Self:
        """Its receiver did not take something, and rests for `wait`; or for good, where it is gone or has failed for days.

        Posts that went out together and failed together count as one failure.
        """
        if self.rests_until and now < self.rests_until and not is_gone:
            return self
        since = self.failing_since or now
        is_over = is_gone or now - since >= STOPS_AFTER
        return replace(
            self,
            failures=self.failures + 1,
            failing_since=since,
            rests_until=now + wait,
            state=WebhookState.STOPPED if is_over else self.state,
        )

    def resumed(self) -> Self:
        """It is posted to again, at once."""
        return replace(self.took(), state=WebhookState.ACTIVE)
