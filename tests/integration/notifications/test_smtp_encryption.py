"""Encryption and signing in: a letter holds secrets, and goes to the mail server that was meant or to none."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from summit_cli.servers.ports import free_port
from summit_contracts.values import Language
from summit_notifications.domain.answers import Later, Outcome, Taken
from summit_notifications.domain.mail import Mail, Recipient
from summit_notifications.mail.smtp import Encryption, MailServer, SmtpPostman

MAIL = Mail(
    message_id="letter-1@summit.example",
    written_at=datetime(2022, 7, 4, 14, 5, tzinfo=UTC),
    sender_name="Secretariat",
    sender_email="summit@un.example",
    recipients=(Recipient("nominator", "to", "Mission", "mission@ke.example"),),
    language=Language.ENGLISH,
    subject="Code to sign in",
    text="402913\n",
    html="<p>402913</p>",
)


def postman(
    port: int, encryption: Encryption, authorities: Path | None = None, password: str | None = None
) -> SmtpPostman:
    return SmtpPostman(
        MailServer(
            "127.0.0.1",
            port,
            encryption,
            authorities=str(authorities) if authorities else None,
            username="summit" if password else None,
            password=password,
            called_from="sender.test",
            command_timeout=5,
            end_timeout=5,
        )
    )


async def may_leave() -> bool:
    return True


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, signed by itself, with its key, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Kept(Sink):
    """Keeps the sessions in which it was sent something."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: list[Session] = []

    async def handle_DATA(self, _server: SMTP, session: Session, _envelope: Envelope) -> str:  # noqa: N802  aiosmtpd looks for this name
        self.sessions.append(session)
        return "250 OK"


@contextmanager
def secured(certificate: Path, encryption: Encryption, password: str = "") -> Iterator[tuple[Kept, int]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    kept, port = Kept(), free_port()

    def may_enter(
        _server: SMTP, _session: Session, _envelope: Envelope, _method: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=given.password.decode() == password, handled=False)

    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if encryption == "implicit" else None,
        tls_context=context if encryption == "starttls" else None,
        require_starttls=encryption == "starttls",
        authenticator=may_enter if password else None,
        auth_required=bool(password),
        auth_require_tls=bool(password),
    )
    controller.start()
    try:
        yield kept, port
    finally:
        controller.stop()


@pytest.mark.parametrize("encryption", ["starttls", "implicit"])
async def test_letters_go_encrypted_to_a_server_that_is_trusted(
    certificate: Path, encryption: Encryption
) -> None:
    with secured(certificate, encryption) as (kept, port):
        brought = postman(port, encryption, certificate)
        outcome = await brought.deliver(MAIL, hand_over=may_leave, is_last_attempt=False)
        await brought.close()
    assert isinstance(outcome, Taken)
    (session,) = kept.sessions
    assert encryption == "implicit" or session.ssl is not None


@pytest.mark.parametrize("encryption", ["starttls", "implicit"])
async def test_a_server_that_is_not_trusted_gets_nothing(certificate: Path, encryption: Encryption) -> None:
    with secured(certificate, encryption) as (kept, port):
        brought = postman(port, encryption)
        outcome = await brought.deliver(MAIL, hand_over=may_leave, is_last_attempt=False)
    assert outcome == Later("unreachable")
    assert kept.sessions == []


@pytest.mark.parametrize(("given", "kind"), [("right", Taken), ("wrong", Later)])
async def test_a_wrong_password_blames_no_letter(certificate: Path, given: str, kind: type[Outcome]) -> None:
    with secured(certificate, "starttls", password="right") as (_, port):
        brought = postman(port, "starttls", certificate, password=given)
        outcome = await brought.deliver(MAIL, hand_over=may_leave, is_last_attempt=False)
        await brought.close()
    assert isinstance(outcome, kind)
    if isinstance(outcome, Later):
        assert outcome.reason == "sign_in_refused"


def test_the_password_stands_in_no_log() -> None:
    assert "hunter2" not in repr(MailServer("mail.test", 587, "starttls", password="hunter2"))
