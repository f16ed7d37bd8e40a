"""The documents that are generated from the code: schemas, golden messages, AsyncAPI, the event catalogue; and of each
service its OpenAPI document and its canvas.

They are committed, so that a change of the contract is read in review as what it is to subscribers.
"""

from pathlib import Path

from summit_cli.documents.asyncapi import asyncapi
from summit_cli.documents.catalogue_page import catalogue_page
from summit_cli.documents.golden import ContractBroken, contract_files, superfluous_files
from summit_cli.documents.services import service_files
from summit_cli.documents.text import json_text

__all__ = ["ContractBroken", "write_all"]


def write_all(root: Path, check: bool) -> list[str]:
    """The files, relative to `root`, that differ from what the code says; unless `check`, they are now as it says.

    Raises:
        ContractBroken: the code breaks with a schema that is committed, or no longer reads a message that is; nothing was
            written.
    """
    wanted = {
        **contract_files(root),
        "docs/generated/asyncapi.json": json_text(asyncapi()),
        "docs/generated/events.md": catalogue_page(),
        **service_files(),
    }
    differing = [path for path, text in wanted.items() if _text(root / path) != text]
    gone = superfluous_files(root, wanted.keys())
    if not check:
        for path in differing:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path], encoding="utf-8")
        for path in gone:
            (root / path).unlink()
    return sorted([*differing, *gone])


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
