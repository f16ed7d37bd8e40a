"""Staff: who they are is said by the organisation's identity provider, what they may do by their groups there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from summit_registration.domain.errors.staff import StaffWithoutRole


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody for whom the provider vouches."""

    subject: str
    """The provider's own name for the account; opaque, the same at every sign-in."""
    groups: frozenset[str]

    def roles(self, roles_of_groups: Mapping[str, str]) -> frozenset[str]:
        """The roles that these groups give.

        Raises:
            StaffWithoutRole: none of them gives one.
        """
        found = frozenset(roles_of_groups[group] for group in self.groups if group in roles_of_groups)
        if not found:
            raise StaffWithoutRole
        return found


class Staff(Protocol):
    """Whoever vouches for staff."""

    async def vouched(self, id_token: str, *, nonce: str, now: datetime) -> Vouched:
        """Whom the token is about and which groups they are in.

        Raises:
            StaffNotVouchedFor, StaffProviderAway: nobody can be believed now.
        """
        ...
