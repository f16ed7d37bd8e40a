import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from summit_cli.servers.child import Child, wait_for_predecessor
from summit_cli.servers.failures import ServerDied, ServerFailed
from summit_testkit.eventually import eventually

SLEEPER = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]


def child_of(tmp_path: Path, argv: list[str]) -> Child:
    return Child(name="sleeper", argv=argv, log=tmp_path / "log", directory=tmp_path)


def test_a_child_writes_its_log_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    child.wait_until(lambda: "here" in child.log.read_text(), within=10)
    assert child.alive
    child.end(signal.SIGTERM, within=10)
    assert child.exit_code == -signal.SIGTERM


def test_a_child_is_in_a_session_of_its_own(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    try:
        assert os.getsid(child.pid) == child.pid != os.getsid(0)
    finally:
        child.end(signal.SIGKILL, within=10)


def test_a_child_that_will_not_end_is_killed(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
    child = child_of(tmp_path, [sys.executable, "-c", stubborn])
    child.start()
    child.wait_until(lambda: "here" in child.log.read_text(), within=10)
    child.end(signal.SIGTERM, within=0.2)
    assert child.exit_code == -signal.SIGKILL


def test_a_paused_child_ends_too(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    child.pause()
    assert psutil.Process(child.pid).status() == psutil.STATUS_STOPPED
    child.end(signal.SIGTERM, within=10)
    assert child.exit_code == -signal.SIGTERM


def test_a_child_that_dies_early_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    child = child_of(tmp_path, [sys.executable, "-c", "print('no such setting'); raise SystemExit(3)"])
    child.start()
    with pytest.raises(ServerDied, match=r"(?s)ended with 3.*no such setting"):
        child.wait_until(lambda: False, within=10)


def test_a_child_that_never_answers_is_reported_after_the_time_allowed(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    try:
        with pytest.raises(ServerFailed, match=r"does not answer after 0\.1 s"):
            child.wait_until(lambda: False, within=0.1)
    finally:
        child.end(signal.SIGKILL, within=10)


def test_a_running_child_is_not_started_again_and_a_dead_one_takes_no_signal(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    with pytest.raises(ServerFailed, match="runs already"):
        child.start()
    child.end(signal.SIGKILL, within=10)
    with pytest.raises(ServerDied, match="cannot be sent SIGHUP"):
        child.send(signal.SIGHUP)


def test_a_missing_program_is_a_failed_server(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="cannot be started"):
        child_of(tmp_path, [str(tmp_path / "nothing")]).start()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux can tie a child to its parent's life"
)
async def test_a_child_dies_with_its_killed_launcher(tmp_path: Path) -> None:
    launcher = f"""
import pathlib, sys, time
from summit_cli.servers.child import Child
child = Child(name="sleeper", argv={SLEEPER!r}, log=pathlib.Path({str(tmp_path / "log")!r}), directory=pathlib.Path({str(tmp_path)!r}))
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", launcher, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    orphan = int(await process.stdout.readline())
    assert psutil.pid_exists(orphan)
    process.kill()
    await process.communicate()

    def gone() -> None:
        assert not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE

    await eventually(gone)


def test_a_predecessor_that_still_runs_is_named(tmp_path: Path) -> None:
    child = child_of(tmp_path, [*SLEEPER, "our-own-mark"])
    child.start()
    pid_file = tmp_path / "pid"
    pid_file.write_text(f"{child.pid}\n")
    try:
        with pytest.raises(ServerFailed, match=f"already runs on .* as process {child.pid}"):
            wait_for_predecessor("sleeper", pid_file, "our-own-mark", within=0.1)
    finally:
        child.end(signal.SIGKILL, within=10)
    wait_for_predecessor("sleeper", pid_file, "our-own-mark", within=0.1)
    assert not pid_file.exists()


@pytest.mark.parametrize(
    "content", ["", "torn", "999999999\n", f"{os.getpid()}\n"], ids=["empty", "torn", "nobody", "a stranger"]
)
def test_what_a_power_cut_left_in_a_pid_file_stops_nobody(tmp_path: Path, content: str) -> None:
    pid_file = tmp_path / "pid"
    pid_file.write_text(content)
    wait_for_predecessor("sleeper", pid_file, "a-mark-no-process-has", within=0)
    assert not pid_file.exists()
