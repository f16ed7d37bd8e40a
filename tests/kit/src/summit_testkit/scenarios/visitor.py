"""Somebody at a browser without JavaScript: opens pages, follows links, fills in forms as they stand and presses their buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Self
from urllib.parse import urljoin

import httpx

from summit_testkit.eventually import eventually

Typed = Mapping[str, str | Sequence[str]]
_NO_END = {"input", "meta", "link", "br", "img", "hr", "rect"}


@dataclass
class Button:
    """Something that sends a form."""

    label: str
    name: str | None
    value: str
    action: str | None
    """Where it sends the form; none for where the form says."""


@dataclass
class FilledForm:
    """A form with what stands in it."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """What a list or a set of boxes offers."""
    buttons: list[Button] = field(default_factory=list)


class Seen(HTMLParser):
    """What a page shows and offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FilledForm] = []
        self.links: dict[str, str] = {}
        """Addresses by what stands on the link."""
        self.attributes: dict[str, str | None] = {}
        """Of the page itself: language and direction."""
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._words: list[str] = []
        self._options: list[tuple[str, bool]] = []
        self.feed(html)

    @property
    def text(self) -> str:
        """All words of the page in their order."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        said = dict(attrs)
        if tag == "html":
            self.attributes = said
        if tag == "form":
            self.forms.append(FilledForm(said.get("action") or "", said.get("method") or "get"))
        if tag == "input" and self.forms:
            self._input(self.forms[-1], said)
        if tag == "select":
            self._options = []
        if tag == "option":
            self._options.append((said.get("value") or "", "selected" in said))
        if tag not in _NO_END:
            self._open.append((tag, said, []))

    def handle_data(self, data: str) -> None:
        """Words."""
        for tag, _, words in self._open:
            if tag in ("a", "button", "textarea"):
                words.append(data)
        if not any(tag in ("script", "style", "option", "title") for tag, _, _ in self._open):
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        while self._open:
            last, said, words = self._open.pop()
            self._ended(last, said, "".join(words))
            if last == tag:
                return

    def _ended(self, tag: str, said: dict[str, str | None], words: str) -> None:
        label = " ".join(words.split())
        match tag:
            case "a":
                self.links.setdefault(label, said.get("href") or "")
            case "select" if self.forms:
                self._selected(self.forms[-1], said["name"] or "")
            case "textarea" if self.forms:
                self.forms[-1].fields.setdefault(said["name"] or "", []).append(words)
            case "button" if self.forms:
                button = Button(label, said.get("name"), said.get("value") or "", said.get("formaction"))
                self.forms[-1].buttons.append(button)

    @staticmethod
    def _input(form: FilledForm, said: dict[str, str | None]) -> None:
        name, value = said.get("name") or "", said.get("value") or ""
        if said.get("type") in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(value)
            if "checked" not in said:
                return
        form.fields.setdefault(name, []).append(value)

    def _selected(self, form: FilledForm, name: str) -> None:
        """A browser sends the option that is selected, or the first."""
        values = [value for value, _ in self._options]
        chosen = [value for value, is_selected in self._options if is_selected] or values[:1]
        form.choices.setdefault(name, []).extend(values)
        form.fields.setdefault(name, []).extend(chosen)


class Visitor:
    """One person's browser, with its cookies."""

    def __init__(self, address: str) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=20, follow_redirects=True)
        self.status = 0
        self.address = ""
        self.html = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    @property
    def page(self) -> Seen:
        """What is on the screen."""
        return Seen(self.html)

    async def open(self, path: str) -> Seen:
        """The page at that address is on the screen."""
        return self._look(await self._client.get(path))

    async def shown(self, path: str) -> Seen:
        """The same, once the portal has heard of what the page is about."""

        async def is_there() -> Seen:
            page = await self.open(path)
            assert self.status == HTTPStatus.OK, page.text
            return page

        return await eventually(is_there)

    async def follow(self, link: str) -> Seen:
        """The page behind the link is on the screen."""
        found = [address for label, address in self.page.links.items() if link in label]
        assert found, f"no link {link!r} among {list(self.page.links)} on {self.address}"
        return await self.open(urljoin(self.address, found[0]))

    async def fetch(self, path: str) -> httpx.Response:
        """What lies at an address, without leaving the page."""
        return await self._client.get(urljoin(self.address, path))

    async def send(self, path: str, sent: Typed, **headers: str) -> httpx.Response:
        """What a page of somebody else gets that makes this browser send a form here."""
        return await self._client.post(
            urljoin(self.address, path), data=dict(sent), headers=headers, follow_redirects=False
        )

    async def press(self, label: str, typed: Typed | None = None) -> Seen:
        """The form with that button was sent with what stands in it and what was typed."""
        for form in self.page.forms:
            for button in form.buttons:
                if button.label == label:
                    return await self._send(form, button, typed or {})
        offered = [button.label for form in self.page.forms for button in form.buttons]
        raise AssertionError(f"no button {label!r} among {offered} on {self.address}: {self.page.text}")

    async def _send(self, form: FilledForm, button: Button, typed: Typed) -> Seen:
        unknown = [name for name in typed if name not in form.fields and name not in form.choices]
        assert not unknown, f"no field {unknown} in the form; it has {sorted({*form.fields, *form.choices})}"
        sent = form.fields | {
            name: [one] if isinstance(one, str) else list(one) for name, one in typed.items()
        }
        for name, values in sent.items():
            wrong = [one for one in values if name in form.choices and one not in form.choices[name]]
            assert not wrong, f"{name} does not offer {wrong}"
        if button.name:
            sent = {**sent, button.name: [button.value]}
        place = urljoin(self.address, button.action or form.action)
        if form.method == "post":
            return self._look(await self._client.post(place, data=sent))
        return self._look(await self._client.get(place, params=sent))

    def _look(self, answer: httpx.Response) -> Seen:
        self.status, self.address, self.html = answer.status_code, str(answer.url), answer.text
        return self.page
