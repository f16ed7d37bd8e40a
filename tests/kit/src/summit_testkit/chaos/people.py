"""People who register, amend, ask, answer, pledge and withdraw, each patiently until there is an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from summit_testkit.chaos.promises import Promises
from summit_testkit.pledging import PROMISE
from summit_testkit.scenarios import Outsider, SummitFile, form, wish

STATES = ("KE", "NO", "RW", "FR", "GH", "BR", "SE", "JO", "IN", "CA", "UY", "SN")
_LANGUAGES = ("es", "ru", "ar", "zh")  # no invitation is written in one of these
_GONE = ":counterpart-withdrawn"
_AGAIN_AFTER = 0.4  # seconds


@dataclass(frozen=True)
class Person:
    """The focal point of one invitee at one summit."""

    outsider: Outsider
    code: str
    promises: Promises
    chance: Random
    patience: float
    """Seconds after which an answer is given up."""

    @property
    def edition_id(self) -> str:
        """The summit."""
        return self.outsider.edition_id

    @property
    def _delegation(self) -> str:
        return f"{self.outsider.path}/delegations/{self.code}"

    async def live(self, counterparts: Sequence[str]) -> list[tuple[str, str]]:
        """Registered with wishes, amended, pledged, and perhaps withdrawn; each bilateral asked for, and of whom."""
        sent, registered = await self._register(counterparts)
        asked = [
            (str(one["bilateral_id"]), str(one["asked"]["counterparts"][0])) for one in registered["wishes"]
        ]
        for bilateral_id, _ in asked:
            self.promises.keep("asked", self.edition_id, bilateral_id)
        members = [
            person | {"member_id": known["member_id"]}
            for person, known in zip(sent["members"], registered["members"], strict=True)
        ]
        await asyncio.gather(self._amend(members), self._pledge())
        if self.chance.random() < 0.15:
            await self._change(
                "registration", self._delegation, "withdraw", "withdrawn", {"reason": "budget"}
            )
            self.promises.keep("withdrawn", self.edition_id, self.code)
        return asked

    async def _register(self, counterparts: Sequence[str]) -> tuple[dict[str, Any], Any]:
        """What was sent in the end, without wishes for those who have withdrawn meanwhile, and what was granted."""
        wanted = list(counterparts)
        sent = form(self.code, *(wish(other) for other in wanted))
        headers = {"idempotency-key": f"{self.edition_id}-{self.code}-register"}

        async def try_it() -> Any | None:
            nonlocal sent
            said = await self._ask("registration", "POST", self._delegation, headers=headers, json=sent)
            if said.status_code == httpx.codes.CONFLICT and said.json()["type"].endswith(_GONE):
                wanted.remove(said.json()["counterpart"])
                sent = form(self.code, *(wish(other) for other in wanted))
            return said.json() if said.is_success else None

        registered = await self._until(try_it, f"POST {self._delegation}")
        self.promises.keep("registered", self.edition_id, self.code)
        return sent, registered

    async def answer(self, bilateral_id: str) -> None:
        """The wish of another is accepted or declined; who hears of it only later is told so, and comes again."""
        verb = self.chance.choice(("accept", "accept", "decline"))
        path = f"{self.outsider.path}/bilaterals/{bilateral_id}"
        body = {"invitee": self.code} | ({"reason": "no_time"} if verb == "decline" else {})

        async def try_it() -> str | None:
            said = await self._ask("scheduling", "POST", f"{path}/{verb}", json=body)
            if said.is_success:
                return verb
            is_over = (
                said.is_client_error and said.status_code != httpx.codes.NOT_FOUND
            )  # it was called off, or answered before
            return "void" if is_over else None

        outcome = await self._until(try_it, f"{verb} {bilateral_id}")
        if outcome == verb:
            self.promises.keep("answered", self.edition_id, bilateral_id, f"{verb} {self.code}")

    async def _amend(self, members: list[dict[str, Any]]) -> None:
        for language in self.chance.sample(_LANGUAGES, 3):
            await self._change(
                "registration", self._delegation, None, language, {"members": members, "language": language}
            )
            self.promises.keep("amended", self.edition_id, self.code, language)
            await self._pause()

    async def _pledge(self) -> None:
        for number in range(2):
            body = {"pledger": self.code, "promise": PROMISE, "make": True}
            path = f"{self.outsider.path}/pledges"
            pledge = await self._until_granted("pledges", "POST", path, key=f"pledge-{number}", json=body)
            pledge_id = str(pledge["pledge_id"])
            self.promises.keep("pledged", self.edition_id, pledge_id)
            await self._pause()
            if number:
                await self._change(
                    "pledges", f"{path}/{pledge_id}", "withdraw", "withdrawn", {"reason": "no"}
                )
                self.promises.keep("pledge withdrawn", self.edition_id, pledge_id)

    async def _change(
        self, service: str, path: str, verb: str | None, becomes: str, body: dict[str, Any]
    ) -> None:
        """It is as wanted. Who does not hear the end of a request looks how things stand before trying again."""

        async def try_it() -> bool | None:
            seen = await self._ask(service, "GET", path)
            if not seen.is_success:
                return None
            standing = seen.json().get("delegation") or seen.json()
            if becomes in (standing.get("state"), standing.get("language")):
                return True
            method, where = ("POST", f"{path}/{verb}") if verb else ("PATCH", path)
            headers = {"if-match": seen.headers["etag"]}
            changed = await self._ask(service, method, where, json=body, headers=headers)
            return True if changed.is_success else None

        await self._until(try_it, f"{becomes} {path}")

    async def _until_granted(self, service: str, method: str, path: str, *, key: str, **sent: Any) -> Any:
        headers = {"idempotency-key": f"{self.edition_id}-{self.code}-{key}"}

        async def try_it() -> Any | None:
            said = await self._ask(service, method, path, headers=headers, **sent)
            return said.json() if said.is_success else None

        return await self._until(try_it, f"{method} {path}")

    async def _until(self, try_it: Callable[[], Awaitable[Any | None]], what: str) -> Any:
        """What came of it, asked again while services and servers are away.

        Raises:
            TimeoutError: it did not come in all that time.
        """
        last = "no answer"
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    try:
                        if (outcome := await try_it()) is not None:
                            return outcome
                    except httpx.TransportError as failure:
                        last = repr(failure)
                    await asyncio.sleep(_AGAIN_AFTER)
        except TimeoutError:
            said = self.promises.last_said.get((self.edition_id, self.code), "nothing")
            self.promises.unanswered.append(f"{self.edition_id}: {what}: {last}; last heard {said}")
            raise

    async def _ask(self, service: str, method: str, path: str, **sent: Any) -> httpx.Response:
        said = await self.outsider.ask(service, method, path, invitee=self.code, **sent)
        self.promises.answers[said.status_code] += 1
        if not said.is_success:
            self.promises.last_said[self.edition_id, self.code] = f"{said.status_code} {said.text[:300]}"
        if said.status_code == httpx.codes.INTERNAL_SERVER_ERROR:
            self.promises.broken_doors.append(f"{method} {path}: {said.text[:300]}")
        return said

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.02, 0.3))


@dataclass
class Crowd:
    """Summit after summit, with all their people, until told to stop; then those under way are finished."""

    outsider_of: Callable[[str], Outsider]
    promises: Promises
    chance: Random
    at_once: int
    """How many are at it at any time."""
    patience: float = 150.0
    """Seconds after which somebody gives up."""
    summits: int = 0

    def edition_ids(self) -> list[str]:
        """Every summit that was begun."""
        return [f"chaos-{number}" for number in range(1, self.summits + 1)]

    async def live(self, stopping: asyncio.Event) -> None:
        """All that was begun is over."""
        turn = asyncio.Semaphore(self.at_once)
        underway: set[asyncio.Task[None]] = set()
        while not stopping.is_set():
            outsider = self.outsider_of(f"chaos-{self.summits + 1}")
            await self._open(outsider)
            self.summits += 1
            people = {
                code: Person(outsider, code, self.promises, Random(f"{self.chance.random()}"), self.patience)
                for code in STATES
            }
            for code in STATES:
                await turn.acquire()
                if stopping.is_set():
                    turn.release()
                    break
                others = self.chance.sample([one for one in STATES if one != code], 2)
                task = asyncio.create_task(self._one_life(people, code, others))
                task.add_done_callback(lambda _: turn.release())
                underway.add(task)
        await asyncio.gather(*underway, return_exceptions=True)

    async def _one_life(self, people: dict[str, Person], code: str, others: Sequence[str]) -> None:
        asked = await people[code].live(others)
        await asyncio.gather(*(people[other].answer(bilateral_id) for bilateral_id, other in asked))

    async def _open(self, outsider: Outsider) -> None:
        async with asyncio.timeout(self.patience):
            while True:
                try:
                    await outsider.open(SummitFile(outsider.edition_id, states=STATES))
                except (httpx.TransportError, AssertionError):
                    await asyncio.sleep(_AGAIN_AFTER)
                else:
                    return
