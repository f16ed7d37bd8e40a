"""A container engine with this checkout's images; tests that need it say so, and never decide for themselves to be skipped."""

import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[4]
DOCKER = ROOT / "deploy" / "docker"
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
"""What tests of this checkout make is named by this, so that those of another on the same engine leave it alone."""
LABEL = f"summit.tests={CHECKOUT}"
"""Of every container that a test makes, so that `deploy/docker/engine.sh stop` finds what a killed run left behind."""
_MADE_ON = ROOT / "var" / "images" / "base"
"""`make images` writes here which image it built on."""


class NoEngine(Exception):
    """Tests in containers cannot run here, for this reason."""


def must_be_there() -> bool:
    """Whether an engine that is missing is a failure: where `SUMMIT_CONTAINERS=required`; else those tests are left out."""
    return os.environ.get("SUMMIT_CONTAINERS") == "required"


@cache
def why_not() -> str | None:
    """Why tests cannot run in containers here; none if they can."""
    if not _MADE_ON.exists():
        return "no images were made of this checkout (`make images`)"
    try:
        docker("version", "--format", "{{.Server.Version}}")
    except NoEngine as missing:
        return str(missing)
    return None


def is_left_out() -> bool:
    """Whether what can run as containers or as processes runs as processes."""
    return why_not() is not None and not must_be_there()


@cache
def images() -> dict[str, str]:
    """The image of each service and server by name. What has changed is built anew: nobody tests yesterday's code.

    Raises:
        NoEngine: no engine answers.
    """
    base = _MADE_ON.read_text(encoding="utf-8").strip()
    made = _run(sys.executable, str(DOCKER / "images.py"), "--base", base, "--tag", CHECKOUT, within=900)
    names = re.findall(rf"^summit/([a-z-]+):{CHECKOUT}", made, re.MULTILINE)
    return {name: f"summit/{name}:{CHECKOUT}" for name in names}


def remove(container: str) -> None:
    """There is no container of that name, whatever it was doing."""
    subprocess.run(["docker", "rm", "--force", "--volumes", container], capture_output=True, check=False)


def inspected(reference: str) -> dict[str, Any]:
    """All that the engine knows about an image or a container."""
    found: dict[str, Any] = json.loads(docker("inspect", reference))[0]
    return found


def docker(*arguments: str, within: float = 120) -> str:
    """What the engine's client printed.

    Raises:
        NoEngine: it is not there, or no engine answers it.
        AssertionError: the engine refused; with what it said.
    """
    try:
        return _run("docker", *arguments, within=within)
    except FileNotFoundError as missing:
        raise NoEngine("there is no `docker` on the search path") from missing
    except AssertionError as refused:
        if "Cannot connect to the Docker daemon" in str(refused):
            raise NoEngine(
                "no container engine answers; `deploy/docker/engine.sh start` starts one"
            ) from None
        raise


def _run(*words: str, within: float) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=within, check=False)
    assert done.returncode == 0, (
        f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    )
    return done.stdout
