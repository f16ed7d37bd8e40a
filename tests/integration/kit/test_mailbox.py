import mailbox as standard
import smtplib
from email.message import EmailMessage

import pytest

from summit_cli.servers.failures import ServerFailed
from summit_cli.servers.mailbox import Behaviour, Mailbox, envelope_recipients
from summit_testkit.eventually import eventually

FOCAL_POINT = "focal.point@mission.example"
BACKUP = "backup@mission.example"


def letter(*recipients: str, subject: str = "Invitation") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "summit@un.example"
    message["To"] = ", ".join(recipients)
    message["Subject"] = subject
    message.set_content("مرحبا\n")
    return message


def send(mailbox: Mailbox, message: EmailMessage, *, blind: str | None = None) -> None:
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=30) as client:
        recipients = [*str(message["To"]).split(", "), *([blind] if blind else [])]
        client.send_message(message, to_addrs=recipients)


def test_mails_are_read_back_in_order_with_their_scripts_and_their_envelope(mailbox: Mailbox) -> None:
    send(mailbox, letter(FOCAL_POINT, subject="邀请"), blind=BACKUP)
    send(mailbox, letter("żółw@mission.example", subject="Приглашение"))
    first, second = mailbox.messages()
    assert [first["Subject"], second["Subject"]] == ["邀请", "Приглашение"]
    assert first.get_content().strip() == "مرحبا"
    assert envelope_recipients(first) == [FOCAL_POINT, BACKUP]
    assert envelope_recipients(second) == ["żółw@mission.example"]
    assert [message["Subject"] for message in mailbox.messages_to(BACKUP)] == ["邀请"]
    assert mailbox.count() == 2


def test_any_mail_program_can_read_the_directory(mailbox: Mailbox) -> None:
    send(mailbox, letter(FOCAL_POINT))
    stored = standard.Maildir(mailbox.directory, create=False)
    assert [message["Subject"] for message in stored] == ["Invitation"]


@pytest.mark.parametrize(
    ("behaviour", "failure", "code"),
    [
        (Behaviour.REFUSE, smtplib.SMTPRecipientsRefused, 550),
        (Behaviour.REFUSE_FOR_NOW, smtplib.SMTPRecipientsRefused, 451),
        (Behaviour.REFUSE_CONTENT, smtplib.SMTPDataError, 554),
    ],
)
def test_a_refusal_has_its_code_and_stores_nothing(
    mailbox: Mailbox, behaviour: Behaviour, failure: type[smtplib.SMTPException], code: int
) -> None:
    mailbox.behave(behaviour)
    with pytest.raises(failure, match=str(code)):
        send(mailbox, letter(FOCAL_POINT))
    assert mailbox.count() == 0


@pytest.mark.parametrize(
    ("behaviour", "stored"),
    [(Behaviour.DROP_AFTER_DATA, 0), (Behaviour.STORE_THEN_DROP, 1)],
)
def test_a_cut_connection_leaves_the_sender_without_an_answer(
    mailbox: Mailbox, behaviour: Behaviour, stored: int
) -> None:
    mailbox.behave(behaviour)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox, letter(FOCAL_POINT))
    assert mailbox.count() == stored
    assert mailbox.attempts == 1


async def test_a_hanging_server_answers_nothing_and_can_still_be_stopped(mailbox: Mailbox) -> None:
    mailbox.behave(Behaviour.HANG)
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=30) as client:
        client.ehlo()
        client.mail("summit@un.example")
        client.rcpt(FOCAL_POINT)
        assert client.docmd("DATA")[0] == 354
        client.send(b"Subject: Invitation\r\n\r\n.\r\n")

        def it_has_the_content() -> None:
            assert mailbox.attempts == 1

        await eventually(it_has_the_content)
        assert client.sock is not None
        client.sock.settimeout(0.3)
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            client.getreply()
    assert mailbox.count() == 0


def test_a_behaviour_can_be_for_some_times_only(mailbox: Mailbox) -> None:
    mailbox.behave(Behaviour.REFUSE_FOR_NOW, times=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(mailbox, letter(FOCAL_POINT))
    send(mailbox, letter(FOCAL_POINT))
    assert mailbox.count() == 1


def test_a_behaviour_can_be_for_one_recipient_only(mailbox: Mailbox) -> None:
    mailbox.behave(Behaviour.REFUSE, towards=BACKUP)
    send(mailbox, letter(FOCAL_POINT, BACKUP))  # smtplib raises only when all are refused
    (stored,) = mailbox.messages()
    assert envelope_recipients(stored) == [FOCAL_POINT]


def test_the_rule_given_last_wins_and_accepting_forgets_them_all(mailbox: Mailbox) -> None:
    mailbox.behave(Behaviour.REFUSE)
    mailbox.behave(Behaviour.ACCEPT, towards=FOCAL_POINT)
    send(mailbox, letter(FOCAL_POINT))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailbox, letter(BACKUP))
    mailbox.behave(Behaviour.ACCEPT)
    send(mailbox, letter(BACKUP))
    assert mailbox.count() == 2


def test_a_restarted_mailbox_keeps_its_port_and_its_mail(mailbox: Mailbox) -> None:
    send(mailbox, letter(FOCAL_POINT))
    port = mailbox.port
    mailbox.stop()
    with pytest.raises(OSError, match="refused"):
        send(mailbox, letter(FOCAL_POINT))
    mailbox.restart()
    assert mailbox.port == port
    send(mailbox, letter(FOCAL_POINT))
    assert mailbox.count() == 2


def test_a_cleared_mailbox_is_as_new(mailbox: Mailbox) -> None:
    send(mailbox, letter(FOCAL_POINT))
    mailbox.behave(Behaviour.REFUSE)
    mailbox.clear()
    assert (mailbox.count(), mailbox.attempts) == (0, 0)
    send(mailbox, letter(FOCAL_POINT))


def test_a_taken_port_is_reported(mailbox: Mailbox) -> None:
    with pytest.raises(ServerFailed, match=str(mailbox.port)):
        Mailbox(mailbox.directory, port=mailbox.port).start()
