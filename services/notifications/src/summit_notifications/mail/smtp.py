"""Mails to a mail server by SMTP, over a few connections that stay open between mails."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from summit_notifications.domain.answers import Answer, Later, Outcome
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import HandOver
from summit_notifications.mail.talk import CONNECTION_LOST, Talk, hang_up

Encryption = Literal["none", "starttls", "implicit"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over, and how long each part may take. Durations are in seconds."""

    host: str
    port: int
    encryption: Encryption
    is_certificate_checked: bool = True
    authorities: str | None = None
    """A file with the certificates to trust; none for the system's own."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    called_from: str | None = None
    """The host name to greet with; none for this machine's own."""
    connections: int = 4
    """How many talks may go on at a time."""
    command_timeout: float = 60
    talk_timeout: float = 300
    """From connecting until nothing but the end of the mail is missing."""
    end_timeout: float = 600
    """For the answer to the end of the mail. Source: RFC 5321 4.5.3.2.6, ten minutes: impatience makes duplicates."""


class SmtpPostman:
    """Hands mails to one mail server; see `Postman`."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._talks = asyncio.Semaphore(server.connections)
        self._idle: list[SMTP] = []

    async def deliver(self, mail: Mail, *, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        """The mail was offered once; what the mail server made of it."""
        async with self._talks:
            while self._idle:
                client = self._idle.pop()
                outcome = await self._offered(client, mail, hand_over, is_last_attempt)
                if outcome != CONNECTION_LOST:
                    return outcome
                # The server hung up on an idle connection: not the letter's fault, and nothing has left.
            connected = await self._connected()
            if isinstance(connected, Later):
                return connected
            return await self._offered(connected, mail, hand_over, is_last_attempt)

    async def close(self) -> None:
        """No connection is open any more; talks that go on are not waited for."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.quit(timeout=1)
            except (SMTPException, OSError):
                hang_up(client)

    async def _connected(self) -> SMTP | Later:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.encryption == "implicit",
            start_tls=server.encryption == "starttls",
            validate_certs=server.is_certificate_checked,
            cert_bundle=server.authorities,
            username=server.username,
            password=server.password,
            local_hostname=server.called_from,
            timeout=server.command_timeout,
        )
        try:
            async with asyncio.timeout(server.talk_timeout):
                await client.connect()
                await client.ehlo()
        except SMTPAuthenticationError as problem:
            return Later("sign_in_refused", Answer.read(problem.code, problem.message))
        except SMTPResponseException as problem:
            return Later("session_refused", Answer.read(problem.code, problem.message))
        except (SMTPException, OSError, ValueError):  # no way there, no encryption, or no mail server at all
            hang_up(client)
            return Later("unreachable")
        return client

    async def _offered(self, client: SMTP, mail: Mail, hand_over: HandOver, is_last_attempt: bool) -> Outcome:
        """The mail went through one talk; the connection is kept where it is fit for the next."""
        server = self._server
        talk = Talk(client, mail, talk_timeout=server.talk_timeout, end_timeout=server.end_timeout)
        try:
            outcome = await talk.led(hand_over, is_last_attempt=is_last_attempt)
        except BaseException:  # cancelled too: a connection in the middle of a mail serves nobody
            hang_up(client)
            raise
        if client.is_connected:
            self._idle.append(client)
        return outcome
