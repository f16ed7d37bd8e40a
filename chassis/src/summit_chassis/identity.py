"""Who is asking, and who may: short-lived signed tokens, roles, and a guard that every route must state.

Tokens are JSON Web Tokens signed with Ed25519 (RFC 7519, RFC 8037). A nominator's token names the one invitee it acts for.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from starlette.exceptions import HTTPException

from summit_chassis.ids import new_id
from summit_contracts.errors import NotAllowed

ISSUER = "summit"
_ALGORITHM = "Ed25519"
_LEEWAY_SECONDS = 30
_KNOWN_TOKENS = 2_000


class Role(StrEnum):
    """What a caller may be to the system."""

    REGISTRATION = "secretariat.registration"
    SCHEDULING = "secretariat.scheduling"
    PLEDGES = "secretariat.pledges"
    PROTOCOL = "secretariat.protocol"
    ADMIN = "secretariat.admin"
    NOMINATOR = "nominator"
    SUBSCRIBER = "subscriber"
    SERVICE = "service"


SECRETARIAT = (Role.REGISTRATION, Role.SCHEDULING, Role.PLEDGES, Role.PROTOCOL, Role.ADMIN)


class WrongRole(NotAllowed):
    """The caller is known and has none of the roles that may do this."""

    slug = "wrong-role"
    title = "Your role may not do this."


class ForeignInvitee(NotAllowed):
    """A nominator acts for one invitee only, and this is another one's."""

    slug = "foreign-invitee"
    title = "This belongs to another invitee."


@dataclass(frozen=True)
class Caller:
    """Somebody who showed a valid token. `account` is who answers for what is done; it is no person's name."""

    account: str
    roles: frozenset[Role]
    edition_id: str | None = None
    """The summit a nominator's token is for."""
    invitee: str | None = None
    """The one invitee a nominator acts for."""

    def is_any_of(self, roles: Iterable[Role]) -> bool:
        """Whether the caller has one of these roles."""
        return not self.roles.isdisjoint(roles)

    def must_act_for(self, edition_id: str, invitee: str) -> None:
        """Nothing, for the secretariat and for the invitee's own nominator.

        Raises:
            ForeignInvitee: for a nominator of another invitee or edition.
        """
        if self.is_any_of(SECRETARIAT):
            return
        if (self.edition_id, self.invitee) != (edition_id, invitee):
            raise ForeignInvitee(
                f"Your token is for {self.invitee or 'nobody'} at {self.edition_id or 'no summit'},"
                f" not for {invitee} at {edition_id}.",
                remedy="Sign in by the invitation of the invitee you act for.",
                field="invitee",
            )


class Issuer:
    """Signs tokens; only what signs people in holds one."""

    def __init__(self, private_key: OKPKey) -> None:
        self._key = private_key

    @classmethod
    def from_json(cls, private_jwk: str) -> "Issuer":
        """From a private JSON Web Key of type OKP, curve Ed25519."""
        return cls(OKPKey.import_key(json.loads(private_jwk)))

    def issue(
        self,
        account: str,
        roles: Iterable[Role],
        *,
        now: datetime,
        valid_for: timedelta = timedelta(minutes=30),
        edition_id: str | None = None,
        invitee: str | None = None,
    ) -> str:
        """A token for this account, good until `now + valid_for`."""
        claims = {
            "iss": ISSUER,
            "sub": account,
            "roles": sorted(roles),
            "iat": int(now.timestamp()),
            "exp": int((now + valid_for).timestamp()),
            "jti": new_id(),
            "edition_id": edition_id,
            "invitee": invitee,
        }
        header = {"alg": _ALGORITHM, "kid": self._key.thumbprint()}
        return jwt.encode(
            header,
            {name: value for name, value in claims.items() if value is not None},
            self._key,
            [_ALGORITHM],
        )


def new_key() -> OKPKey:
    """A fresh Ed25519 key pair."""
    key = OKPKey.generate_key("Ed25519")
    return OKPKey.import_key(
        {**key.as_dict(private=True), "kid": key.thumbprint(), "alg": _ALGORITHM, "use": "sig"}
    )


def fault_of_signing_key(private_jwk: str, key_set: str) -> str | None:
    """What is wrong with a key that is to sign tokens which are verified with this set, or nothing; the key is not shown."""
    try:
        key = OKPKey.import_key(json.loads(private_jwk))
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        return "must be a private JSON Web Key (Ed25519)"
    if not key.is_private:
        return "must be a private JSON Web Key (Ed25519); this one is public"
    believed = {one.thumbprint() for one in KeySet.import_key_set(json.loads(key_set)).keys}
    return None if key.thumbprint() in believed else "is not among the keys that tokens are verified with"


@dataclass(frozen=True, slots=True)
class _Known:
    """What a token said; its signature was checked at `read_at`. Both times are seconds of the epoch."""

    caller: Caller
    read_at: float
    expires_at: float


class Verifier:
    """Reads tokens with public keys; every service holds one."""

    def __init__(self, key_set: str) -> None:
        self._keys = KeySet.import_key_set(json.loads(key_set))
        self._known: dict[bytes, _Known] = {}
        """The tokens that were read last, by their digests."""

    def caller(self, token: str, *, now: datetime) -> Caller:
        """Who the token speaks for.

        Raises:
            ValueError: not signed by us, expired, not yet valid, or without what a token must say. Why is not told.
        """
        digest = hashlib.sha256(token.encode()).digest()
        moment, known = now.timestamp(), self._known.get(digest)
        if known is None or not known.read_at <= moment <= known.expires_at:
            self._known.pop(digest, None)
            known = self._read(token, now)
            if len(self._known) >= _KNOWN_TOKENS:
                del self._known[next(iter(self._known))]
            self._known[digest] = known
        return known.caller

    def _read(self, token: str, now: datetime) -> "_Known":
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            claims: dict[str, Any] = jwt.decode(token, self._keys, algorithms=[_ALGORITHM]).claims
            registry.validate(claims)
            roles = frozenset(Role(role) for role in claims.get("roles", ()))
        except (JoseError, ValueError, KeyError, TypeError) as failure:
            raise ValueError("the token is not valid") from failure
        caller = Caller(str(claims["sub"]), roles, claims.get("edition_id"), claims.get("invitee"))
        return _Known(caller, now.timestamp(), int(claims["exp"]))


class Guard:
    """Who may pass a route. FastAPI calls it; a test reads `roles` from every route."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self.roles = roles
        """Empty for a route that is open to everybody."""

    async def __call__(self, request: Request) -> Caller:
        """The caller, if one of the roles is theirs; for a route with an invitee in its path, also the right one."""
        header = request.headers.get("authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise HTTPException(401, "A bearer token is needed.")
        try:
            caller: Caller = request.app.state.verifier.caller(token, now=request.app.state.clock.now())
        except ValueError as failure:
            raise HTTPException(401, "The token is not valid; sign in again.") from failure
        if not caller.is_any_of((*self.roles, Role.ADMIN)):
            raise WrongRole(
                f"This needs one of: {', '.join(self.roles)}.",
                remedy="Ask somebody with that role, or sign in as one.",
            )
        if "invitee" in request.path_params:
            caller.must_act_for(
                request.path_params.get("edition_id", caller.edition_id or ""), request.path_params["invitee"]
            )
        return caller


def allow(*roles: Role) -> Any:
    """The dependency of a route that these roles (and `secretariat.admin`) may use: `caller: Annotated[Caller, allow(...)]`."""
    return Depends(Guard(roles))


async def open_to_all() -> None:
    """The dependency of a route that needs no token; stating it is what makes it deliberate."""


OpenToAll = Annotated[None, Depends(open_to_all)]


def statement_of(dependencies: Iterable[Callable[..., Any] | None]) -> tuple[Role, ...] | None:
    """Who may pass, read from a route's dependencies: roles, an empty tuple for everybody, none where nothing is stated."""
    for dependency in dependencies:
        if isinstance(dependency, Guard):
            return dependency.roles
        if dependency is open_to_all:
            return ()
    return None
