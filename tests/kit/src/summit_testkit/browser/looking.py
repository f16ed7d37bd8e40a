"""What a person would notice about a page: its script and direction, what runs off the edge, what stands in their way."""

import re
from typing import Any

from playwright.async_api import Page

from summit_contracts.values import Language

WIDTHS = (320, 768, 1280)
"""CSS pixels: a telephone (WCAG 1.4.10), a tablet, a desk."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WORD_RULES = ["target-size", "scrollable-region-focusable", "valid-lang", "html-has-lang", "document-title",
    "empty-heading", "link-name", "button-name", "label", "duplicate-id-aria"]  # fmt: skip
_SCRIPTS = {
    Language.ARABIC: re.compile("[\u0600-\u06ff]"),
    Language.CHINESE: re.compile("[\u4e00-\u9fff]"),
    Language.RUSSIAN: re.compile("[\u0400-\u04ff]"),
}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OWN_WORDS = """() => {
  const clone = document.querySelector('body').cloneNode(true);
  clone.querySelectorAll('[lang], code, pre, abbr, bdi, option, time, input, textarea, .letter').forEach(one => one.remove());
  return clone.textContent;
}"""

_MOST_PARTS = 4
_USABLE = """[...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(
    one => !one.disabled && one.checkVisibility() && !(one.type === 'radio' && !one.checked
      && (document.querySelector(`input[name="${one.name}"]:checked`)
        || document.querySelector(`input[name="${one.name}"]`) !== one)))"""
_WATCH_FOCUS = f"""() => {{
  window.reached = [];
  window.focused = new Set();
  window.hasLeft = false;
  document.addEventListener('focusout', left => {{ window.hasLeft ||= left.relatedTarget === null; }});
  document.addEventListener('focusin', ({{target: one}}) => {{
    if (window.hasLeft) return;
    window.focused.add(one);
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && box.width > 0;
    window.reached.push(`${{one.tagName.toLowerCase()}} ${{one.getAttribute('href') || one.getAttribute('name') || one.className}}`
      + (seen ? '' : ' (cannot be seen to have the focus)'));
  }});
  window.wanted = {_USABLE};
  return window.wanted.length; }}"""


async def findings(page: Page, axe: str, *, only_words: bool = False) -> list[str]:
    """What axe-core holds against the page, rule by rule; nothing for a page that is fit for everybody.

    `only_words` asks what other words on the same page can change, and takes a tenth of the time.
    """
    await page.evaluate(axe)
    asked = {"type": "rule", "values": _WORD_RULES} if only_words else {"type": "tag", "values": _RULES}
    found: dict[str, Any] = await page.evaluate(
        "asked => axe.run(document, {runOnly: asked, resultTypes: ['violations']})", asked
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


async def reached_by_keyboard(page: Page) -> list[str]:
    """What the Tab key reaches, in order, until it leaves the page; what cannot be seen to have the focus says so."""
    within = await page.evaluate(_WATCH_FOCUS)
    for _ in range(_MOST_PARTS):  # a date is one field, and as many stops as it has parts
        for _ in range(within + 1):
            await page.keyboard.press("Tab")
        if await page.evaluate("window.hasLeft"):
            break
    return list(await page.evaluate("window.reached"))


async def never_reached(page: Page) -> list[str]:
    """What could be used when `reached_by_keyboard` began, is still there, and never had the focus."""
    return list(
        await page.evaluate(
            "window.wanted.filter(one => one.isConnected && !window.focused.has(one)).map(one => one.outerHTML.slice(0, 160))"
        )
    )
