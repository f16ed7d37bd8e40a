import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from summit_chassis.identity import Issuer, Role, Verifier
from summit_cli.keys import public_keys, signing_key
from summit_cli.refusals import CannotDo
from summit_cli.rotation import LONGEST_LIFE, Step, TokenRotation
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


NEXT_DAY = NOW + LONGEST_LIFE


def token_of(state: State) -> str:
    return Issuer.from_json(signing_key(state)).issue("desk", [Role.REGISTRATION], now=NOW)


def is_believed(state: State, token: str) -> bool:
    try:
        return bool(Verifier(public_keys(state)).caller(token, now=NOW))
    except ValueError:
        return False


def test_who_signs_changes_in_steps_and_at_each_both_are_believed_that_have_to_be(tmp_path: Path) -> None:
    state = State(tmp_path)
    rotation, former = TokenRotation(state), token_of(state)
    rotation.announce()
    announced = Issuer.from_json(rotation.next_key).issue("desk", [Role.REGISTRATION], now=NOW)
    assert token_of(state) != announced
    assert (rotation.step(), is_believed(state, former), is_believed(state, announced)) == (
        Step.ANNOUNCED,
        True,
        True,
    )
    rotation.sign(NOW)
    assert rotation.step() is Step.SIGNING
    assert is_believed(state, former)
    assert is_believed(state, announced)
    assert json.loads(signing_key(state))["kid"] in public_keys(state)
    with pytest.raises(CannotDo, match="good until 2022-06-02 09:00 UTC"):
        rotation.end(NEXT_DAY - timedelta(seconds=1))
    rotation.end(NEXT_DAY)
    assert rotation.step() is Step.SETTLED
    assert not is_believed(state, former)
    assert is_believed(state, announced)


def test_a_machine_that_died_between_two_files_does_the_step_again(tmp_path: Path) -> None:
    state, folder = State(tmp_path), tmp_path / "keys"
    rotation, former = TokenRotation(state), token_of(State(tmp_path))
    rotation.announce()
    before = {path: path.read_text() for path in (folder / "signing.json", folder / "signing.next.json")}
    rotation.sign(NOW)
    for path, text in before.items():
        path.write_text(text)
    assert rotation.step() is Step.ANNOUNCED
    assert is_believed(state, former)
    rotation.sign(NOW)
    assert rotation.step() is Step.SIGNING
    assert is_believed(state, former)


def test_a_stolen_key_is_believed_no_more_at_once(tmp_path: Path) -> None:
    state = State(tmp_path)
    rotation, former = TokenRotation(state), token_of(state)
    rotation.announce()
    rotation.replace()
    assert rotation.step() is Step.SETTLED
    assert not is_believed(state, former)
    assert is_believed(state, token_of(state))


def test_no_private_key_is_published_or_open_to_others_at_any_step(tmp_path: Path) -> None:
    state = State(tmp_path)
    rotation = TokenRotation(state)
    rotation.announce()
    private = [json.loads(rotation.next_key)["d"], json.loads(signing_key(state))["d"]]
    rotation.sign(NOW)
    rotation.announce()
    private.append(json.loads(rotation.next_key)["d"])
    assert not any(one in public_keys(state) for one in private)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").glob("*.json")}
    assert modes == {0o600}
    assert private[1] not in (tmp_path / "keys" / "signing.former.json").read_text()
