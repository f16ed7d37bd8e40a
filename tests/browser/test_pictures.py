"""Pictures of the main pages. `SUMMIT_PICTURES=1` puts them into `docs/pictures`, where the README shows them."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext

from summit_testkit.browser.walk import Viewer

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = {
    "glance-en": (Viewer.ANYBODY, "/en/uncops-2022"),
    "participants-ar": (Viewer.ANYBODY, "/ar/uncops-2022/participants"),
    "pledges-fr": (Viewer.ANYBODY, "/fr/uncops-2022/pledges"),
    "delegation-zh": (Viewer.NOMINATOR, "/zh/delegation"),
    "agenda-ru": (Viewer.NOMINATOR, "/ru/delegation/agenda"),
    "registrations-es": (Viewer.SECRETARIAT, "/es/console/uncops-2022/registrations"),
    "timetable-en": (Viewer.SECRETARIAT, "/en/console/uncops-2022/timetable?on=2022-09-02"),
    "facts-en": (Viewer.SECRETARIAT, "/en/console/uncops-2022/facts"),
}
MOST_BYTES = 200_000
"""A picture is for a page of documentation, and everybody who clones carries it."""


@pytest.mark.parametrize("name", SHOWN)
async def test_the_page_has_its_picture(
    viewers: Mapping[Viewer, BrowserContext], tmp_path: Path, name: str
) -> None:
    folder = PICTURES if os.environ.get("SUMMIT_PICTURES") else tmp_path
    viewer, address = SHOWN[name]
    page = await viewers[viewer].new_page()
    await page.set_viewport_size({"width": 1100, "height": 800})
    answer = await page.goto(address)
    assert answer
    assert answer.status == 200
    picture = await page.screenshot(path=folder / f"{name}.png", animations="disabled")
    await page.close()
    assert len(picture) < MOST_BYTES
