"""A service that is told something wrong does not start, and says which variable it is, never what is in it."""

import json
from datetime import timedelta
from pathlib import Path

import nkeys
import pytest

from summit_chassis.identity import new_key
from summit_chassis.settings import ServiceSettings, SettingsRefused, load
from summit_cli.access.certificates import server_certificate
from summit_cli.access.keyring import Keyring

GOOD = {
    "SUMMIT_DATABASE_URL": "postgresql+asyncpg://summit:s3cr3t-and-long@db.example.org:5432/registration",
    "SUMMIT_NATS_URL": "nats://nats.example.org:4222",
    "SUMMIT_HTTP_PORT": "8001",
    "SUMMIT_TOKEN_KEYS": json.dumps({"keys": [new_key().as_dict(private=False)]}),
}


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refused() -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refusal:
        load(ServiceSettings)
    return dict(refusal.value.faults)


def test_complete_surroundings_are_taken(surroundings: pytest.MonkeyPatch) -> None:
    settings = load(ServiceSettings)
    assert settings.http_port == 8001
    assert settings.outbox_retention == timedelta(hours=48)


def test_secrets_are_not_shown(surroundings: pytest.MonkeyPatch) -> None:
    settings = load(ServiceSettings)
    shown = f"{settings!r} {settings}"
    assert "s3cr3t" not in shown


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_named(name: str, surroundings: pytest.MonkeyPatch) -> None:
    surroundings.delenv(name)
    assert refused() == {name: "Field required"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUMMIT_HTTP_PORT", "eighty"),
        ("SUMMIT_HTTP_PORT", "70000"),
        ("SUMMIT_DATABASE_POOL", "1"),
        ("SUMMIT_LOG_LEVEL", "chatty"),
        ("SUMMIT_ENVIRONMENT", "staging"),
        ("SUMMIT_OTLP_ENDPOINT", "collector"),
        ("SUMMIT_GRACEFUL_TIMEOUT", "soon"),
        ("SUMMIT_DATABASE_URL", "postgresql://summit:s3cr3t@localhost/registration"),
        ("SUMMIT_OUTBOX_RETENTION", "PT23H"),
        ("SUMMIT_NATS_SEED_FILE", "/nowhere/registration.nk"),
        ("SUMMIT_NATS_SEED_FILE", __file__),
        ("SUMMIT_NATS_CA_FILE", "/nowhere/ca.pem"),
        ("SUMMIT_NATS_CA_FILE", __file__),
        ("SUMMIT_DATABASE_CA_FILE", "/nowhere/ca.pem"),
        ("SUMMIT_DATABASE_URL", "postgresql+asyncpg://summit:CHANGE_ME@localhost/registration"),
        ("SUMMIT_TOKEN_KEYS", "<your key set>"),
        ("SUMMIT_NATS_URL", "xxxx"),
        ("SUMMIT_NATS_URL", ""),
        ("SUMMIT_NATS_URL", "nats.example.org:4222"),
        ("SUMMIT_NATS_URL", "nats://one.example.org:4222,two.example.org"),
        ("SUMMIT_TOKEN_KEYS", "{"),
        ("SUMMIT_TOKEN_KEYS", "[]"),
        ("SUMMIT_TOKEN_KEYS", '{"keys": []}'),
        ("SUMMIT_TOKEN_KEYS", '{"keys": [{"kty": "OKP"}]}'),
        pytest.param(
            "SUMMIT_TOKEN_KEYS", json.dumps({"keys": [new_key().as_dict(private=True)]}), id="a private key"
        ),
        ("SUMMIT_TOKEN_KEYS", "your-secret"),
        ("SUMMIT_TOKEN_KEYS", "replace-this"),
    ],
)
def test_the_wrong_variable_is_named_and_its_value_is_not(
    name: str, value: str, surroundings: pytest.MonkeyPatch
) -> None:
    surroundings.setenv(name, value)
    with pytest.raises(SettingsRefused) as refusal:
        load(ServiceSettings)
    assert [variable for variable, _ in refusal.value.faults] == [name]
    assert not value or value not in str(refusal.value).partition(": must")[0]


def test_every_wrong_variable_is_named_at_once(surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("SUMMIT_HTTP_PORT", "eighty")
    surroundings.delenv("SUMMIT_NATS_URL")
    assert refused().keys() == {"SUMMIT_HTTP_PORT", "SUMMIT_NATS_URL"}


def test_the_clock_may_be_shifted_to_play_a_past_summit_again_but_not_in_production(
    surroundings: pytest.MonkeyPatch,
) -> None:
    surroundings.setenv("SUMMIT_CLOCK_OFFSET", "-P1500D")
    assert load(ServiceSettings).clock_offset == timedelta(days=-1500)
    surroundings.setenv("SUMMIT_ENVIRONMENT", "production")
    assert refused().keys() == {"SUMMIT_CLOCK_OFFSET"}


def test_the_seed_of_an_account_is_not_taken_for_that_of_a_user(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "account.nk"
    path.write_bytes(nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_ACCOUNT))
    surroundings.setenv("SUMMIT_NATS_SEED_FILE", str(path))
    assert list(refused()) == ["SUMMIT_NATS_SEED_FILE"]


def test_production_takes_no_connection_that_is_anonymous_or_in_the_open(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    surroundings.setenv("SUMMIT_ENVIRONMENT", "production")
    surroundings.setenv("SUMMIT_NATS_URL", "tls://nats.example.org:4222")
    assert list(refused()) == ["SUMMIT_NATS_SEED_FILE"]
    surroundings.setenv("SUMMIT_NATS_SEED_FILE", str(Keyring(tmp_path).file("registration")))
    surroundings.setenv("SUMMIT_NATS_URL", "nats://nats.example.org:4222")
    assert list(refused()) == ["SUMMIT_NATS_URL"]
    surroundings.setenv("SUMMIT_NATS_URL", "tls://nats.example.org:4222")
    assert list(refused()) == ["SUMMIT_DATABASE_CA_FILE"]
    surroundings.setenv(
        "SUMMIT_DATABASE_CA_FILE", str(server_certificate(tmp_path, ["db"]).with_name("ca.pem"))
    )
    assert load(ServiceSettings).nats_seed_file


def test_what_no_variable_says_is_taken_from_a_file_of_its_name(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "summit_database_url").write_text("postgresql+asyncpg://summit:of-the-file@db/registration\n")
    (tmp_path / "summit_http_port").write_text("9000")
    surroundings.setenv("SUMMIT_SECRETS_DIR", str(tmp_path))
    surroundings.delenv("SUMMIT_DATABASE_URL")
    settings = load(ServiceSettings)
    assert settings.database_url.get_secret_value().endswith("of-the-file@db/registration")
    assert settings.http_port == 8001


def test_a_secret_that_cannot_be_read_is_named_and_not_shown(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    surroundings.setenv("SUMMIT_SECRETS_DIR", str(tmp_path / "missing"))
    assert refused() == {"SUMMIT_SECRETS_DIR": "is no folder"}
    (tmp_path / "summit_database_url").write_text("mysql://user:password-in-the-file@db")
    surroundings.setenv("SUMMIT_SECRETS_DIR", str(tmp_path))
    surroundings.delenv("SUMMIT_DATABASE_URL")
    assert refused() == {"SUMMIT_DATABASE_URL": "must begin with postgresql+asyncpg://"}
