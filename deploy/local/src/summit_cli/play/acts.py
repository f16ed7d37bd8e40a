"""The acts of the play, each through the doors that people use, each safe to be played again after an interruption."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from http.client import CONFLICT, NOT_FOUND
from typing import Any, Protocol, TypeVar

from summit_cli.checkout import EditionFiles
from summit_cli.play.cast import Asked, Cast
from summit_cli.play.doors import DoorRefused, Doors
from summit_contracts.editions import Edition

T = TypeVar("T")

_AT_ONCE = 8
_LOOK_AGAIN_SECONDS, _LOOK_AGAIN_AT_LATEST = 0.1, 0.5
_PATIENCE_SECONDS = 300.0
_SOLVES = 3
_LONGEST_SOLVE = 600  # seconds; scheduling takes no more


class Progress(Protocol):
    """Where the play says how far an act has come."""

    def begin(self, act: str, total: int | None) -> None:
        """An act begins; `total` steps, if that is known."""

    def advance(self, steps: int = 1) -> None:
        """So many more steps are done."""

    def end(self, said: str) -> None:
        """The act is over; what came of it in a few words."""


class NothingHappened(Exception):
    """What an act waits for did not come; the message says what."""


class PlayedOtherwise(NothingHappened):
    """The same summit was played with other people or wishes."""

    def __init__(self, edition_id: str) -> None:
        super().__init__(
            f"{edition_id} was played here before with other people or wishes.\n"
            "Play it with the same seed and size, or on another directory: summit --var DIRECTORY run …"
        )


@dataclass
class Play:
    """A summit being played; afterwards its counts are what the doors answered with."""

    doors: Doors
    cast: Cast
    progress: Progress
    files: EditionFiles
    solve_seconds: int
    bilaterals: dict[str, Asked] = field(default_factory=dict)
    """Each bilateral asked for, by its id."""

    @property
    def edition(self) -> Edition:
        """What is played."""
        return self.cast.edition

    @property
    def _path(self) -> str:
        return f"/editions/{self.edition.edition_id}"

    def _key(self, *parts: str) -> dict[str, str]:
        """The same act of the same play has the same key: playing it again changes nothing."""
        return {"idempotency-key": "-".join(("play", *parts))[:100]}

    async def perform(self) -> None:
        """All acts in order; those of a service that does not run here are left out."""
        await self.announce()
        await self.invite()
        await self.register()
        await self.confirm()
        if "scheduling" in self.doors.services:
            await self.answer()
            await self.solve()
        if "pledges" in self.doors.services and self.files.pledges:
            await self.pledge(self.files.pledges.read_text(encoding="utf-8"))
        if "notifications" in self.doors.services:
            await self.deliver()

    async def announce(self) -> None:
        """The edition is published."""
        self.progress.begin("Edition applied", 1)
        await self.doors.call(
            "registration",
            "POST",
            "/editions",
            content=self.files.edition.read_text(encoding="utf-8"),
            headers={"content-type": "application/toml"},
        )
        self.progress.advance()
        self.progress.end(f"{len(self.edition.days)} days, {len(self.edition.rooms)} rooms")

    async def invite(self) -> None:
        """Everybody is invited, with a focal point and a backup."""
        self.progress.begin("Invitations issued", len(self.cast.addressees))
        body = {"addressees": self.cast.addressees}
        response = await self.doors.call(
            "registration", "POST", f"{self._path}/invitations", json=body, headers=self._key("invite")
        )
        invited = len(response.json()["issued"]) + len(response.json()["left_alone"])
        self.progress.advance(invited)
        self.progress.end(f"{invited} invitees")

    async def register(self) -> None:
        """Each delegation that comes sends its form."""
        forms = self.cast.forms
        async for there in self.doors.pages("registration", f"{self._path}/delegations", limit=500):
            if there["invitee"] not in forms:
                raise PlayedOtherwise(self.edition.edition_id)
        self.progress.begin("Delegations registered", len(forms))

        async def send(code: str) -> None:
            answer = await self._as(
                code, "registration", "POST", f"{self._path}/delegations/{code}", "register", forms[code]
            )
            for wish in answer["wishes"]:
                asked = wish["asked"]
                self.bilaterals[wish["bilateral_id"]] = Asked(
                    code, asked["counterparts"][0], tuple(asked["days"])
                )
            self.progress.advance()

        await _all_of(send, forms)
        self.progress.end(f"{len(forms)} delegations, {len(self.bilaterals)} wishes")

    async def confirm(self) -> None:
        """Most confirm."""
        confirming = [code for place, code in enumerate(self.cast.forms) if place % 10]
        self.progress.begin("Delegations confirmed", len(confirming))

        async def look_and_confirm(code: str) -> None:
            path = f"{self._path}/delegations/{code}"
            seen = await self.doors.call("registration", "GET", path, invitee=code)
            if seen.json()["delegation"]["state"] == "nominated":
                headers = {"if-match": seen.headers["etag"]}
                await self.doors.call(
                    "registration", "POST", f"{path}/confirm", invitee=code, headers=headers
                )
            self.progress.advance()

        await _all_of(look_and_confirm, confirming)
        self.progress.end(f"{len(confirming)} delegations")

    async def answer(self) -> None:
        """Every counterpart that comes answers; a counter-proposal is accepted by the requester."""
        await self._until(self._all_heard, "scheduling has not heard every wish")
        self.progress.begin("Wishes answered", len(self.bilaterals))

        async def send(bilateral_id: str) -> None:
            asked = self.bilaterals[bilateral_id]
            answer = self.cast.answer(asked)
            await self._answer(bilateral_id, asked.other, answer.verb, answer.body)
            if answer.verb == "counter":
                await self._answer(bilateral_id, asked.asker, "accept", {"invitee": asked.asker})
            self.progress.advance()

        await _all_of(send, self.bilaterals)
        counts = await self.doors.get("scheduling", f"{self._path}/counts")
        self.progress.end(f"{counts['agreed']} agreed, {counts['declined']} declined")

    async def _answer(self, bilateral_id: str, speaker: str, verb: str, body: dict[str, Any]) -> None:
        speaks_through_secretariat = speaker in self.cast.principals
        try:
            await self.doors.call(
                "scheduling",
                "POST",
                f"{self._path}/bilaterals/{bilateral_id}/{verb}",
                invitee=None if speaks_through_secretariat else speaker,
                json=body,
                headers=self._key(verb, speaker, bilateral_id),
            )
        except DoorRefused as refused:
            if refused.status != CONFLICT:  # it was answered by an earlier performance
                raise

    async def _all_heard(self) -> bool:
        try:
            counts = await self.doors.get("scheduling", f"{self._path}/counts")
        except DoorRefused as refused:
            if refused.status != NOT_FOUND:
                raise
            return False  # it has not even heard of the edition
        return int(counts["requested"]) >= len(self.bilaterals)

    async def solve(self) -> None:
        """The timetable is solved and published, unless an earlier performance did that."""
        self.progress.begin("Timetable solved", None)
        if (await self.doors.get("scheduling", f"{self._path}/counts"))["timetables"]:
            self._end_of_solve(await self.doors.get("scheduling", f"{self._path}/timetables/latest"))
            return
        solve = f"{self._path}/solves/{await self._solve_id()}"
        published = await self.doors.call(
            "scheduling", "POST", f"{solve}/publish", headers=self._key("publish")
        )
        self._end_of_solve(published.json())

    async def _solve_id(self) -> str:
        """A solve that has a plan; a solver that had none in its time, on a busy machine, is given twice as much."""
        failure = ""
        for attempt in range(_SOLVES):
            body = {"seconds": min(self.solve_seconds * 2**attempt, _LONGEST_SOLVE), "seed": 1}
            key = self._key("solve", str(body["seconds"])) if attempt else self._key("solve")
            started = await self.doors.call(
                "scheduling", "POST", f"{self._path}/solves", json=body, headers=key
            )
            solve_id = str(started.json()["solve_id"])
            failure = await self._failure_of(f"{self._path}/solves/{solve_id}")
            if not failure:
                return solve_id
        raise NothingHappened(f"the solver failed {_SOLVES} times: {failure}")

    async def _failure_of(self, solve: str) -> str:
        """Why the solve failed, when it has ended; nothing if it did not."""
        seen: dict[str, Any] = {}

        async def has_ended() -> bool:
            seen.update(await self.doors.get("scheduling", solve))
            return seen["state"] in ("solved", "published", "failed")

        await self._until(has_ended, "the timetable was not solved")
        return str(seen["failure"]) if seen["state"] == "failed" else ""

    def _end_of_solve(self, timetable: Any) -> None:
        certificate = timetable["certificate"]
        self.progress.end(
            f"{timetable['placed']} placed, {certificate['status']}, gap {certificate['gap']:.2%}"
        )

    async def pledge(self, table: str) -> None:
        """The real pledges are made."""
        self.progress.begin("Pledges made", None)
        response = await self.doors.call(
            "pledges",
            "POST",
            f"{self._path}/pledges/import",
            content=table,
            headers={"content-type": "text/csv", **self._key("pledges")},
        )
        self.progress.end(f"{response.json()['made']} pledges")

    async def deliver(self) -> None:
        """Every letter has reached the mailbox."""
        self.progress.begin("Letters delivered", None)

        async def none_waits() -> bool:
            counts = await self.doors.get("notifications", f"{self._path}/counts")
            return bool(counts["queued"] == 0 and counts["sent"] >= len(self.cast.addressees))

        await self._until(none_waits, "letters are still waiting to be sent")
        counts = await self.doors.get("notifications", f"{self._path}/counts")
        self.progress.end(f"{counts['sent']} letters")

    async def _as(
        self, code: str, service: str, method: str, path: str, act: str, body: dict[str, Any]
    ) -> Any:
        key = self._key(act, self.edition.edition_id, code)
        try:
            response = await self.doors.call(service, method, path, invitee=code, json=body, headers=key)
        except DoorRefused as refused:
            if refused.slug in ("idempotency-key-reused", "already-registered"):
                raise PlayedOtherwise(self.edition.edition_id) from refused
            raise
        return response.json()

    async def _until(self, is_so: Callable[[], Awaitable[bool]], otherwise: str) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                pause = _LOOK_AGAIN_SECONDS
                while not await is_so():  # what is waited for lies in another process
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.5, _LOOK_AGAIN_AT_LATEST)  # looking costs them time, too
        except TimeoutError:
            raise NothingHappened(f"after {_PATIENCE_SECONDS:g} s {otherwise}") from None


async def _all_of(act: Callable[[str], Awaitable[None]], names: Iterable[str]) -> None:
    """The act for each name, a few at a time; the first failure ends all."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(name: str) -> None:
        async with turn:
            await act(name)

    tasks = [asyncio.create_task(in_turn(name)) for name in names]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
