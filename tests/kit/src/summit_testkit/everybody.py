"""Summits to which every Member State is invited, as many as a load needs."""

from pathlib import Path
from typing import Final

import httpx

from summit_contracts.reference import invitees
from summit_contracts.values import InviteeKind
from summit_testkit.forms import addressee

MEMBER_STATES: Final = tuple(code for code, one in invitees().items() if one.kind is InviteeKind.MEMBER_STATE)
_EDITION: Final = Path(__file__).parents[4] / "deploy/editions/uncops-2022.toml"


async def invite_everybody(registration: str, bearer: str, *editions: str) -> None:
    """These editions are published at that address, each like UNCOPS 2022, and all Member States are invited to each."""
    text_of = _EDITION.read_text(encoding="utf-8").replace  # a small file of the checkout
    sent = {"addressees": [addressee(code) for code in MEMBER_STATES]}
    headers = {"authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(base_url=registration, headers=headers, timeout=60) as client:
        for edition in editions:
            published = await client.post("/editions", content=text_of('"uncops-2022"', f'"{edition}"'))
            assert published.status_code == 201, published.text
            invited = await client.post(f"/editions/{edition}/invitations", json=sent)
            assert invited.status_code == 201, invited.text
