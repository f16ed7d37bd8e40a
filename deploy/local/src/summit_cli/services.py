"""The services there are: their names, and what each says about itself."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summit_chassis.provisioner import Durable
    from summit_chassis.service import Service

SERVICES = ("registration", "scheduling", "pledges", "notifications", "portal", "webhooks")


def package_of(name: str) -> str:
    """The package a service is imported by."""
    return f"summit_{name}"


def installed() -> dict[str, "Service[Any]"]:
    """Each service that is installed in this environment, by name. Slow: it loads all their code."""
    found = [name for name in SERVICES if find_spec(f"{package_of(name)}.app")]
    return {name: import_module(f"{package_of(name)}.app").service for name in found}


def durables(services: Sequence["Service[Any]"]) -> list["Durable"]:
    """Every durable that the services read streams by."""
    from summit_chassis.provisioner import Durable  # loads the NATS client

    return [
        Durable(stream, service.subscribers.durable.value)
        for service in services
        for stream in service.subscribers.streams
    ]
