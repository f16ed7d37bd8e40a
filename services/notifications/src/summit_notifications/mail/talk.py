"""One talk with a mail server about one mail, with the hand-over on record before the end of the mail is sent.

The talk is led command by command, because the library's own `sendmail` sends the end of the mail together with the rest,
and then nobody can tell a mail that cannot have left from one that may have. Source: RFC 5321 4.1.1.4 and 6.1: a server is
responsible for a mail from its answer to the final dot on, and must forget one whose final dot never came.
"""

import asyncio
import re

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException

from summit_notifications.domain.answers import (
    Abandoned,
    Answer,
    Later,
    Never,
    Outcome,
    Stage,
    Taken,
    Uncertain,
    recipients_verdict,
)
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import HandOver
from summit_notifications.mail.message import NotAnAddress, message, needs_utf8, wire_address

CONNECTION_LOST = Later("connection_lost")
_TOO_SLOW = Later("too_slow")

LISTENING = "listening for the answer to a mail"
"""The name of the task that does; there is none any more once the server has spoken or hung up."""

_GO_AHEAD = 354
_CLOSES = 421
_NO_ADDRESS = Answer(553, "5.1.3")
_NEEDS_UTF8 = Answer(553, "5.6.7")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_END = b".\r\n"


def hang_up(client: SMTP) -> None:
    """The connection is gone at once, and what was not sent yet never will be."""
    transport = client.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    client.close()


def dotted(content: bytes) -> bytes:
    """The content as it goes over the line: whole lines, none of which is a lone dot. Source: RFC 5321 4.5.2."""
    lines = _LINE_END.sub(b"\r\n", content)
    return _LEADING_DOT.sub(b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")


class Talk:
    """One mail, one connection, one outcome. Durations are in seconds."""

    def __init__(self, client: SMTP, mail: Mail, *, talk_timeout: float, end_timeout: float) -> None:
        self._client = client
        self._mail = mail
        self._talk_timeout = talk_timeout
        self._end_timeout = end_timeout
        self._is_utf8 = needs_utf8(mail) and client.supports_extension("smtputf8")

    async def led(self, hand_over: HandOver, *, is_last_attempt: bool) -> Outcome:
        """The talk is over. Where the connection is fit for another, it is still open."""
        try:
            async with asyncio.timeout(self._talk_timeout):
                refused = await self._envelope(is_last_attempt=is_last_attempt)
                if not isinstance(refused, frozenset):
                    await self._reset()
                    return refused
                if (obstacle := await self._content()) is not None:
                    return obstacle
        except TimeoutError:  # the server's silence, or ours: aiosmtplib's own time-outs are this too
            hang_up(self._client)
            return _TOO_SLOW
        except (SMTPException, OSError):
            hang_up(self._client)
            return CONNECTION_LOST
        return await self._handed_over(hand_over, refused)

    async def _reset(self) -> None:
        """The connection is fit for another mail, or closed."""
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            hang_up(self._client)

    async def _envelope(self, *, is_last_attempt: bool) -> Never | Later | frozenset[int]:
        """The server knows sender and recipients; the positions of the recipients it will not have."""
        options = ["SMTPUTF8"] if self._is_utf8 else []
        try:
            await self._client.mail(wire_address(self._mail.sender_email), options=options, encoding="utf-8")
        except SMTPResponseException as problem:
            answer = Answer.read(problem.code, problem.message)
            if answer.code == _CLOSES:
                return CONNECTION_LOST
            verdict = Never if answer.is_for_good(Stage.SENDER) else Later
            return verdict("sender_refused", answer)
        answers: dict[str, Answer] = {}
        for email in self._mail.addresses:
            answers[email] = await self._recipient(email)
        return recipients_verdict(
            (answers[one.email] for one in self._mail.recipients), is_last_attempt=is_last_attempt
        )

    async def _recipient(self, email: str) -> Answer:
        try:
            address = wire_address(email)
        except NotAnAddress:
            return _NO_ADDRESS
        if not (self._is_utf8 or address.isascii()):
            return _NEEDS_UTF8
        try:
            response = await self._client.rcpt(address, encoding="utf-8")
        except SMTPResponseException as problem:
            return Answer.read(problem.code, problem.message)
        return Answer.read(response.code, response.message)

    async def _content(self) -> Later | Never | None:
        """Everything but the end of the mail is on its way; else what the server had against it."""
        content = dotted(message(self._mail, is_utf8=self._is_utf8))
        response = await self._client.execute_command(b"DATA")
        if response.code != _GO_AHEAD or self._client.protocol is None:
            return _about_content(Answer.read(response.code, response.message))
        self._client.protocol.write(content)
        return None

    async def _handed_over(self, hand_over: HandOver, refused: frozenset[int]) -> Outcome:
        """The hand-over is on record and the end of the mail sent, in this order; or neither has left."""
        protocol = self._client.protocol
        if protocol is None:
            return CONNECTION_LOST
        # Listening from here on: a server that speaks before the end, or hangs up, has not taken the mail.
        answer = asyncio.create_task(protocol.read_response(), name=LISTENING)
        try:
            if not await hand_over():
                hang_up(self._client)
                return Abandoned()
            if answer.done():
                return self._interrupted(answer)
            protocol.write(_END)
            return await self._answer_to_the_end(answer, refused)
        finally:
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)

    def _interrupted(self, answer: "asyncio.Task[SMTPResponse]") -> Later | Never:
        hang_up(self._client)
        if answer.exception() is not None:
            return Later("hung_up")
        return _about_content(Answer.read(answer.result().code, answer.result().message))

    async def _answer_to_the_end(
        self, answer: "asyncio.Task[SMTPResponse]", refused: frozenset[int]
    ) -> Taken | Never | Later | Uncertain:
        try:
            response = await asyncio.wait_for(answer, self._end_timeout)
        except TimeoutError:
            hang_up(self._client)
            return Uncertain("no_answer")
        except (SMTPException, OSError):
            hang_up(self._client)
            return Uncertain("connection_lost")
        given = Answer.read(response.code, response.message)
        if given.is_taken:
            return Taken(given, refused)
        if not given.is_refusal:
            hang_up(self._client)
            return Uncertain("unintelligible_answer")
        return _about_content(given)


def _about_content(answer: Answer) -> Later | Never:
    return (
        Never("content_refused", answer)
        if answer.is_for_good(Stage.CONTENT)
        else Later("content_deferred", answer)
    )
