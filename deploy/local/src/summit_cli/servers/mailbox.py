"""A mail server that keeps what it is sent, and misbehaves on demand."""

import asyncio
import socket
import threading
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from summit_cli.servers.behaviour import Behaviour, Rules
from summit_cli.servers.failures import ServerFailed
from summit_cli.servers.maildir import Maildir, envelope_recipients
from summit_cli.servers.ports import LOOPBACK, free_port

__all__ = ["Behaviour", "Mailbox", "envelope_recipients"]

_STOPS_WITHIN = 10.0  # seconds
_LARGEST = 32 * 1024 * 1024  # bytes
_WAITING = 128  # connections


class Mailbox:
    """An SMTP server, on 127.0.0.1 unless told otherwise, that stores each accepted mail in the Maildir `directory`.

    It runs in a thread of this process. A mail is stored with the envelope it came in (`envelope_recipients`), since
    who was sent a blind copy stands nowhere else. Addresses and header fields may be UTF-8.
    """

    def __init__(self, directory: Path, port: int | None = None, *, host: str = LOOPBACK) -> None:
        self._directory = directory.resolve()
        self._host = host
        self._port = port or free_port()
        self._maildir = Maildir(self._directory)
        self._rules = Rules()
        self._handler = _Handler(self._maildir, self._rules)
        self._lines: set[_Line] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def host(self) -> str:
        """Where it listens."""
        return self._host

    @property
    def port(self) -> int:
        """Where clients connect."""
        return self._port

    @property
    def directory(self) -> Path:
        """The Maildir, readable by any mail program."""
        return self._directory

    @property
    def attempts(self) -> int:
        """How many mails were sent to the end of their content, whatever became of them."""
        return self._handler.attempts

    def start(self) -> Self:
        """The mailbox accepts connections; what was stored before is still there.

        Raises:
            ServerFailed: it runs already, or its port is taken.
        """
        if self._thread is not None:
            raise ServerFailed("the mailbox runs already")
        self._maildir.prepare()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
            listener.listen(_WAITING)
        except OSError as problem:
            listener.close()
            raise ServerFailed(
                f"the mailbox cannot listen on {self._host}:{self._port}: {problem}"
            ) from problem
        self._loop = asyncio.new_event_loop()
        serving = threading.Event()
        self._thread = threading.Thread(
            target=self._serve, args=(self._loop, listener, serving), name="mailbox", daemon=True
        )
        self._thread.start()
        serving.wait()  # a loop that is told to stop before it runs would leave the socket open
        return self

    def stop(self) -> None:
        """The mailbox is gone and its connections are cut; what it stored remains. Idempotent."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOPS_WITHIN)
        self._thread = self._loop = None

    def restart(self) -> None:
        """The mailbox accepts connections again on the same port."""
        self.stop()
        self.start()

    def behave(self, behaviour: Behaviour, *, towards: str | None = None, times: int | None = None) -> None:
        """From now on it does that with mail to `towards` (None: to anybody), for `times` mails (None: for good).

        The rule given last wins; `behave(Behaviour.ACCEPT)` for anybody and for good forgets all others.
        A rule for one recipient of many that acts on the content acts on the whole mail.
        """
        self._rules.add(behaviour, towards=towards, times=times)

    def messages(self) -> list[EmailMessage]:
        """The stored mails in the order of their arrival."""
        return self._maildir.messages()

    def messages_to(self, recipient: str) -> list[EmailMessage]:
        """The stored mails whose envelope names `recipient`, as To, Cc or Bcc, in the order of their arrival."""
        return self._maildir.sent_to(recipient)

    def count(self) -> int:
        """How many mails are stored; cheap."""
        return self._maildir.count()

    def clear(self) -> None:
        """Nothing is stored, nothing was attempted, and it accepts everything."""
        self._rules.clear()
        self._maildir.clear()
        self._handler.attempts = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket, serving: threading.Event
    ) -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(
            loop.create_server(lambda: _Line(self._handler, self._lines, loop), sock=listener)
        )
        loop.call_soon(serving.set)
        try:
            loop.run_forever()
        finally:
            server.close()
            for line in list(self._lines):
                line.cut()
            loop.run_until_complete(_end_of_other_tasks())
            loop.close()


class _Line(SMTP):
    """One client's connection, in `lines` while it lasts."""

    def __init__(self, handler: "_Handler", lines: "set[_Line]", loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            handler, enable_SMTPUTF8=True, data_size_limit=_LARGEST, hostname="mailbox.summit", loop=loop
        )
        self._lines = lines
        self._wire: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = transport
        self._lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._lines.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """The client's connection is gone, in the middle of whatever was being said."""
        if isinstance(self._wire, asyncio.WriteTransport):
            self._wire.abort()


class _Handler:
    """What aiosmtpd asks when a recipient or a content has arrived; it calls these methods by position."""

    def __init__(self, maildir: Maildir, rules: Rules) -> None:
        self._maildir = maildir
        self._rules = rules
        self.attempts = 0

    async def handle_RCPT(  # noqa: N802  aiosmtpd looks for this name
        self, _line: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match self._rules.on_recipient(address):
            case Behaviour.REFUSE:
                return "550 5.1.1 no such mailbox here"
            case Behaviour.REFUSE_FOR_NOW:
                return "451 4.7.1 not now, try again later"
            case _:
                envelope.rcpt_tos.append(address)
                envelope.rcpt_options.extend(options)
                return "250 OK"

    async def handle_DATA(self, line: _Line, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd looks for this name
        self.attempts += 1
        behaviour = self._rules.on_content(envelope.rcpt_tos)
        if behaviour in (Behaviour.ACCEPT, Behaviour.STORE_THEN_DROP):
            self._maildir.store(envelope)
        match behaviour:
            case Behaviour.REFUSE_CONTENT:
                return "554 5.7.1 not this"
            case Behaviour.HANG:
                await _for_ever()  # until the client goes away or the mailbox stops
            case Behaviour.DROP_AFTER_DATA | Behaviour.STORE_THEN_DROP:
                line.cut()
                await _for_ever()  # the end of the connection cancels this before it can answer
        return "250 OK"


async def _for_ever() -> None:
    await asyncio.Event().wait()


async def _end_of_other_tasks() -> None:
    """Every other task of this loop has ended, and the cut connections are closed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)
