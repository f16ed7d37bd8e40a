"""The pictures of the algorithm are drawn from what the engine finds, and say that it adds up."""

from pathlib import Path
from runpy import run_path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[3]
PICTURES = run_path(str(ROOT / "tests" / "bench" / "pictures" / "__main__.py"))

DRAWN: dict[str, str] = PICTURES["drawn"]()


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_well_formed_and_there(name: str) -> None:
    assert ET.fromstring(DRAWN[name]).tag.endswith("svg")  # noqa: S314  # our own
    assert (PICTURES["FOLDER"] / name).exists()


def test_the_sum_in_the_picture_is_the_bound_and_the_plan_reaches_it() -> None:
    assert "Together 48: no plan is worth more. This one is worth 48." in DRAWN["timetable-proof.svg"]


def test_the_picture_of_the_filter_ends_with_rules_that_block() -> None:
    assert "these rules block it" in DRAWN["timetable-why-not.svg"]
