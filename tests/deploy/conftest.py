"""The overlays as a cluster would be told them, and the secrets that are made for them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from summit_cli.stack import Stack
from summit_cli.state import State
from summit_testkit.manifests import Manifest

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("single", "production")
KUBECTL = Path(sys.executable).parent / "kubectl"
NAMES = ("nats-0.nats-peers", "nats-1.nats-peers", "nats-2.nats-peers")


@pytest.fixture(scope="session")
def rendered() -> dict[str, list[Manifest]]:
    """Everything that each overlay says."""
    return {overlay: _yaml(KUBECTL, "kustomize", KUBERNETES / "overlays" / overlay) for overlay in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def overlay(request: pytest.FixtureRequest, rendered: dict[str, list[Manifest]]) -> list[Manifest]:
    """Everything that one overlay says; each test sees all of them."""
    return rendered[request.param]


@pytest.fixture(scope="session")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `summit stack init` makes for Kubernetes."""
    folder = tmp_path_factory.mktemp("stack")
    Stack(State(folder), NAMES, "postgres-rw").write()
    return folder


@pytest.fixture(scope="session")
def secrets(secrets_folder: Path) -> dict[str, Manifest]:
    """The Secrets that are made of it, by name."""
    found = _yaml(KUBERNETES / "secrets.sh", secrets_folder)
    return {one["metadata"]["name"]: one for one in found}


def _yaml(*words: str | Path) -> list[Manifest]:
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"KUBECTL": str(KUBECTL)},
    )
    assert done.returncode == 0, done.stderr
    return [one for one in yaml.safe_load_all(done.stdout) if one]
