"""What was set aside anywhere in the system: why, with the original, and having it applied again."""

import asyncio
import json
from base64 import b64decode
from http import HTTPStatus
from typing import Annotated, Any, Final

from starlette.requests import Request
from starlette.responses import Response

from summit_chassis import admin
from summit_contracts.fact import Service
from summit_contracts.values import Key
from summit_portal.clients.services import Refused, Unavailable
from summit_portal.pages.console.desk import ADMINISTRATORS, back_to, desk, services_of, told
from summit_portal.shell.routing import page_router
from summit_portal.shell.session import Person

router = page_router()

_MOST: Final = 200


@router.get("/console/dead-letters")
async def overview(
    request: Request, person: Annotated[Person, ADMINISTRATORS], replayed: int | None = None
) -> Response:
    """Everything that waits in every service, the oldest first; a service that does not answer is named."""
    here = [one for one in Service if one is Service.PORTAL or one in services_of(request)]
    found = await asyncio.gather(*(_waiting(request, one, person) for one in here))
    waiting = {service.value: letters for service, letters in zip(here, found, strict=True)}
    return desk(
        request, person, None, "dead_letters", section="dead-letters", waiting=waiting, replayed=replayed
    )


@router.get("/console/dead-letters/{service}/{dead_letter_id}")
async def show(
    request: Request, service: Service, dead_letter_id: Key, person: Annotated[Person, ADMINISTRATORS]
) -> Response:
    """One of them: why it was set aside, and the message as it came."""
    if service is Service.PORTAL:
        letter = (await admin.show_dead_letter(request, dead_letter_id, person)).model_dump(mode="json")
    else:
        path = f"/admin/dead-letters/{dead_letter_id}"
        letter = (await services_of(request).get(service, path, token=person.token)).body
    envelope = _legible(b64decode(letter["payload_base64"]))
    return desk(
        request,
        person,
        None,
        "dead_letter",
        section="dead-letters",
        service=service.value,
        letter=letter,
        envelope=envelope,
    )


@router.post("/console/dead-letters/{service}/replay")
async def replay_all(
    request: Request, service: Service, person: Annotated[Person, ADMINISTRATORS]
) -> Response:
    """All that wait in the service will be applied again within seconds."""
    if service is Service.PORTAL:
        marked = (await admin.replay_all_dead_letters(request, person)).marked
    else:
        path = "/admin/dead-letters/replay"
        marked = (await services_of(request).post(service, path, token=person.token)).body["marked"]
    return back_to("dead-letters", query=f"replayed={marked}")


@router.post("/console/dead-letters/{service}/{dead_letter_id}/replay")
async def replay(
    request: Request, service: Service, dead_letter_id: Key, person: Annotated[Person, ADMINISTRATORS]
) -> Response:
    """It will be applied again within seconds, with all that waits behind it; one that waits no more is left as it is."""
    try:
        if service is Service.PORTAL:
            marked = (await admin.replay_dead_letter(request, dead_letter_id, person)).marked
        else:
            path = f"/admin/dead-letters/{dead_letter_id}/replay"
            marked = (await services_of(request).post(service, path, token=person.token)).body["marked"]
    except admin.NoSuchDeadLetter:
        return back_to("dead-letters")
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return back_to("dead-letters")
    return back_to("dead-letters", query=f"replayed={marked}")


async def _waiting(request: Request, service: Service, person: Person) -> list[dict[str, Any]] | None:
    """What waits there; none where the service does not answer."""
    if service is Service.PORTAL:  # its own, for which it need not ask anybody
        return [
            one.model_dump(mode="json") for one in await admin.list_dead_letters(request, person, limit=_MOST)
        ]
    try:
        return list(await told(request, person, service, "/admin/dead-letters", limit=_MOST))
    except Unavailable:
        return None


def _legible(payload: bytes) -> str:
    """The message in lines; as it is where it is no JSON."""
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except ValueError:
        return payload.decode("utf-8", "backslashreplace")
