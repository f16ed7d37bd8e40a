"""The doors of webhooks: for operators only, because whoever opens one makes our machine connect to an address."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from summit_chassis.http import Created, Door, answer
from summit_chassis.identity import SECRETARIAT, Caller, Role, allow
from summit_contracts.values import EditionId
from summit_webhooks.domain.ports import Seal, Unit
from summit_webhooks.domain.webhook import SECRET_BYTES
from summit_webhooks.handlers.add_webhook import AddWebhook, add_webhook
from summit_webhooks.handlers.queries import log_of, standings
from summit_webhooks.handlers.redeliver import redeliver
from summit_webhooks.handlers.remove_webhook import remove_webhook
from summit_webhooks.handlers.rotate_secret import rotate_secret
from summit_webhooks.http.schemas import (
    AttemptAnswer,
    Counts,
    Name,
    RedeliverBody,
    SecretAnswer,
    StandingAnswer,
    Waiting,
    WebhookBody,
)

router = APIRouter(tags=["webhooks"])


async def _door(request: Request) -> Door[Unit]:
    door: Door[Unit] = request.app.state.door
    return door


async def _seal(request: Request) -> Seal:
    seal: Seal = request.app.state.seal
    return seal


DoorTo = Annotated[Door[Unit], Depends(_door)]
SealedBy = Annotated[Seal, Depends(_seal)]
Operator = Annotated[Caller, allow(Role.ADMIN)]
Counter = Annotated[Caller, allow(*SECRETARIAT, Role.SERVICE)]


@router.post("/webhooks", status_code=201, response_model=SecretAnswer)
async def add(request: Request, body: WebhookBody, door: DoorTo, _: Operator, seal: SealedBy) -> Response:
    """A system is told of facts from now on, and of all before; its secret is said here, once."""

    async def make(unit: Unit) -> Created:
        webhook = await add_webhook(
            AddWebhook(body.name, body.url, body.facts, body.owner),
            unit=unit,
            now=door.now(),
            random=secrets.token_bytes(SECRET_BYTES),
            seal=seal,
            internal=request.app.state.internal,
        )
        return Created(SecretAnswer.of(webhook, seal), f"/webhooks/{webhook.name}")

    return answer(await door.change(make))  # kept for nobody: the secret would stand there in clear


@router.get("/webhooks")
async def show(door: DoorTo, _: Operator) -> list[StandingAnswer]:
    """Every webhook, by name, and how its deliveries stand."""
    async with door.begin() as unit:
        return [StandingAnswer.of(one) for one in await standings(unit=unit)]


@router.get("/webhooks/{name}/log")
async def show_log(
    name: Name, door: DoorTo, _: Operator, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[AttemptAnswer]:
    """The last attempts to post to it, the newest first."""
    async with door.begin() as unit:
        return [AttemptAnswer.of(one) for one in await log_of(name, limit, unit=unit)]


@router.post("/webhooks/{name}/redeliver", status_code=202)
async def say_again(name: Name, body: RedeliverBody, door: DoorTo, _: Operator) -> Waiting:
    """One fact, or everything given up, is posted anew within seconds; a stopped webhook is active."""
    async with door.begin() as unit:
        return Waiting(deliveries=await redeliver(name, body.event_id, unit=unit, now=door.now()))


@router.post("/webhooks/{name}/secret")
async def rotate(name: Name, door: DoorTo, _: Operator, seal: SealedBy) -> SecretAnswer:
    """It is signed with a new secret, said here, once; the former one signs beside it for a day."""
    async with door.begin() as unit:
        random = secrets.token_bytes(SECRET_BYTES)
        rotated = await rotate_secret(name, unit=unit, now=door.now(), random=random, seal=seal)
        return SecretAnswer.of(rotated, seal)


@router.delete("/webhooks/{name}", status_code=204)
async def remove(name: Name, door: DoorTo, _: Operator) -> None:
    """It is told no more; its secret, its deliveries and its log are gone."""
    async with door.begin() as unit:
        await remove_webhook(name, unit=unit)


@router.get("/editions/{edition_id}/counts")
async def counts(edition_id: EditionId, door: DoorTo, _: Counter) -> Counts:
    """How many facts of the edition are kept, for whoever compares that with the streams."""
    async with door.begin() as unit:
        return Counts(facts=await unit.deliveries.heard(edition_id))
