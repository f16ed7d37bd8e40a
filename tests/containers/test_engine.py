"""The program that starts and ends an engine removes what killed tests left behind, and of this checkout only."""

import os
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from summit_testkit import engine


@pytest.fixture
def checkout(images: Mapping[str, str]) -> Iterator[str]:
    """A name for a checkout that nobody has, with a container, a network and a volume; gone afterwards."""
    name = f"of-a-test-{os.getpid()}"
    engine.docker("create", "--name", name, "--label", f"summit.tests={name}", images["nats"])
    engine.docker("network", "create", "--label", f"summit.tests={name}", name)
    engine.docker("volume", "create", "--label", f"summit.tests={name}", name)
    yield name
    swept(name)


def swept(checkout: str) -> None:
    subprocess.run(
        [engine.DOCKER / "engine.sh", "sweep"], env=os.environ | {"SUMMIT_CHECKOUT": checkout}, check=True
    )


def left(checkout: str) -> list[str]:
    """The kinds of things that are still there."""
    kinds = {"container": ("ps", "--all"), "network": ("network", "ls"), "volume": ("volume", "ls")}
    label = f"label=summit.tests={checkout}"
    return [
        kind
        for kind, listing in kinds.items()
        if engine.docker(*listing, "--quiet", "--filter", label).split()
    ]


def test_what_killed_tests_of_a_checkout_left_behind_is_removed_by_it_alone(checkout: str) -> None:
    swept(f"beside-{checkout}")
    assert left(checkout) == ["container", "network", "volume"]
    swept(checkout)
    assert left(checkout) == []


def test_the_program_and_the_tests_agree_on_the_name_of_this_checkout() -> None:
    told = subprocess.run(
        [engine.DOCKER / "engine.sh", "checkout"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == engine.CHECKOUT
