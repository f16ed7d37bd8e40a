"""What an OpenID Connect provider says about somebody, believed only where its signature and its claims hold.

Source: OpenID Connect Core 1.0, section 3.1.3.7 (ID token validation); OpenID Connect Discovery 1.0; RFC 8725.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from summit_registration.domain.errors.staff import StaffNotVouchedFor, StaffProviderAway
from summit_registration.domain.staff import Vouched

_ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"]
"""Signatures with a public key; never `none`, never a shared secret."""
_LEEWAY_SECONDS = 30
_OLDEST_SECONDS = 300
"""An ID token is exchanged as soon as it was given; an old one was found somewhere."""
_PATIENCE_SECONDS = 5.0
_KEYS_HOLD_SECONDS = 600.0
_ASK_AGAIN_SECONDS = 10.0
"""Nobody makes us ask the provider more often by showing keys that do not exist."""


class OidcProvider:
    """The provider at `issuer`, as far as it speaks about this client."""

    def __init__(self, issuer: str, client_id: str, groups_claim: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._groups_claim = groups_claim
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def vouched(self, id_token: str, *, nonce: str, now: datetime) -> Vouched:
        """Whom the token is about and which groups they are in.

        Raises:
            StaffNotVouchedFor: it is not the provider's, not for us, not for this sign-in, or not fresh. Why is not told.
            StaffProviderAway: the provider's keys cannot be had.
        """
        try:
            claims = await self._claims(id_token)
            self._check(claims, nonce, now)
            return Vouched(str(claims["sub"]), _groups(claims.get(self._groups_claim, [])))
        except (JoseError, ValueError, KeyError, TypeError) as failure:
            raise StaffNotVouchedFor from failure

    async def _claims(self, id_token: str) -> Mapping[str, Any]:
        keys = await self._key_set(_KEYS_HOLD_SECONDS)
        try:
            return jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError):  # perhaps the provider has changed its keys
            fresh = await self._key_set(_ASK_AGAIN_SECONDS)
            if fresh is keys:
                raise
            return jwt.decode(id_token, fresh, algorithms=_ALGORITHMS).claims

    def _check(self, claims: Mapping[str, Any], nonce: str, now: datetime) -> None:
        moment = int(now.timestamp())
        registry = jwt.JWTClaimsRegistry(
            now=moment,
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(dict(claims))
        if claims.get("azp", self._client_id) != self._client_id:
            raise ValueError("issued to another client")
        if moment - int(claims["iat"]) > _OLDEST_SECONDS:
            raise ValueError("old")

    async def _key_set(self, may_be_seconds_old: float) -> KeySet:
        async with self._asking:
            if self._keys is None or time.monotonic() - self._asked_at > may_be_seconds_old:
                self._keys = await self._fetched()
                self._asked_at = time.monotonic()
            return self._keys

    async def _fetched(self) -> KeySet:
        place = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
                found = (await client.get(place)).raise_for_status().json()
                keys = (await client.get(_place_of_keys(found, self._issuer))).raise_for_status().json()
            return KeySet.import_key_set(keys)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, JoseError) as failure:
            raise StaffProviderAway from failure


def _groups(claimed: Any) -> frozenset[str]:
    """Raises: TypeError: groups are a list, and a text would be taken letter by letter."""
    if not isinstance(claimed, list):
        raise TypeError("groups are a list")
    return frozenset(str(group) for group in claimed)


def _place_of_keys(discovered: Mapping[str, Any], issuer: str) -> str:
    """Raises: ValueError: the document speaks for another issuer. Source: OpenID Connect Discovery 1.0, 4.3."""
    if discovered["issuer"] != issuer:
        raise ValueError("it speaks for another issuer")
    return str(discovered["jwks_uri"])
