"""Who signs access tokens changes in three steps, and nobody is signed out on the way.

Services read their keys when they start, and not at the same moment. So a new key is announced to all before it signs, and the
former is believed until the last of its tokens has ended.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from summit_cli.access.keyring import write_secret
from summit_cli.keys import new_signing_key, public_part, signing_key, token_files
from summit_cli.refusals import CannotDo
from summit_cli.state import State

LONGEST_LIFE = timedelta(days=1)
"""Of an access token: more registration is never told (`SUMMIT_TOKEN_LIFE`)."""
_ASK_WITHIN_SECONDS = 10.0


class Step(StrEnum):
    """Where the change stands."""

    SETTLED = "settled"
    """One key signs, and no other is believed."""
    ANNOUNCED = "announced"
    """The former key signs, the new one is believed already."""
    SIGNING = "signing"
    """The new key signs, the former one is still believed."""


class TokenRotation:
    """The change of the key that signs access tokens, as the files of one deployment have it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._current, self._next, self._former = token_files(state)

    def step(self) -> Step:
        """Where it stands; what a machine that died has half done is done again."""
        if self._next.exists():
            return Step.ANNOUNCED
        return Step.SIGNING if self._former.exists() else Step.SETTLED

    @property
    def next_key(self) -> str:
        """The private key that was announced."""
        return self._next.read_text(encoding="ascii")

    def announce(self) -> None:
        """There is a new key, which services are to believe from their next start on."""
        signing_key(self._state)
        write_secret(self._next, new_signing_key())

    def sign(self, now: datetime) -> None:
        """The new key signs; the former one is believed for a day."""
        former = {"key": public_part(signing_key(self._state)), "signed_until": now.isoformat()}
        write_secret(self._former, json.dumps(former))
        self._next.replace(self._current)

    def end(self, now: datetime) -> None:
        """The former key is believed no more.

        Raises:
            CannotDo: what it has signed may be good still.
        """
        told = json.loads(self._former.read_text(encoding="ascii"))
        over_at = datetime.fromisoformat(told["signed_until"]) + LONGEST_LIFE
        if now < over_at:
            raise CannotDo(
                f"What the former key has signed is good until {over_at:%Y-%m-%d %H:%M} UTC.",
                remedy="Come back then. Was it stolen, say --at-once: everybody signs in again.",
            )
        self._former.unlink()

    def replace(self) -> None:
        """A new key signs, no other is believed, and whoever was signed in signs in again."""
        for path in (self._next, self._former):
            path.unlink(missing_ok=True)
        write_secret(self._current, new_signing_key())


async def disbelieving(addresses: Mapping[str, str], token: str) -> Sequence[str]:
    """The services that take this token of an administrator for nobody's, or that do not answer, by name."""
    import httpx  # no other command about keys speaks with anybody

    async with httpx.AsyncClient(trust_env=False, timeout=_ASK_WITHIN_SECONDS) as client:

        async def believes(address: str) -> bool:
            bearer = {"authorization": f"Bearer {token}"}
            try:
                answer = await client.get(
                    f"{address}/admin/dead-letters", params={"limit": 1}, headers=bearer
                )
            except httpx.HTTPError:
                return False
            return answer.status_code == httpx.codes.OK

        answers = await asyncio.gather(*(believes(address) for address in addresses.values()))
    return [name for name, is_believed in zip(addresses, answers, strict=True) if not is_believed]
