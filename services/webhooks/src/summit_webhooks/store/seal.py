"""Secrets as they lie in the database: sealed with a key that does not lie there.

They sign, so a digest would not do. Source: Fernet specification (AES-128-CBC, HMAC-SHA256), as the `cryptography` library has it.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from summit_webhooks.domain.ports import SealedByAnother

_IN_CLEAR = "whsec_"
"""What a secret begins with that was kept before there were seals; nothing sealed does."""


class FernetSeal:
    """Seals with the first of these keys, and opens what any of them has sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def close(self, secret: str) -> str:
        """The secret, sealed with the newest key."""
        return self._newest.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """The secret.

        Raises:
            SealedByAnother: none of the keys opens it.
        """
        if sealed.startswith(_IN_CLEAR):
            return sealed
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken:
            raise SealedByAnother from None

    def anew(self, sealed: str) -> str:
        """The same secret, sealed with the newest key; as given where it is already.

        Raises:
            SealedByAnother: none of the keys opens it.
        """
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return self.close(self.open(sealed))
        return sealed
