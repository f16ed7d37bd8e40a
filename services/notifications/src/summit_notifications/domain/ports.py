"""What notifications asks of the world."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from summit_notifications.domain.answers import Outcome
from summit_notifications.domain.mail import Mail

HandOver = Callable[[], Awaitable[bool]]
"""Puts on record that the mail may leave from here on; false where this attempt must not go on."""


class Postman(Protocol):
    """Brings mails to a mail server."""

    async def deliver(self, mail: Mail, *, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        """The mail was offered once; what the mail server made of it.

        `hand_over` is awaited when nothing but the end of the mail is missing, and not before; when it says no or fails,
        the mail has not left. On the last attempt the mail goes to those who can have it, instead of waiting for all.
        Never raises for what a mail server or the way to it does.
        """
        ...
