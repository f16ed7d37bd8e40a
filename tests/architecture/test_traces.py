"""What travels bears no trace of the machine it was written on."""

from pathlib import Path

import pytest

from summit_testkit.house.sources import files, texts
from summit_testkit.house.traces import addresses, is_lock_file, traces


def test_no_file_bears_a_trace_of_a_machine(root: Path) -> None:
    faults = [str(fault) for path, text in texts(root) for fault in traces(path, text)]
    assert not faults, "\n".join(faults)


def test_no_lock_file_holds_an_address(root: Path) -> None:
    locks = [path for path in files(root) if is_lock_file(path)]
    assert Path("requirements.lock") in locks
    found = [addresses(path, (root / path).read_text(encoding="utf-8")) for path in locks]
    faults = [str(fault) for faults in found for fault in faults]
    assert not faults, "\n".join(faults)


def test_every_pin_has_a_hash(root: Path) -> None:
    pins = (root / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    assert [line.split()[0] for line in pins if "==" in line and "--hash=sha256:" not in line] == []


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "home/somebody/summit",
        "path = '/" + "work/main/contracts'",
        "C:\\" + "Users\\somebody",
        "pip install --" + "index-url https://packages.example",
        "-----BEGIN " + "PRIVATE KEY-----",
        "seed: SU" + "A" * 56,
    ],
)
def test_a_planted_trace_is_found(line: str) -> None:
    (fault,) = traces(Path("planted.md"), f"first\n{line}\n")
    assert fault.line == 2


@pytest.mark.parametrize("line", ["https://example.org/home/page", "deploy/work/plan.md", "/var/lib/summit"])
def test_other_paths_are_no_trace(line: str) -> None:
    assert not list(traces(Path("planted.md"), line))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements.lock", "nats-py @ https://packages.example/nats.whl"),
        ("package-lock.json", '"resolved": "https://packages.example/parser.tgz",'),
        ("pnpm-lock.yaml", "tarball: git+ssh://packages.example/parser"),
    ],
)
def test_a_planted_address_in_a_lock_file_is_found(name: str, line: str) -> None:
    assert is_lock_file(Path("deploy") / name)
    assert list(addresses(Path(name), line))
