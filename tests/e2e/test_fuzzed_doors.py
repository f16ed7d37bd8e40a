"""Every operation of every service, asked for what its own description allows and for much that it does not.

Source: Schemathesis, which makes requests of an OpenAPI document and holds the answers against it.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from summit_chassis.identity import SECRETARIAT
from summit_cli.machine import Machine
from summit_cli.services import installed
from summit_cli.system import System
from summit_testkit.eventually import eventually
from summit_testkit.pledging import PROMISE
from summit_testkit.scenarios import Outsider, SummitFile, form, wish
from summit_testkit.scenarios.meeting import agreed, published_timetable

MANY = int(os.environ.get("SUMMIT_FUZZ", "0"))
"""So many requests for each operation, others at each run; without it a few, always the same."""
FEW: Final = 4
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer("application/toml")
def _as_text(_: object, value: Any) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lived(system: System, machine: Machine) -> Outsider:
    """A summit on which a delegation came, met another and promised something."""
    outsider = Outsider(system.deployment, machine.mailbox, "fuzzed-doors")
    await outsider.open(SummitFile(outsider.edition_id))
    await outsider.register("FR", form("FR"))
    registered = await outsider.register("KE", form("KE", wish("FR")))
    await agreed(outsider, registered["wishes"][0]["bilateral_id"], "FR")
    await published_timetable(outsider)
    pledge = {"pledger": "KE", "make": True, "promise": PROMISE}
    await eventually(
        lambda: outsider.done("pledges", "POST", f"{outsider.path}/pledges", invitee="KE", json=pledge)
    )
    await outsider.sent("KE", "invitation")
    return outsider


@pytest.mark.timeout(MANY * 120 + 300)
@pytest.mark.parametrize("service", sorted(installed()))
async def test_whatever_is_asked_gets_an_answer_that_is_documented(lived: Outsider, service: str) -> None:
    places = await what_is_there(lived)
    asking = [lived.token(*SECRETARIAT), lived.token(invitee="KE"), ""]
    failures = await asyncio.to_thread(fuzzed, lived.deployment.addresses[service], places, asking)
    assert not failures, f"{len(failures)} operations:\n\n" + "\n\n".join(failures)


SEEN_NO_MORE = {
    "notifications": "/editions/{edition_id}/letters/{letter_id}/words",
    "scheduling": "/editions/{edition_id}/solves/{solve_id}/difference",
}
"""What was there and cannot be shown: an invitation's secret words once it has left, changes that were published already."""


@pytest.mark.parametrize("service", SEEN_NO_MORE)
async def test_what_can_be_seen_no_more_is_refused_as_documented(lived: Outsider, service: str) -> None:
    operation = SEEN_NO_MORE[service]
    written = await lived.done("notifications", "GET", f"{lived.path}/letters", params={"to": "KE"})
    sent = {one["letter"]: one["letter_id"] for one in written["items"]}
    solves = await lived.done("scheduling", "GET", f"{lived.path}/solves")
    published = next(one["solve_id"] for one in solves if one["state"] == "published")
    places = await what_is_there(lived) | {"letter_id": sent["invitation"], "solve_id": published}
    refused = await lived.ask(service, "GET", operation.format(**places))
    document = (await lived.ask(service, "GET", "/openapi.json")).json()
    assert refused.status_code == 409, refused.text
    assert "409" in document["paths"][operation]["get"]["responses"]


async def what_is_there(lived: Outsider) -> dict[str, str]:
    """Parts of paths that lead to something, by their names: requests about it get further than those about nothing."""

    async def first(service: str, what: str) -> dict[str, Any]:
        listed = await lived.done(service, "GET", f"{lived.path}/{what}")
        found: dict[str, Any] = (listed if isinstance(listed, list) else listed["items"])[0]
        return found

    return {
        "edition_id": lived.edition_id,
        "invitee": "KE",
        "letter": "timetable",
        "number": "1",
        "letter_id": (await first("notifications", "letters"))["letter_id"],
        "pledge_id": (await first("pledges", "pledges"))["pledge_id"],
        "bilateral_id": (await first("scheduling", "bilaterals"))["bilateral_id"],
        "solve_id": (await first("scheduling", "solves"))["solve_id"],
    }


def fuzzed(address: str, places: Mapping[str, str], tokens: list[str]) -> list[str]:
    """What was wrong with the answers of the service at this address: at most one thing for each operation."""
    schema = schemathesis.openapi.from_dict(httpx.get(f"{address}/openapi.json").json())
    schema.config.update(base_url=address)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]  # fails if not
    asked = (_asked(one, places, tokens) for one in operations if not _has_no_end(one))
    return [failure for failure in asked if failure]


def _has_no_end(operation: Any) -> bool:
    return "text/event-stream" in str(operation.definition.raw["responses"])


def _asked(operation: Any, places: Mapping[str, str], tokens: list[str]) -> str | None:
    # Schemathesis 4.32 makes draft 7 of `prefixItems`, which it then finds wrong; plan files are full of them.
    checks = CHECKS[:-1] if operation.path.endswith("/plan") else CHECKS

    @settings(
        max_examples=MANY or FEW,
        derandomize=not MANY,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        for name in case.path_parameters or {}:
            if name in places and data.draw(st.integers(0, 3)):
                case.path_parameters[name] = places[name]
        token = data.draw(st.sampled_from(tokens))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        if case.method != "GET" and data.draw(st.booleans()):
            headers["if-match"] = f'"{data.draw(st.integers(1, 3))}"'
        case.validate_response(case.call(headers=headers), checks=checks)

    try:
        ask()
    except (AssertionError, BaseExceptionGroup) as failure:
        return f"{operation.label}: {failure}"
    return None
