"""Free ports of the loopback interface."""

import errno
import secrets
import socket
import threading

from summit_cli.servers.failures import ServerFailed

LOOPBACK = "127.0.0.1"

# Below the range from which Linux and macOS take the local ports of outgoing connections. A server on a port of
# that range may find it taken after a restart, and a client that keeps dialling it may even reach itself.
FIRST, LAST = 20_000, 29_999
_ATTEMPTS = 500

_given: set[int] = set()
_lock = threading.Lock()


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on now and that this process was not given before.

    Raises:
        ServerFailed: no such port was found.
    """
    with _lock:
        for _ in range(_ATTEMPTS):
            port = FIRST + secrets.randbelow(LAST - FIRST + 1)
            if port not in _given and is_free(port):
                _given.add(port)
                return port
    raise ServerFailed(f"no free port found between {FIRST} and {LAST} on {LOOPBACK}")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of 127.0.0.1 at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose old connections still linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as problem:
            if problem.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def accepts(port: int, *, within: float = 1.0) -> bool:
    """Whether something accepts connections on `port` of 127.0.0.1; `within` is in seconds."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=within):
            return True
    except OSError:
        return False
