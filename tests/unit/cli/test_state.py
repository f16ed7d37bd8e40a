import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from summit_cli.servers.child import Child
from summit_cli.servers.ports import LOOPBACK, is_free
from summit_cli.state import AlreadyRunning, State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "var")


def test_a_port_is_kept_between_starts(state: State) -> None:
    port = state.reserve("nats")
    assert State(state.directory).reserve("nats") == port
    assert state.ports() == {"nats": port}


def test_a_kept_port_that_was_taken_meanwhile_is_given_up_for_good(state: State) -> None:
    kept = state.reserve("nats")
    with socket.create_server((LOOPBACK, kept)):
        other = state.reserve("nats")
        assert other != kept
    assert state.reserve("nats") == other


def test_the_preferred_port_is_taken_only_where_it_is_free(state: State) -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        taken = listener.getsockname()[1]
        assert state.reserve("portal", preferred=taken) != taken
    preferred = next(port for port in range(18_000, 19_000) if is_free(port))
    assert state.reserve("other", preferred=preferred) == preferred


@pytest.mark.parametrize("content", ["", "{", "[]", '{"nats": "many"}'])
def test_a_spoiled_file_of_ports_is_as_none(state: State, content: str) -> None:
    (state.folder(".") / "ports.json").write_text(content)
    assert state.ports() == {}
    port = state.reserve("nats")
    assert state.ports() == {"nats": port}


def test_one_launcher_at_a_time(state: State) -> None:
    other = State(state.directory)
    with state.claimed(), pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"), other.claimed():
        pytest.fail("claimed twice")
    with other.claimed():
        pass


def test_a_launcher_that_was_killed_holds_nothing(state: State) -> None:
    holder = f"""
import os, pathlib, signal
from summit_cli.state import State
with State(pathlib.Path({str(state.directory)!r})).claimed():
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", holder], check=False)
    assert done.returncode == -signal.SIGKILL
    with state.claimed():
        pass


def test_what_was_noted_is_told_while_it_is_alive(state: State, tmp_path: Path) -> None:
    child = Child("sleeper", ["sleep", "60"], tmp_path / "log", tmp_path)
    child.start()
    try:
        state.note("launcher", os.getpid(), 8000)
        state.note("sleeper", child.pid, 8001, restarts=2)
        launcher, sleeper = state.running()
        assert (launcher.name, launcher.pid, launcher.port, launcher.restarts) == (
            "launcher",
            os.getpid(),
            8000,
            0,
        )
        assert (sleeper.name, sleeper.restarts) == ("sleeper", 2)
        assert sleeper.log == state.log("sleeper")
    finally:
        child.end(signal.SIGKILL, within=10)
    assert [running.name for running in state.running()] == ["launcher"]
    state.forget("launcher")
    assert state.running() == []


def test_another_process_with_an_old_number_is_not_taken_for_the_one_that_was_noted(state: State) -> None:
    state.note("registration", os.getpid(), 8000)
    path = state.folder("run") / "registration.json"
    words = json.loads(path.read_text())
    words["born"] -= 3600
    path.write_text(json.dumps(words))
    assert state.running() == []
