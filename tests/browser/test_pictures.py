"""Pictures of the main pages. `SUMMIT_PICTURES=1` puts them into `docs/pictures`, where the README shows them."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = {
    "glance-en": "/en/uncops-2022",
    "participants-ar": "/ar/uncops-2022/participants",
    "pledges-fr": "/fr/uncops-2022/pledges",
}
MOST_BYTES = 200_000
"""A picture is for a page of documentation, and everybody who clones carries it."""


@pytest.mark.parametrize("name", SHOWN)
async def test_the_page_has_its_picture(page: Page, tmp_path: Path, name: str) -> None:
    folder = PICTURES if os.environ.get("SUMMIT_PICTURES") else tmp_path
    await page.set_viewport_size({"width": 1100, "height": 800})
    await page.goto(SHOWN[name])
    picture = await page.screenshot(path=folder / f"{name}.png", animations="disabled")
    assert len(picture) < MOST_BYTES
