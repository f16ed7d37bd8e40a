"""Who is looking, and that a form came from our own page.

The cookie is signed, unreadable for scripts, sent by our own site only, and holds the person's own token: the portal has none
to act with. Every change must bring the session's secret back, which a foreign page cannot know.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from fastapi import Depends
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from summit_chassis.identity import Caller, Guard, Role, WrongRole

FIELD: Final = "csrf"
"""The hidden field that brings the secret back; scripts send the header instead."""
HEADER: Final = "x-csrf-token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(Exception):
    """The page is for people who are signed in, and nobody is, or no longer."""


class ForgedForm(Exception):
    """The form did not bring the session's secret back: it came from elsewhere, or the session ended meanwhile."""


class SentAgain(Exception):
    """The form was sent once more that this very session was signed in by; there is nothing left to do."""


@dataclass(frozen=True)
class Session:
    """What the cookie holds."""

    secret: str
    token: str | None = None
    """The person's own access token; none before they signed in."""
    by: str | None = None
    """The digest of the form that signed them in; its own secret is part of it, so nobody else can have sent it."""
    is_new: bool = False
    """Whether the browser does not know it yet."""


@dataclass(frozen=True)
class Person(Caller):
    """Somebody who is signed in, and the token to act with on their behalf."""

    token: str = ""


class Sessions:
    """Signs and reads cookies."""

    def __init__(self, key: str, *, is_secure: bool) -> None:
        self._serializer = URLSafeSerializer(key, salt="summit-portal-session")
        self._seal = URLSafeSerializer(key, salt="summit-portal-retelling")
        self._is_secure = is_secure
        self._cookie = "__Host-summit" if is_secure else "summit"

    def sealed(self, said: Any) -> str:
        """The same as text that comes back as it was, or not at all."""
        return str(self._seal.dumps(said))

    def unsealed(self, text: str) -> Any:
        """What was sealed; none where we did not."""
        try:
            return self._seal.loads(text)
        except BadSignature:
            return None

    def of(self, request: Request) -> Session:
        """The session of the request; a fresh one where there is none, or one that we did not sign."""
        if not hasattr(request.state, "session"):
            request.state.session = self._read(request.cookies.get(self._cookie, ""))
        found: Session = request.state.session
        return found

    def are_brought_by(self, request: Request) -> bool:
        """Whether the browser brought a session, whoever signed it."""
        return self._cookie in request.cookies

    def _read(self, cookie: str) -> Session:
        try:
            held: Mapping[str, Any] = self._serializer.loads(cookie)
            return Session(str(held["s"]), held.get("t"), held.get("b"))
        except (BadSignature, KeyError, TypeError, AttributeError):
            return Session(secrets.token_urlsafe(24), is_new=True)

    def sign_in(self, response: Response, token: str, *, by: str | None = None) -> None:
        """From this answer on the browser acts for whom the token names, under a new secret; `by` is the form's digest."""
        self.keep(response, Session(secrets.token_urlsafe(24), token, by))

    def sign_out(self, response: Response) -> None:
        """The browser has forgotten the session."""
        response.delete_cookie(self._cookie, path="/", secure=self._is_secure, httponly=True, samesite="lax")

    def keep(self, response: Response, session: Session) -> None:
        """The browser holds the session until it is closed."""
        held = {"s": session.secret, "t": session.token, "b": session.by}
        response.set_cookie(
            self._cookie,
            str(self._serializer.dumps(held)),
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )


def sessions_of(request: Request) -> Sessions:
    """What signs and reads this application's cookies."""
    found: Sessions = request.app.state.sessions
    return found


class SignedIn(Guard):
    """Who may see a page: as `allow`, but the token comes in the session and not in a header."""

    async def __call__(self, request: Request) -> Person:
        """The person, if one of the roles is theirs.

        Raises:
            NotSignedIn: nobody is signed in, or the token has expired.
            WrongRole: somebody without such a role is.
        """
        token = sessions_of(request).of(request).token
        if not token:
            raise NotSignedIn
        try:
            caller: Caller = request.app.state.verifier.caller(token, now=request.app.state.clock.now())
        except ValueError as failure:
            raise NotSignedIn from failure
        if not caller.is_any_of((*self.roles, Role.ADMIN)):
            raise WrongRole(
                f"This page needs one of: {', '.join(self.roles)}.",
                remedy="Ask somebody with that role, or sign in as one.",
            )
        return Person(caller.account, caller.roles, caller.edition_id, caller.invitee, token)


def signed_in(*roles: Role) -> Any:
    """The dependency of a page that these roles may see: `person: Annotated[Person, signed_in(...)]`."""
    return Depends(SignedIn(roles))


def digest_of(form: FormData) -> str:
    """What tells one filled-in form of one session from every other: all that it says, and the session's secret."""
    return sha256(repr(sorted((name, str(said)) for name, said in form.multi_items())).encode()).hexdigest()


async def must_be_ours(request: Request) -> None:
    """Nothing, if the change comes from a page of ours; called for every page before its own code runs.

    Raises:
        ForgedForm: it does not bring the session's secret back.
        SentAgain: nor does it, but it is the form that this session was signed in by.
    """
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedForm
    brought = request.headers.get(HEADER)
    if brought is None:
        brought = str((await request.form()).get(FIELD, ""))
    session = sessions_of(request).of(request)
    if hmac.compare_digest(brought.encode(), session.secret.encode()):
        return
    if session.by and hmac.compare_digest(session.by, digest_of(await request.form())):
        raise SentAgain
    raise ForgedForm
