"""What a person would notice about a page: its script and direction, what runs off the edge, what stands in their way."""

import re
from typing import Any

from playwright.async_api import Page

from summit_contracts.values import Language

WIDTHS = (320, 768, 1280)
"""CSS pixels: a telephone (WCAG 1.4.10), a tablet, a desk."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_SCRIPTS = {
    Language.ARABIC: re.compile("[\u0600-\u06ff]"),
    Language.CHINESE: re.compile("[\u4e00-\u9fff]"),
    Language.RUSSIAN: re.compile("[\u0400-\u04ff]"),
}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OWN_WORDS = """() => {
  const clone = document.querySelector('body').cloneNode(true);
  clone.querySelectorAll('[lang], code, pre, abbr, bdi, option, time, input, textarea').forEach(one => one.remove());
  return clone.textContent;
}"""


async def faults_of(page: Page, axe: str | None, language: Language, address: str) -> list[str]:
    """What is wrong with the page at the address in that language: direction, script, what axe-core finds if given, width."""
    await page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    await page.goto(f"/{language}{address}")
    said = await page.get_attribute("html", "lang"), await page.get_attribute("html", "dir")
    meant = language.value, "rtl" if language is Language.ARABIC else "ltr"
    faults = [] if said == meant else [f"is {said} and not {meant}"]
    faults += await foreign_words(page, language)
    faults += await findings(page, axe) if axe else []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        faults += [f"at {width}: {one}" for one in await overflow(page)]
    return [f"{address}: {one}" for one in faults]


async def findings(page: Page, axe: str) -> list[str]:
    """What axe-core holds against the page, rule by rule; nothing for a page that is fit for everybody."""
    await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def overflow(page: Page) -> list[str]:
    """What makes the page wider than the window; nothing where one scrolls down only."""
    return list(
        await page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
            [...document.querySelectorAll('body *')].filter(one => !one.closest('.scroll, pre, .hidden') && (
                one.getBoundingClientRect().right > window.innerWidth + 1 || one.getBoundingClientRect().left < -1))
            .map(one => one.outerHTML.slice(0, 120)).slice(0, 5).concat('wider than the window')"""
        )
    )


async def foreign_words(page: Page, language: Language) -> list[str]:
    """Lines of our own words that are not in the script of the language, though they hold letters."""
    script = _SCRIPTS.get(language)
    text: str = await page.evaluate(_OWN_WORDS)
    lines = [line.strip() for line in text.splitlines() if len(_LATIN.findall(line)) > 2]
    if script is None:
        other = [one for name, one in _SCRIPTS.items() if name is not language]
        return [line for line in text.splitlines() if any(one.search(line) for one in other)]
    return [line for line in lines if not script.search(line)]


async def reached_by_keyboard(page: Page, most: int = 200) -> list[str]:
    """What the Tab key reaches, in order, until it leaves the page."""
    reached: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        place = await page.evaluate(
            """() => { const one = document.activeElement;
            if (!one || one === document.body) return null;
            const box = one.getBoundingClientRect(), style = getComputedStyle(one);
            const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
            return `${one.tagName.toLowerCase()} ${one.getAttribute('href') || one.getAttribute('name') || one.className}`
              + (seen && box.width > 0 ? '' : ' (cannot be seen to have the focus)'); }"""
        )
        if place is None:
            break
        reached.append(place)
    return reached
