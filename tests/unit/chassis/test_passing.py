"""What passes is tried again for ever, and what does not is set aside: the one is told from the other."""

import errno
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, Environment

from summit_chassis.faults import DatabaseSilent, is_passing


def fails_with(number: int) -> Callable[[], object]:
    """Raises what the operating system raises with this number."""

    def fail() -> object:
        raise OSError(number, "as it says")

    return fail


def several_addresses() -> object:
    raise OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 101] Network is unreachable")


def handshake_failed() -> object:
    raise ssl.SSLCertVerificationError(1, "certificate has expired")


def silent() -> object:
    raise DatabaseSilent("no answer")


def too_long() -> object:
    raise TimeoutError


PASSES: dict[str, Callable[[], object]] = {
    "nobody listens": lambda: socket.create_connection(("127.0.0.1", 1)),
    "a name that nobody knows": lambda: socket.getaddrinfo("nowhere.invalid", 80),
    "several addresses tried": several_addresses,
    "a certificate past its end": handshake_failed,
    "a database that hangs": silent,
    "no room on the disk": fails_with(errno.ENOSPC),
    "too many open files": fails_with(errno.EMFILE),
    "no way to the network": fails_with(errno.ENETUNREACH),
    "a peer that does not answer": fails_with(errno.ETIMEDOUT),
}
STAYS: dict[str, Callable[[], object]] = {
    "a file that is not there": lambda: Path("/nowhere/at all").read_text(encoding="utf-8"),
    "a folder where a file is meant": lambda: Path("/").read_bytes(),
    "a zone that is a continent": lambda: ZoneInfo("Africa"),
    "a name too long for a file": lambda: Path("/" + "x" * 5000).stat(),
    "a template that is not there": lambda: Environment(loader=DictLoader({}), autoescape=True).get_template(
        "none"
    ),
    "a handler that takes too long": too_long,
    "a number that is none": lambda: int("many"),
}


@pytest.mark.parametrize("name", [*PASSES, *STAYS])
def test_a_fault_of_the_surroundings_is_told_from_one_of_the_work(name: str) -> None:
    with pytest.raises(Exception) as failure:  # noqa: PT011  # which one it is, is the question
        (PASSES | STAYS)[name]()
    assert is_passing(failure.value) is (name in PASSES)
