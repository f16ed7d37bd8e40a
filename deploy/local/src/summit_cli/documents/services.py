"""What each service says about itself: its OpenAPI document, and a canvas on one page.

A canvas answers what a newcomer asks first: what can be asked of it and by whom, what it hears, what it publishes.
"""

from collections.abc import Iterator
from inspect import getdoc
from typing import Any

from fastapi.routing import APIRoute

from summit_chassis.identity import statement_of
from summit_chassis.service import Service, application
from summit_cli.documents.text import json_text
from summit_cli.services import installed
from summit_contracts.catalogue import FACTS


def service_files() -> dict[str, str]:
    """The documents of every service, by path relative to the root of the repository."""
    files: dict[str, str] = {}
    for name, service in installed().items():
        files[f"docs/generated/openapi/{name}.json"] = json_text(application(service).openapi())
        files[f"docs/generated/canvas/{name}.md"] = canvas(service)
    return files


def canvas(service: Service[Any]) -> str:
    """The service on one page."""
    title, _, purpose = _docstring(service).partition("\n\n")
    return "\n".join(
        [
            f"# {service.title}",
            "",
            title,
            "",
            "```",
            purpose,
            "```",
            "",
            "## What can be asked of it",
            "",
            "| | route | who may | what is true afterwards |",
            "|---|---|---|---|",
            *_routes(service),
            "",
            "## What it hears",
            "",
            *_facts(service.subscribers.facts, "Nothing: it speaks first."),
            "",
            "## What it publishes",
            "",
            *_facts(tuple(fact for fact in FACTS if service.name is fact.OWNER), "Nothing."),
            "",
        ]
    )


def _docstring(service: Service[Any]) -> str:
    from importlib import import_module

    return getdoc(import_module(f"{service.package}.app")) or service.title


def _routes(service: Service[Any]) -> Iterator[str]:
    for router in service.routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                method = ", ".join(sorted(route.methods or ()))
                said = (route.description or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
                yield f"| {method} | `{route.path}` | {_who(route)} | {said} |"


def _who(route: APIRoute) -> str:
    stated = statement_of(dependency.call for dependency in route.dependant.dependencies)
    if stated is None:
        return "**nobody said**"
    return ", ".join(f"`{role.value}`" for role in stated) or "everybody"


def _facts(facts: tuple[type[Any], ...], otherwise: str) -> Iterator[str]:
    if not facts:
        yield otherwise
    for fact in facts:
        first = (getdoc(fact) or "").partition("\n\n")[0].replace("\n", " ")
        yield f"- `{fact.TYPE}` ({fact.STREAM.value}): {first}"
