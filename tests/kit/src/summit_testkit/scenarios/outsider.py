"""Somebody outside: knows addresses, has tokens, reads mail and streams, and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, TypeVar, cast
from zlib import crc32

import httpx

from summit_chassis.identity import SECRETARIAT, Role
from summit_cli.deployment import Deployment
from summit_cli.play.doors import client_of
from summit_cli.servers.mailbox import Mailbox
from summit_cli.streams import read, stored
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Stream
from summit_testkit.eventually import USUALLY, eventually
from summit_testkit.scenarios.summit import SummitFile

F = TypeVar("F", bound=Fact)

_LINK = re.compile(r"https?://\S+/invitation/([A-Za-z0-9_-]+)")
_CODE = re.compile(r"^\D*(\d{8})\D*$", re.MULTILINE)


@dataclass(frozen=True)
class Outsider:
    """Takes part in one summit of a running deployment."""

    deployment: Deployment
    mailbox: Mailbox
    edition_id: str

    @property
    def path(self) -> str:
        """Where everything of this summit lies, at every service."""
        return f"/editions/{self.edition_id}"

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        invitee: str | None = None,
        roles: Sequence[Role] = SECRETARIAT,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """The answer to one request of the secretariat, or of an invitee's nominator; an empty token is none at all."""
        if token is None:
            token = self.token(*roles, invitee=invitee)
        bearer = {"authorization": f"Bearer {token}"} if token else {}
        async with client_of(self.deployment.addresses[service]) as client:
            return await client.request(method, path, headers={**bearer, **(headers or {})}, **sent)

    async def done(self, service: str, method: str, path: str, **asked: Any) -> Any:
        """What the service answered to a request that it granted."""
        answer = await self.ask(service, method, path, **asked)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def token(self, *roles: Role, invitee: str | None = None) -> str:
        """A token of the secretariat, or of an invitee's nominator."""
        if invitee is None:
            return self.deployment.token(*roles)
        return self.deployment.token(
            Role.NOMINATOR,
            invitee=invitee,
            edition_id=self.edition_id,
            account=f"{invitee}/nominator",
        )

    async def open(self, file: SummitFile) -> None:
        """The summit is published and all its invitees are invited; each focal point has an address of this summit's own."""
        headers = {"content-type": "application/toml"}
        await self.done("registration", "POST", "/editions", content=file.text, headers=headers)
        addressees = [
            {
                "invitee": code,
                "focal": {"nominator": {"name": f"Focal point of {code}", "email": self.focal(code)}},
            }
            for code in file.states
        ]
        await self.done("registration", "POST", f"{self.path}/invitations", json={"addressees": addressees})

    async def register(self, code: str, form: dict[str, Any], **asked: Any) -> Any:
        """What registration answered to the form of the invitee, which it accepted."""
        path = f"{self.path}/delegations/{code}"
        return await self.done("registration", "POST", path, invitee=code, json=form, **asked)

    def focal(self, code: str) -> str:
        """The address of an invitee's focal point."""
        return f"focal@{code.lower()}.{self.edition_id}.example"

    def letters_to(self, code: str) -> list[EmailMessage]:
        """What has arrived at an invitee's focal point, oldest first."""
        return self.mailbox.messages_to(self.focal(code))

    async def letter(self, code: str, kind: str, *, within: float = 60) -> EmailMessage:
        """The first letter of this kind to the invitee's focal point, once it has arrived."""
        path = f"{self.path}/letters"

        async def arrived() -> EmailMessage:
            listed = (await self.done("notifications", "GET", path, params={"to": code}))["items"]
            wanted = [one["letter_id"] for one in listed if one["letter"] == kind]
            found = [
                mail for mail in self.letters_to(code) if any(one in mail["Message-ID"] for one in wanted)
            ]
            assert found, f"{code} has {[(one['letter'], one['state']) for one in listed]}"
            return found[0]

        return await eventually(arrived, within=within)

    async def sent(self, code: str, kind: str) -> EmailMessage:
        """The same, once notifications has it on record as well: until then the mail server may not have answered."""
        path = f"{self.path}/letters"

        async def is_on_record() -> None:
            sent = await self.done("notifications", "GET", path, params={"to": code, "state": "sent"})
            assert kind in [one["letter"] for one in sent["items"]], sent

        await eventually(is_on_record)
        return await self.letter(code, kind)

    async def sign_in(self, code: str) -> str:
        """A token that the invitee's focal point got by the link and the code it was sent."""
        link = link_in(await self.letter(code, "invitation"))
        await self.done("registration", "POST", "/sign-in/codes", token="", json={"link": link})
        secret = code_in(await self.letter(code, "sign_in_code"))
        signed_in = await self.done(
            "registration", "POST", "/sign-in", token="", json={"link": link, "code": secret}
        )
        return str(signed_in["token"])

    async def facts(self, kind: type[F], stream: Stream = Stream.SUMMIT) -> list[Envelope[F]]:
        """Every such fact of this summit that the stream holds, in order."""
        found: list[Envelope[F]] = []
        async with self.deployment.broker() as client:
            async for message in stored(client, stream):
                one = read(message)
                if one and isinstance(one.data, kind) and one.data.edition_id == self.edition_id:
                    found.append(cast("Envelope[F]", one))
        return found

    async def everything(self, stream: Stream) -> bytes:
        """All that the stream holds, as it stands there."""
        async with self.deployment.broker() as client:
            return b"\n".join([message.data async for message in stored(client, stream)])

    async def fact(self, kind: type[F], *, within: float = USUALLY) -> Envelope[F]:
        """The first such fact of this summit, once stream SUMMIT has it."""

        async def heard() -> Envelope[F]:
            found = await self.facts(kind)
            assert found, f"no {kind.__name__} of {self.edition_id}"
            return found[0]

        return await eventually(heard, within=within)

    async def dead_letters(self, service: str) -> list[dict[str, Any]]:
        """What the service has set aside."""
        found: list[dict[str, Any]] = await self.done(service, "GET", "/admin/dead-letters")
        return found


def edition_id_for(test: str) -> str:
    """A name for the summit of a test of that name: the same in every run, and no other test's."""
    words = re.sub(r"[^a-z0-9]+", "-", test.removeprefix("test_").lower())
    return f"{words[:34].strip('-')}-{crc32(test.encode()) % 10_000}"


def text_of(letter: EmailMessage) -> str:
    """The plain text of a mail."""
    body = letter.get_body(("plain",))
    assert body is not None, "the mail has no plain text"
    return str(body.get_content())


def link_in(letter: EmailMessage) -> str:
    """The secret of the link in an invitation."""
    return _found(_LINK, letter)


def code_in(*letters: EmailMessage) -> str:
    """The code to sign in with, of the latest of these letters that has one."""
    return _found(_CODE, *letters)


def _found(pattern: re.Pattern[str], *letters: EmailMessage) -> str:
    texts = [text_of(letter) for letter in letters]
    found = [match for text in texts if (match := pattern.search(text))]
    assert found, f"not in any of {len(texts)} letters: {texts}"
    return found[-1][1]
