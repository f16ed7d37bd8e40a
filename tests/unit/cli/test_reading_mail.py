"""What was delivered on this machine is found by whose it is."""

from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from typer.testing import CliRunner

from summit_cli.main import app
from summit_cli.servers.maildir import Maildir


def delivered(var: Path, to: str, says: str) -> None:
    """A mail to this address lies in the mailbox."""
    maildir = Maildir(var / "mail")
    maildir.prepare()
    envelope = Envelope()
    envelope.mail_from = "summit@un.example"
    envelope.rcpt_tos = [to]
    head = "Subject: Sign in\r\nDate: Fri, 01 Jul 2022 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    envelope.content = (head + says).encode()
    maildir.store(envelope)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    delivered(tmp_path, "mission@ke.example", "Code: 111111")
    delivered(tmp_path, "mission@no.example", "Code: 222222")
    delivered(tmp_path, "mission@ke.example", "Code: 333333")
    return tmp_path


def said(var: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["--var", str(var), "mailbox", "show", *arguments])
    return done.exit_code, done.output


def test_the_latest_mail_to_an_address_is_shown_and_nobody_elses(var: Path) -> None:
    code, shown = said(var, "Mission@KE.example")
    assert code == 0
    assert "333333" in shown
    assert "111111" not in shown
    assert "222222" not in shown


def test_as_many_as_are_asked_for_are_shown(var: Path) -> None:
    shown = said(var, "mission@ke.example", "--last", "5")[1]
    assert shown.index("111111") < shown.index("333333")


def test_an_address_without_mail_and_a_machine_without_any_say_so(
    var: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    code, shown = said(var, "mission@eg.example")
    assert (code, "No mail was delivered to mission@eg.example" in shown) == (1, True)
    code, shown = said(tmp_path_factory.mktemp("nothing"), "mission@ke.example")
    assert (code, "No mail was ever delivered" in shown) == (1, True)
