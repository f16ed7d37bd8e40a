import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from summit_chassis.settings import ServiceSettings
from summit_cli.machine import Machine
from summit_cli.services import SERVICES
from summit_cli.state import AlreadyRunning, State
from summit_testkit.eventually import eventually


@pytest.fixture
def state(server_directory: Path, request: pytest.FixtureRequest) -> State:
    return State(server_directory / f"var-{request.node.name[:40]}")


def test_a_machine_keeps_its_ports_its_data_and_its_mail_between_starts(state: State) -> None:
    said: list[str] = []
    with Machine(state, tell=said.append) as machine:
        first = {service: dict(machine.environment(service)) for service in SERVICES}
        machine.postgres.execute(
            "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')", database="pledges"
        )
        with smtplib.SMTP(machine.mailbox.host, machine.mailbox.port) as client:
            client.sendmail("a@un.example", ["b@un.example"], "Subject: kept\r\n\r\n")
        assert [running.name for running in state.running()] == ["nats", "postgres", "mailbox", "issuer"]
    assert state.running() == []
    with Machine(state, tell=said.append) as machine:
        assert {service: dict(machine.environment(service)) for service in SERVICES} == first
        assert machine.postgres.execute("SELECT word FROM kept", database="pledges") == "here"
        assert machine.mailbox.count() == 1
    assert [line.split()[0] for line in said] == ["nats", "postgres", "mailbox", "issuer"] * 2


def test_the_portal_is_where_it_was_said_to_be_once_it_listens_there(state: State) -> None:
    with Machine(state, tell=lambda _: None) as machine:
        said = machine.portal_url
        host, _, port = said.removeprefix("http://").partition(":")
        with socket.create_server((host, int(port))):
            assert machine.portal_url == said
            assert machine.environment("notifications")["SUMMIT_PORTAL_URL"] == said


def test_a_service_accepts_the_environment_it_is_given(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    with Machine(state, tell=lambda _: None) as machine:
        for name, value in machine.environment("scheduling").items():
            monkeypatch.setenv(name, value)
        settings: BaseSettings = ServiceSettings()
        assert settings.model_dump()["http_port"] == state.ports()["scheduling"]
        assert str(settings.model_dump()["database_url"].get_secret_value()).endswith("/scheduling")
        with pytest.raises(ValueError, match="none of registration"):
            machine.environment("catering")


def test_a_second_machine_on_the_same_directory_is_refused_and_harms_nothing(state: State) -> None:
    with Machine(state, tell=lambda _: None) as machine:
        with pytest.raises(AlreadyRunning), Machine(State(state.directory), tell=lambda _: None):
            pytest.fail("started twice")
        assert machine.nats.alive
        assert machine.postgres.execute("SELECT 1") == "1"


def test_what_was_started_is_stopped_when_the_rest_cannot_start(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []

    def interrupted(machine: Machine) -> None:
        started.extend(running.name for running in state.running())
        raise KeyboardInterrupt

    monkeypatch.setattr(Machine, "_start_mailbox", interrupted)
    with pytest.raises(KeyboardInterrupt), Machine(state, tell=lambda _: None):
        pytest.fail("started")
    assert started == ["nats", "postgres"]
    assert state.running() == []


def summit(state: State, *words: str) -> list[str]:
    return [sys.executable, "-m", "summit_cli.main", "--var", str(state.directory), *words]


def said_by(state: State, *words: str) -> subprocess.CompletedProcess[str]:
    wide = os.environ | {"COLUMNS": "200"}
    return subprocess.run(summit(state, *words), capture_output=True, text=True, env=wide, check=False)


@pytest.fixture
def launcher(state: State) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(summit(state, "servers"), stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


async def test_the_command_says_what_runs_and_ctrl_c_ends_all_of_it_in_time(
    state: State, launcher: subprocess.Popen[str]
) -> None:
    def up() -> None:
        assert [running.name for running in state.running()] == ["nats", "postgres", "mailbox", "issuer"]

    await eventually(up)
    status = said_by(state, "status")
    assert status.returncode == 1, "without its services, Summit does not run"
    for running in state.running():
        assert f"{running.name} " in status.stdout
        assert str(running.port) in status.stdout
    second = said_by(state, "servers")
    assert (second.returncode, second.stdout) == (1, "")
    assert f"runs here already, as process {launcher.pid}" in second.stderr
    start = time.monotonic()
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(timeout=20) == 0
    assert time.monotonic() - start < 15
    assert launcher.stdout is not None
    assert "export SUMMIT_NATS_URL='nats://127.0.0.1:" in launcher.stdout.read()
    assert state.running() == []
    nothing = said_by(state, "status")
    assert nothing.returncode == 1
    assert f"Nothing runs in {state.directory}" in nothing.stdout + nothing.stderr


async def test_nothing_survives_a_killed_launcher(state: State, launcher: subprocess.Popen[str]) -> None:
    def up() -> None:
        assert [running.name for running in state.running()] == ["nats", "postgres", "mailbox", "issuer"]

    await eventually(up)
    launcher.kill()
    launcher.wait()

    def gone() -> None:
        assert state.running() == []

    await eventually(gone)


def test_the_command_explains_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "summit_cli.main", "--help"], capture_output=True, text=True, check=True
    )
    for word in ("The whole of Summit on this machine", "servers", "status", "--var"):
        assert word in done.stdout
