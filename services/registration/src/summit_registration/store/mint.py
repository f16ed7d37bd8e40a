"""What must be unique or cannot be guessed, from the operating system's randomness."""

import secrets

from summit_chassis.ids import new_id

_CODE_DIGITS = 8


class SystemMint:
    """Makes ids, links and codes."""

    def key(self) -> str:
        """An identifier that was never given before; later ones sort behind."""
        return new_id()

    def link_secret(self) -> str:
        """192 random bits, as text that is safe in an address."""
        return secrets.token_urlsafe(24)

    def code(self) -> str:
        """Eight random digits."""
        return "".join(secrets.choice("0123456789") for _ in range(_CODE_DIGITS))
