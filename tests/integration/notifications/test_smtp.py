"""The postman against mail servers that hang, hang up, talk nonsense, or ask for encryption and a password."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from summit_cli.servers.mailbox import Mailbox
from summit_cli.servers.ports import free_port
from summit_contracts.values import Language
from summit_notifications.domain.answers import Abandoned, Answer, Later, Never, Outcome, Taken, Uncertain
from summit_notifications.domain.mail import Mail, Recipient
from summit_notifications.mail.smtp import MailServer, SmtpPostman
from summit_notifications.mail.talk import LISTENING, dotted
from summit_testkit.eventually import eventually

MAIL = Mail(
    message_id="letter-1@summit.example",
    written_at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
    sender_name="Secretariat",
    sender_email="summit@un.example",
    recipients=(
        Recipient("nominator", "to", "Mission", "mission@ke.example"),
        Recipient("backup", "cc", "Registry", "registry@ke.example"),
    ),
    language=Language.ENGLISH,
    subject="Nomination received",
    text="Text\n",
    html="<p>Text</p>",
)
WELL = {
    "EHLO": "250-mail.test\r\n250 SIZE 1000000",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go ahead",
    ".": "250 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}
HANG, HANG_UP = "hang", "hang up"


@dataclass
class Scripted:
    """A mail server that answers each command as it is told, and keeps what it took."""

    answers: dict[str, str] = field(default_factory=dict)
    greeting: str = "220 mail.test"
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def hangs(self) -> bool:
        """Whether somebody will wait for it in vain; only then is a moment long."""
        return HANG in (self.greeting, *self.answers.values())

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            if await self._said(self.greeting, writer):
                await self._answer_commands(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client hung up, which is its right
        finally:
            writer.close()

    async def _answer_commands(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            command = line[:4].decode().strip().upper()
            if not await self._said({**WELL, **self.answers}[command], writer) or command == "QUIT":
                return
            if command == "DATA" and not await self._content(reader, writer):
                return

    async def _content(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if "content" in self.answers:
            await reader.readline()
            return await self._said(self.answers["content"], writer)
        content = await reader.readuntil(b"\r\n.\r\n")
        answer = self.answers.get(".", WELL["."])
        if answer.startswith("250"):
            self.taken.append(content)
        return await self._said(answer, writer)

    async def _said(self, answer: str, writer: asyncio.StreamWriter) -> bool:
        """Whether the talk goes on."""
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == HANG_UP:
            return False
        writer.write(answer.encode() + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def listening(server: Scripted) -> AsyncIterator[Scripted]:
    talks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        await server.talk(reader, writer)

    listener = await asyncio.start_server(accept, "127.0.0.1", server.port)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@dataclass
class Record:
    """Counts the hand-overs."""

    times: int = 0

    async def __call__(self) -> bool:
        self.times += 1
        return True


def postman(port: int, **more: object) -> SmtpPostman:
    server = MailServer("127.0.0.1", port, "none", called_from="sender.test")
    return SmtpPostman(replace(server, **more))  # type: ignore[arg-type]  # each name with its own type


async def offered(server: Scripted, **more: object) -> tuple[Outcome, Record]:
    record = Record()
    async with listening(server):
        hurry: dict[str, object] = {"command_timeout": 1, "end_timeout": 1} if server.hangs else {}
        brought = postman(server.port, **{**hurry, **more})
        outcome = await brought.deliver(MAIL, hand_over=record, is_last_attempt=False)
        await brought.close()
    return outcome, record


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"EHLO": HANG_UP}, "unreachable"),
        ({"MAIL": HANG}, "too_slow"),
        ({"MAIL": HANG_UP}, "connection_lost"),
        ({"MAIL": "421 4.3.2 closing"}, "connection_lost"),
        ({"MAIL": "550 5.7.1 who are you"}, "sender_refused"),
        ({"RCPT": HANG}, "too_slow"),
        ({"RCPT": HANG_UP}, "connection_lost"),
        ({"RCPT": "nonsense"}, "recipients_deferred"),
        ({"DATA": HANG}, "too_slow"),
        ({"DATA": HANG_UP}, "connection_lost"),
        ({"DATA": "451 4.3.0 not now"}, "content_deferred"),
    ],
)
async def test_whatever_goes_wrong_before_the_end_is_tried_again_and_nothing_was_handed_over(
    answers: dict[str, str], reason: str
) -> None:
    server = Scripted(answers)
    outcome, record = await offered(server)
    assert isinstance(outcome, Later)
    assert outcome.reason == reason
    assert (record.times, server.taken) == (0, [])


@pytest.mark.parametrize("greeting", [HANG, HANG_UP, "554 5.3.2 not today", "SSH-2.0-OpenSSH_9.9"])
async def test_a_server_that_does_not_greet_blames_no_letter(greeting: str) -> None:
    outcome, record = await offered(Scripted(greeting=greeting))
    assert isinstance(outcome, Later)
    assert record.times == 0


async def test_a_port_nobody_listens_on_is_a_passing_fault() -> None:
    assert await postman(free_port()).deliver(MAIL, hand_over=Record(), is_last_attempt=False) == Later(
        "unreachable"
    )


async def test_a_whole_talk_that_drags_on_is_cut_off() -> None:
    outcome, _ = await offered(Scripted({"RCPT": HANG}), command_timeout=30, talk_timeout=0.5)
    assert outcome == Later("too_slow")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("250 taken", Taken(Answer(250))),
        ("250 2.0.0 taken", Taken(Answer(250, "2.0.0"))),
        ("451 4.3.0 later", Later("content_deferred", Answer(451, "4.3.0"))),
        ("554 5.7.1 never", Never("content_refused", Answer(554, "5.7.1"))),
        (HANG, Uncertain("no_answer")),
        (HANG_UP, Uncertain("connection_lost")),
        ("354 hm", Uncertain("unintelligible_answer")),
    ],
)
async def test_after_the_end_only_an_answer_counts(answer: str, outcome: Outcome) -> None:
    given, record = await offered(Scripted({".": answer}))
    assert given == outcome
    assert record.times == 1


async def test_gibberish_after_the_end_is_uncertain() -> None:
    given, _ = await offered(Scripted({".": "who knows"}))
    assert isinstance(given, Uncertain)


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        (HANG_UP, Later("hung_up")),
        ("552 5.3.4 too large", Never("content_refused", Answer(552, "5.3.4"))),
        ("421 4.3.2 closing", Later("content_deferred", Answer(421, "4.3.2"))),
    ],
)
async def test_a_server_that_speaks_or_hangs_up_before_the_end_has_not_taken_the_mail(
    says: str, outcome: Outcome
) -> None:
    server = Scripted({"content": says})

    async def nobody_listens_any_more() -> None:
        assert LISTENING not in {task.get_name() for task in asyncio.all_tasks()}

    async def hand_over() -> bool:
        await eventually(nobody_listens_any_more)
        return True

    async with listening(server):
        brought = postman(server.port)
        assert await brought.deliver(MAIL, hand_over=hand_over, is_last_attempt=False) == outcome
    assert server.taken == []


async def test_a_replaced_attempt_leaves_the_server_without_the_end() -> None:
    server = Scripted()

    async def no() -> bool:
        return False

    async with listening(server):
        brought = postman(server.port)
        assert await brought.deliver(MAIL, hand_over=no, is_last_attempt=False) == Abandoned()
        assert server.taken == []
        again = await brought.deliver(MAIL, hand_over=Record(), is_last_attempt=False)
        await brought.close()
    assert isinstance(again, Taken)
    assert len(server.taken) == 1


async def test_a_cancelled_attempt_leaves_no_connection_in_the_middle_of_a_mail() -> None:
    server = Scripted({".": HANG})
    async with listening(server):
        brought = postman(server.port, end_timeout=60)
        record = Record()
        talk = asyncio.create_task(brought.deliver(MAIL, hand_over=record, is_last_attempt=False))

        async def is_handed_over() -> None:
            assert record.times == 1

        await eventually(is_handed_over)
        talk.cancel()
        with pytest.raises(asyncio.CancelledError):
            await talk
        server.answers.clear()
        again = await brought.deliver(MAIL, hand_over=Record(), is_last_attempt=False)
        await brought.close()
    assert isinstance(again, Taken)
    assert server.connections == 2


async def test_one_connection_serves_many_mails_and_an_idle_one_that_was_cut_is_replaced(
    mailbox: Mailbox,
) -> None:
    brought = postman(mailbox.port, command_timeout=5, end_timeout=5)
    for _ in range(3):
        assert isinstance(await brought.deliver(MAIL, hand_over=Record(), is_last_attempt=False), Taken)
    mailbox.restart()
    record = Record()
    assert isinstance(await brought.deliver(MAIL, hand_over=record, is_last_attempt=False), Taken)
    assert (mailbox.count(), record.times) == (4, 1)
    await brought.close()


async def test_only_so_many_talks_go_on_at_a_time() -> None:
    server = Scripted()
    async with listening(server):
        brought = postman(server.port, connections=2)
        outcomes = await asyncio.gather(
            *(brought.deliver(MAIL, hand_over=Record(), is_last_attempt=False) for _ in range(12))
        )
        await brought.close()
    assert all(isinstance(outcome, Taken) for outcome in outcomes)
    assert (len(server.taken), server.connections) == (12, 2)


async def test_a_server_without_encryption_gets_nothing_in_the_open() -> None:
    server = Scripted()
    outcome, record = await offered(server, encryption="starttls")
    assert outcome == Later("unreachable")
    assert (record.times, server.taken) == (0, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"one\n.\ntwo\n", b"one\r\n..\r\ntwo\r\n"),
        (b".\r\n..x\r\n", b"..\r\n...x\r\n"),
        (b"one\rtwo", b"one\r\ntwo\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_a_lone_dot_in_a_mail_does_not_end_it(content: bytes, told: bytes) -> None:
    assert dotted(content) == told
