"""What every postman does: the one over SMTP and the one in memory, told apart by nobody who uses them."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol

import pytest

from summit_cli.servers.mailbox import Behaviour, Mailbox
from summit_contracts.values import Language
from summit_notifications.domain.answers import Abandoned, Answer, Later, Never, Taken, Uncertain
from summit_notifications.domain.mail import CalendarObject, Mail, Recipient
from summit_notifications.domain.ports import Postman
from summit_notifications.mail.memory import InMemoryPostman
from summit_notifications.mail.smtp import MailServer, SmtpPostman

NOMINATOR = Recipient("nominator", "to", "Mission permanente, section de police", "mission@ke.example")
BACKUP = Recipient("backup", "cc", "Заместитель", "second@ke.example")


def mail(*recipients: Recipient, subject: str = "Nomination") -> Mail:
    return Mail(
        message_id="letter-1@summit.example",
        written_at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
        sender_name="UNCOPS secretariat",
        sender_email="uncops@summit.example",
        recipients=recipients or (NOMINATOR, BACKUP),
        language=Language.ARABIC,
        subject=subject,
        text="تحية طيبة\n.\n..\nline\n",
        html='<p dir="rtl">تحية طيبة</p>',
        calendar=(CalendarObject("REQUEST", "meeting.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),),
    )


class Post(Protocol):
    """A postman, and what can be done to the mail server behind it."""

    @property
    def postman(self) -> Postman: ...
    def refuse(self, email: str) -> None: ...
    def put_off(self, email: str) -> None: ...
    def refuse_content(self) -> None: ...
    def take_and_say_nothing(self) -> None: ...
    def drop_and_say_nothing(self) -> None: ...
    def go_away(self) -> None: ...
    def messages_to(self, email: str) -> list[EmailMessage]: ...


class MemoryPost:
    def __init__(self) -> None:
        self.postman = InMemoryPostman()
        self.messages_to = self.postman.messages_to

    def refuse(self, email: str) -> None:
        self.postman.answers[email] = Answer(550, "5.1.1")

    def put_off(self, email: str) -> None:
        self.postman.answers[email] = Answer(451, "4.7.1")

    def refuse_content(self) -> None:
        self.postman.answer_to_content = Answer(554, "5.7.1")

    def take_and_say_nothing(self) -> None:
        self.postman.is_silent = True

    def drop_and_say_nothing(self) -> None:
        self.postman.is_forgetful = True

    def go_away(self) -> None:
        self.postman.is_reachable = False


class SmtpPost:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.postman = SmtpPostman(
            MailServer(
                mailbox.host,
                mailbox.port,
                encryption="none",
                called_from="notifications.test",
                command_timeout=5,
                end_timeout=5,
            )
        )
        self.messages_to = mailbox.messages_to

    def refuse(self, email: str) -> None:
        self.mailbox.behave(Behaviour.REFUSE, towards=email)

    def put_off(self, email: str) -> None:
        self.mailbox.behave(Behaviour.REFUSE_FOR_NOW, towards=email)

    def refuse_content(self) -> None:
        self.mailbox.behave(Behaviour.REFUSE_CONTENT)

    def take_and_say_nothing(self) -> None:
        self.mailbox.behave(Behaviour.STORE_THEN_DROP)

    def drop_and_say_nothing(self) -> None:
        self.mailbox.behave(Behaviour.DROP_AFTER_DATA)

    def go_away(self) -> None:
        self.mailbox.stop()


@pytest.fixture(params=["memory", "smtp"])
async def post(request: pytest.FixtureRequest) -> AsyncIterator[Post]:
    if request.param == "memory":
        yield MemoryPost()
    else:
        smtp = SmtpPost(request.getfixturevalue("mailbox"))
        yield smtp
        await smtp.postman.close()


class Record:
    """The hand-over as a service puts it on record; says no, or fails, where it is told to."""

    def __init__(self, *answers: bool | Exception) -> None:
        self._answers: Iterator[bool | Exception] = iter(answers)
        self.times = 0

    async def __call__(self) -> bool:
        self.times += 1
        answer = next(self._answers, True)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_mail_arrives_whole_at_everybody(post: Post) -> None:
    record = Record()
    outcome = await post.postman.deliver(mail(), hand_over=record, is_last_attempt=False)
    assert isinstance(outcome, Taken)
    assert (outcome.answer.code, outcome.refused, record.times) == (250, frozenset(), 1)
    for recipient in (NOMINATOR, BACKUP):
        (arrived,) = post.messages_to(recipient.email)
        assert arrived["Message-ID"] == "<letter-1@summit.example>"
        assert arrived["Subject"] == "Nomination"
        assert arrived["To"].addresses[0].display_name == NOMINATOR.name
        assert arrived["Cc"].addresses[0].display_name == BACKUP.name
        plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert plain.get_content().splitlines() == ["تحية طيبة", ".", "..", "line"]
        assert "تحية طيبة" in html.get_content()
        (calendar,) = arrived.iter_attachments()
        assert (calendar.get_content_type(), calendar.get_param("method")) == ("text/calendar", "REQUEST")


async def test_many_mails_arrive_one_each(post: Post) -> None:
    for number in range(20):
        outcome = await post.postman.deliver(
            mail(NOMINATOR, subject=f"Letter {number}"), hand_over=Record(), is_last_attempt=False
        )
        assert isinstance(outcome, Taken)
    subjects = [one["Subject"] for one in post.messages_to(NOMINATOR.email)]
    assert subjects == [f"Letter {number}" for number in range(20)]


async def test_a_refused_address_does_not_keep_the_mail_from_the_others(post: Post) -> None:
    post.refuse(NOMINATOR.email)
    outcome = await post.postman.deliver(mail(), hand_over=Record(), is_last_attempt=False)
    assert isinstance(outcome, Taken)
    assert outcome.refused == frozenset({0})
    assert len(post.messages_to(BACKUP.email)) == 1
    assert post.messages_to(NOMINATOR.email) == []


async def test_when_everybody_is_refused_the_mail_is_refused_for_good_and_never_handed_over(
    post: Post,
) -> None:
    record = Record()
    post.refuse(NOMINATOR.email)
    post.refuse(BACKUP.email)
    outcome = await post.postman.deliver(mail(), hand_over=record, is_last_attempt=False)
    assert outcome == Never("recipients_refused", Answer(550, "5.1.1"))
    assert record.times == 0


async def test_a_mail_waits_for_an_address_that_is_put_off_but_not_at_the_end(post: Post) -> None:
    post.put_off(BACKUP.email)
    outcome = await post.postman.deliver(mail(), hand_over=Record(), is_last_attempt=False)
    assert outcome == Later("recipients_deferred", Answer(451, "4.7.1"))
    assert post.messages_to(NOMINATOR.email) == []
    outcome = await post.postman.deliver(mail(), hand_over=Record(), is_last_attempt=True)
    assert isinstance(outcome, Taken)
    assert outcome.refused == frozenset({1})
    assert len(post.messages_to(NOMINATOR.email)) == 1


async def test_a_refused_content_is_refused_for_good(post: Post) -> None:
    post.refuse_content()
    outcome = await post.postman.deliver(mail(), hand_over=Record(), is_last_attempt=False)
    assert outcome == Never("content_refused", Answer(554, "5.7.1"))
    assert post.messages_to(NOMINATOR.email) == []


async def test_a_mail_server_that_is_away_is_a_passing_fault(post: Post) -> None:
    record = Record()
    post.go_away()
    outcome = await post.postman.deliver(mail(), hand_over=record, is_last_attempt=False)
    assert outcome == Later("unreachable")
    assert record.times == 0


async def test_silence_after_the_end_is_uncertain_though_the_mail_arrived(post: Post) -> None:
    post.take_and_say_nothing()
    outcome = await post.postman.deliver(mail(NOMINATOR), hand_over=Record(), is_last_attempt=False)
    assert isinstance(outcome, Uncertain)
    assert len(post.messages_to(NOMINATOR.email)) == 1


async def test_silence_after_the_end_is_uncertain_though_the_mail_was_dropped(post: Post) -> None:
    post.drop_and_say_nothing()
    outcome = await post.postman.deliver(mail(NOMINATOR), hand_over=Record(), is_last_attempt=False)
    assert isinstance(outcome, Uncertain)
    assert post.messages_to(NOMINATOR.email) == []


async def test_an_attempt_that_was_replaced_sends_nothing(post: Post) -> None:
    outcome = await post.postman.deliver(mail(NOMINATOR), hand_over=Record(False), is_last_attempt=False)
    assert outcome == Abandoned()
    assert post.messages_to(NOMINATOR.email) == []
    outcome = await post.postman.deliver(mail(NOMINATOR), hand_over=Record(), is_last_attempt=False)
    assert isinstance(outcome, Taken)


async def test_a_hand_over_that_cannot_be_recorded_sends_nothing(post: Post) -> None:
    with pytest.raises(ConnectionAbortedError):
        await post.postman.deliver(
            mail(NOMINATOR), hand_over=Record(ConnectionAbortedError()), is_last_attempt=False
        )
    assert post.messages_to(NOMINATOR.email) == []


@pytest.mark.parametrize(
    "email", ["a b@ke.example", "<x>@ke.example", "x@", "@ke.example", "x@[127.0.0.1]", "x@-ke.example"]
)
async def test_what_is_no_address_is_refused_without_asking(post: Post, email: str) -> None:
    odd = Recipient("nominator", "to", "Odd", email)
    outcome = await post.postman.deliver(mail(odd), hand_over=Record(), is_last_attempt=False)
    assert outcome == Never("recipients_refused", Answer(553, "5.1.3"))


async def test_an_address_in_other_letters_is_written_to(post: Post) -> None:
    arabic = Recipient("nominator", "to", "البعثة الدائمة", "بريد@شرطة.example")
    outcome = await post.postman.deliver(mail(arabic), hand_over=Record(), is_last_attempt=False)
    assert isinstance(outcome, Taken)
