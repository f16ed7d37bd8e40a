"""What goes wrong with a database is told apart: what passes, what lies in the work, and what a setting would mend."""

import errno
import socket
import ssl

import asyncpg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseSilent(ConnectionError):
    """The database did not answer in time: it hangs, or the network does."""

    def __init__(self, silence: str = "a statement had no answer within its time") -> None:
        super().__init__(silence)


def name_silence(context: ExceptionContext) -> None:
    """The driver's own time-out is told apart from that of a handler."""
    if isinstance(context.original_exception, TimeoutError):
        raise DatabaseSilent from context.original_exception


_TURN_STATES = frozenset({"40001", "40P01"})
"""Serialization, deadlock: nothing was changed, and somebody else could go on. Source: PostgreSQL, appendix A."""
_PASSING_STATES = _TURN_STATES | frozenset(
    {
        "55P03",
        "57014",
        "25P03",
        "57P01",
        "57P02",
        "57P03",
        "53000",
        "53100",
        "53200",
        "53300",
        "53400",
        "58030",
        "08000",
        "08003",
        "08006",
        "25006",
    }
)
"""Lock timeout, statement timeout, idle too long, shutdown, start-up, no room on the disk, no memory, too many connections, a disk
that fails, connection lost, a server that only reads because another one leads now. Source: the same."""


def is_lost_turn(failure: BaseException) -> bool:
    """Whether the database gave the turn to somebody else and undid all of this: the same again at once may well succeed."""
    return isinstance(failure, DBAPIError) and getattr(failure.orig, "sqlstate", None) in _TURN_STATES


_BROKEN_OFF = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""A connection that was given up in the middle of something, and is used once more to roll back; exactly these, because an
argument of the wrong type is an InterfaceError too, and would be wrong again."""


_PASSING_ERRORS = frozenset(
    {
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ETIMEDOUT,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EIO,
    }
)
"""Of the operating system: no network, no peer, no more open files, no memory, no room, a disk that fails. That a file is not
there, or not to be read, lies in what asked for it. An error without a number comes from asyncio, which tried several addresses;
a `TimeoutError` without one is a handler's own, and whether the database hangs was asked before."""


def is_passing(failure: BaseException) -> bool:
    """Whether the fault lies in the surroundings and not in what was being done: trying again later may well succeed."""
    if isinstance(failure, ConnectionError | socket.gaierror | ssl.SSLError | PoolTimeout):
        return True
    if isinstance(failure, OSError):
        return failure.errno in _PASSING_ERRORS or (type(failure) is OSError and failure.errno is None)
    if isinstance(failure, DBAPIError):
        if type(failure.orig.__cause__ if failure.orig else None) in _BROKEN_OFF:
            return True
        return failure.connection_invalidated or getattr(failure.orig, "sqlstate", None) in _PASSING_STATES
    return False


_REFUSED = {
    "28P01": "SUMMIT_DATABASE_URL: the database does not take this user and password",
    "28000": "SUMMIT_DATABASE_URL: the database does not let this user in",
    "3D000": "SUMMIT_DATABASE_URL: there is no such database",
}
"""Source: PostgreSQL, appendix A."""
_EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED"""


def fault_of(failure: BaseException) -> str:
    """What kept somebody from the database, in one line; where a setting or a certificate mends it, it is named."""
    driven = (
        (failure.orig.__cause__ or failure.orig)
        if isinstance(failure, DBAPIError) and failure.orig
        else failure
    )
    if isinstance(driven, ssl.SSLCertVerificationError):
        if driven.verify_code == _EXPIRED:
            return "the certificate of the database's server has expired; give that server another and let it reload"
        return f"SUMMIT_DATABASE_CA_FILE: the certificate of the database's server is refused: {driven.verify_message}"
    refused = _REFUSED.get(getattr(driven, "sqlstate", None) or "")
    return f"{refused} ({driven})" if refused else f"{type(failure).__name__}: {failure}"
