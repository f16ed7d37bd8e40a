"""A small summit's scheduling desk: what registration tells it, what parties answer, what is solved and published."""

from typing import Any

import httpx

from summit_contracts.fact import Fact
from summit_contracts.registration import (
    BilateralRequested,
    DelegationRegistered,
    DelegationState,
    EditionPublished,
    MemberSummary,
)
from summit_contracts.values import Function, InviteeKind, Language, Rank
from summit_testkit.builders.scheduling import EDITION_ID, an_edition
from summit_testkit.desk import Desk
from summit_testkit.eventually import eventually
from summit_testkit.forms import Json

PATH = f"/editions/{EDITION_ID}"


def published(revision: int = 1, **changed: Any) -> EditionPublished:
    """The small summit of the builders, or a revision of it."""
    return EditionPublished(edition_id=EDITION_ID, revision=revision, edition=an_edition(**changed))


def delegation(code: str, *alternates: Rank, head: Rank = Rank.MINISTER) -> DelegationRegistered:
    """A delegation of a head, and alternates of these ranks."""
    people = [MemberSummary(member_id=f"{code}-head", function=Function.HEAD, rank=head)] + [
        MemberSummary(member_id=f"{code}-alternate-{number}", function=Function.ALTERNATE, rank=rank)
        for number, rank in enumerate(alternates, start=1)
    ]
    return DelegationRegistered(
        edition_id=EDITION_ID,
        invitee=code,
        kind=InviteeKind.MEMBER_STATE,
        state=DelegationState.NOMINATED,
        language=Language.ENGLISH,
        members=tuple(people),
    )


class Meetings:
    """Scheduling, asked by the nominators of the small summit and by the secretariat."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def ask(self, method: str, path: str, *, invitee: str | None = None, **sent: Any) -> httpx.Response:
        """The answer to a request of the invitee's nominator, or of the secretariat where nobody is named."""
        return await self.desk.ask(method, PATH + path, as_invitee=invitee, edition_id=EDITION_ID, **sent)

    async def answer(
        self, invitee: str, step: str, bilateral_id: str = "b1", *, on: int | None = None, **sent: Any
    ) -> httpx.Response:
        """What came of the party's accept, decline, counter or cancel."""
        headers = {"if-match": f'"{on}"'} if on is not None else {}
        path = f"/bilaterals/{bilateral_id}/{step}"
        return await self.ask(
            "POST", path, invitee=invitee, json={"invitee": invitee, **sent}, headers=headers
        )

    async def agree(self, *wishes: BilateralRequested) -> None:
        """The wishes were heard, and every counterpart has said yes.

        Raises:
            AssertionError: a yes was refused.
        """
        await self.desk.hear(*wishes)
        for wish in wishes:
            for counterpart in wish.counterparts:
                accepted = await self.answer(counterpart, "accept", wish.bilateral_id)
                assert accepted.status_code == 200, accepted.text

    async def bilateral(self, bilateral_id: str = "b1") -> Json:
        """The bilateral as it stands."""
        answer = await self.ask("GET", f"/bilaterals/{bilateral_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def block(self, invitee: str, *stretches: tuple[str, str], member_id: str | None = None) -> None:
        """The invitee cannot be met from and to these moments (UTC), and at no others."""
        blocked = [
            {"member_id": member_id, "interval": {"start_at": start, "end_at": end}}
            for start, end in stretches
        ]
        stated = await self.ask("PUT", f"/availability/{invitee}", invitee=invitee, json={"blocked": blocked})
        assert stated.status_code == 200, stated.text

    async def solve(self, **how: Any) -> str:
        """Where the solve is found that was asked for."""
        asked = await self.ask("POST", "/solves", json={"seconds": 30, **how})
        assert asked.status_code == 202, asked.text
        return asked.headers["location"].removeprefix(PATH)

    async def until(self, solve: str, state: str) -> Json:
        """The solve, as soon as it is in this state.

        Raises:
            AssertionError: it does not come to that.
        """

        async def is_so() -> Json:
            seen = (await self.ask("GET", solve)).json()
            assert seen["state"] == state, seen
            return dict(seen)

        return await eventually(is_so, within=60)

    async def timetable(self, **how: Any) -> Json:
        """What was agreed is solved and published: the placements, and why others have none."""
        solve = await self.solve(**how)
        await self.until(solve, "solved")
        made = await self.ask("POST", f"{solve}/publish")
        assert made.status_code == 201, made.text
        return dict((await self.ask("GET", f"/timetables/{made.json()['number']}/placements")).json())

    async def facts(self, *kinds: type[Fact]) -> list[Any]:
        """What scheduling has published, oldest first; of these kinds only where any are named."""
        found = [envelope.data for envelope in await self.desk.facts()]
        return [fact for fact in found if isinstance(fact, kinds or Fact)]
