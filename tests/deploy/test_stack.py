"""A stack of containers on one host: what it is told by Compose, by `make` and by `summit stack init`."""

import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from summit_cli import clock as clocks
from summit_cli.main import app
from summit_cli.services import SERVICES
from summit_cli.state import State

ROOT = Path(__file__).parents[2]


def test_the_portal_is_told_where_every_service_is_and_reaches_it() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    portal = services["portal"]
    for name in set(SERVICES) - {"portal"}:
        assert portal["environment"][f"SUMMIT_{name.upper()}_URL"] == f"http://{name}:8080"
        assert set(portal["networks"]) & set(services[name]["networks"])


def made(*words: str, place: Path) -> subprocess.CompletedProcess[str]:
    """What `make` said and how it ended, in a folder where it finds nothing of ours."""
    return subprocess.run(
        ["make", "--file", ROOT / "Makefile", *words],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "stack init --edition uncops-2022"),
        (["EDITION=uncops-2024"], "stack init --edition uncops-2024"),
        (["EDITION="], "stack init"),
    ],
)
def test_an_edition_is_named_only_where_its_clock_is_wanted(
    tmp_path: Path, words: list[str], said: str
) -> None:
    done = made("--dry-run", "--old-file=images", "up", *words, place=tmp_path)
    assert [line.strip() for line in done.stdout.splitlines() if "stack init" in line] == [
        f".venv/bin/summit --var var/stack {said}"
    ]


def test_cleaning_leaves_the_keys_of_a_stack(tmp_path: Path) -> None:
    keys = tmp_path / "var" / "stack" / "keys"
    keys.mkdir(parents=True)
    refused = made("clean", place=tmp_path)
    assert (refused.returncode, keys.exists()) == (2, True)
    assert "make down DOWN=--volumes" in refused.stdout
    keys.rmdir()
    assert made("clean", place=tmp_path).returncode == 0
    assert not (tmp_path / "var").exists()


def test_a_stack_with_the_real_clock_keeps_it(tmp_path: Path) -> None:
    for words in ([], ["--edition", "uncops-2022"]):
        done = CliRunner().invoke(app, ["--var", str(tmp_path), "stack", "init", *words])
        assert done.exit_code == 0, done.output
        assert clocks.kept(State(tmp_path)) == clocks.REAL


def test_a_stack_for_a_summit_of_the_past_lives_at_its_time_also_without_its_name(tmp_path: Path) -> None:
    shown = []
    for words in (["--edition", "uncops-2022"], []):
        done = CliRunner().invoke(app, ["--var", str(tmp_path), "stack", "init", *words])
        assert done.exit_code == 0, done.output
        shown.append(clocks.kept(State(tmp_path)))
    assert shown[0] == shown[1]
    assert shown[0] is not None
    assert shown[0].is_shifted
