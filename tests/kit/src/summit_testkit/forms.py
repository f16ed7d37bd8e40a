"""What people send to registration over HTTP, and the focal point who sends it."""

from collections.abc import Mapping
from typing import Any

import httpx

from summit_chassis.identity import Role
from summit_testkit.desk import Desk

Json = dict[str, Any]
EDITION_ID = "uncops-2022"
FIRST_DAY, LAST_DAY = "2022-08-31", "2022-09-02"


def member(
    name: str = "Amina Odhiambo", function: str = "member", rank: str = "senior_officer", **changed: Any
) -> Json:
    """Somebody of a delegation, without an address unless `email` is given."""
    person = {key: changed.pop(key) for key in ("title", "email", "language") if key in changed}
    return {"function": function, "rank": rank, "person": {"name": name, **person}, **changed}


def head(name: str = "Grace Wanjiru", **changed: Any) -> Json:
    """The head of a delegation."""
    return member(name, "head", **({"rank": "head_of_police"} | changed))


def wish(*counterparts: str, **changed: Any) -> Json:
    """A wish to meet these, NO where nobody is named."""
    fields = {
        "counterparts": list(counterparts or ("NO",)),
        "priority": 1,
        "topic": "Formed police units",
        "level": "head_of_police",
        "language": "en",
        "size": 8,
        "days": [FIRST_DAY, LAST_DAY],
    }
    return fields | changed


def form(*members: Json, wishes: tuple[Json, ...] = (), **changed: Any) -> Json:
    """A finished form: a head and one member unless others are given."""
    people = members or (head(), member(email="amina@ke.example"))
    return {"members": list(people), "wishes": list(wishes), **changed}


def addressee(invitee: str, *, with_backup: bool = False) -> Json:
    """Whom an invitation goes to."""
    roles = ("nominator", "backup") if with_backup else ("nominator",)
    focal = {
        role: {"name": f"{role.title()} of {invitee}", "email": f"{role}@{invitee.lower()}.example"}
        for role in roles
    }
    return {"invitee": invitee, "focal": focal}


def kept_members(delegation: Mapping[str, Any]) -> list[Json]:
    """The members of a delegation as its nominator would send them back, unchanged."""
    fields = ("member_id", "person", "function", "rank", "arrives_on", "leaves_on")
    return [{field: one[field] for field in fields} for one in delegation["members"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a problem, once it is sure that it is one that a person can act on.

    Raises:
        AssertionError: it is no problem, or says nothing.
    """
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["title"], said
    assert said["detail"], said
    return answer.status_code, said["type"].removeprefix("urn:summit:problem:")


class Nominator:
    """The focal point of one invitee at registration's desk."""

    def __init__(self, desk: Desk, invitee: str = "KE") -> None:
        self.desk = desk
        self.invitee = invitee
        self.path = f"/editions/{EDITION_ID}/delegations/{invitee}"

    async def ask(self, method: str, step: str = "", **sent: Any) -> httpx.Response:
        """The answer to one request about the own delegation."""
        return await self.desk.ask(method, self.path + step, as_invitee=self.invitee, **sent)

    async def register(self, *members: Json, wishes: tuple[Json, ...] = (), **changed: Any) -> Json:
        """The delegation, registered with this form.

        Raises:
            AssertionError: it was refused.
        """
        answer = await self.ask("POST", json=form(*members, wishes=wishes, **changed))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def change(
        self, step: str, sent: Json | None = None, *, on: int | None = None, roles: tuple[Role, ...] = ()
    ) -> httpx.Response:
        """The answer to a change of revision `on`, the current one where it is not named; roles make it the secretariat's."""
        revision = f'"{on}"' if on is not None else (await self.ask("GET")).headers["etag"]
        method = "PATCH" if step == "" else "POST"
        who = {"roles": roles} if roles else {"as_invitee": self.invitee}
        return await self.desk.ask(
            method, self.path + step, json=sent or {}, headers={"if-match": revision}, **who
        )

    async def delegation(self) -> Json:
        """The delegation as it stands."""
        return dict((await self.ask("GET")).json()["delegation"])
