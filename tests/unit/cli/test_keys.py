import json
import stat
from datetime import UTC, datetime
from pathlib import Path

from summit_chassis.identity import Issuer, Role, Verifier
from summit_cli.keys import public_keys, signing_key
from summit_cli.state import State

NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)


def test_a_token_of_the_signing_key_is_verified_with_the_public_keys(tmp_path: Path) -> None:
    state = State(tmp_path)
    token = Issuer.from_json(signing_key(state)).issue("desk", [Role.REGISTRATION], now=NOW)
    assert Verifier(public_keys(state)).caller(token, now=NOW).roles == {Role.REGISTRATION}


def test_the_key_is_the_same_at_the_second_start(tmp_path: Path) -> None:
    assert signing_key(State(tmp_path)) == signing_key(State(tmp_path))


def test_the_private_part_is_not_published_and_its_file_is_closed_to_others(tmp_path: Path) -> None:
    state = State(tmp_path)
    private = json.loads(signing_key(state))
    assert private["d"] not in public_keys(state)
    path = tmp_path / "keys" / "signing.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
