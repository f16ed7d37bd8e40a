"""Registration does not start with half a sign-in for staff."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from summit_chassis.identity import new_key
from summit_chassis.settings import SettingsRefused, load
from summit_cli.access.certificates import server_certificate
from summit_cli.access.keyring import Keyring
from summit_registration.settings import RegistrationSettings
from summit_testkit.desk import PUBLIC_KEYS, SIGNING_KEY

WHOLE: dict[str, Any] = {
    "environment": "production",
    "database_url": "postgresql+asyncpg://registration@db.internal/registration",
    "nats_url": "tls://nats.internal:4222",
    "http_port": 0,
    "token_keys": PUBLIC_KEYS,
    "token_signing_key": SIGNING_KEY,
    "staff_issuer": "https://id.un.org",
    "staff_client_id": "summit",
    "staff_groups": {"police-division": "secretariat.registration"},
}


@pytest.fixture
def seed(tmp_path: Path) -> dict[str, Any]:
    """In production no service comes to the broker without a name, nor to a database that nobody vouches for."""
    authority = server_certificate(tmp_path / "tls", ["db.internal"]).with_name("ca.pem")
    return {"nats_seed_file": Keyring(tmp_path).file("registration"), "database_ca_file": authority}


def test_a_provider_a_client_and_groups_are_enough(seed: dict[str, Any]) -> None:
    assert RegistrationSettings(**WHOLE, **seed).staff_issuer == "https://id.un.org"
    assert RegistrationSettings(**{**WHOLE, **seed, "staff_issuer": None}).staff_issuer is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"staff_issuer": "http://id.un.org"}, "https"),
        ({"staff_issuer": "id.un.org"}, "URL"),
        ({"staff_client_id": None}, "staff_client_id"),
        ({"staff_groups": {}}, "staff_groups"),
        ({"staff_groups": {"a": "nominator"}}, "nominator"),
        ({"staff_groups": {"a": "service"}}, "service"),
    ],
)
def test_half_of_it_is_refused_with_the_name_of_what_is_wrong(
    seed: dict[str, Any], changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        RegistrationSettings(**{**WHOLE, **seed, **changed})


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("{", "must be a private JSON Web Key"),
        ("[]", "must be a private JSON Web Key"),
        pytest.param(
            json.dumps(json.loads(PUBLIC_KEYS)["keys"][0]),
            "must be a private JSON Web Key .*this one is public",
            id="a public key",
        ),
        pytest.param(
            json.dumps(new_key().as_dict(private=True)),
            "is not among the keys that tokens are verified with",
            id="a key of somebody else",
        ),
    ],
)
def test_a_key_whose_tokens_nobody_would_believe_is_refused_and_not_shown(
    seed: dict[str, Any], key: str, says: str
) -> None:
    with pytest.raises(SettingsRefused, match=rf"SUMMIT_TOKEN_SIGNING_KEY: {says}") as refused:
        load(RegistrationSettings, **{**WHOLE, **seed, "token_signing_key": key})
    assert '"d"' not in str(refused.value)
