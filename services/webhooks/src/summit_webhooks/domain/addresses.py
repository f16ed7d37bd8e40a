"""Who may be posted to: receivers on the internet, and nothing inside.

Whoever registers an address makes our machine connect to it. Inside lie databases, brokers and the metadata of clouds, so
every address a name leads to is looked at, at the moment of each connection.

Source: OWASP, Server-Side Request Forgery Prevention; IANA special-purpose address registries (RFC 6890).
"""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

_LONGEST = 2000


def fault_of(url: str, *, internal: bool) -> str | None:
    """What is wrong with the address as it is written, or nothing; with `internal` plain HTTP and inside are allowed."""
    if len(url) > _LONGEST or not url.isascii() or any(sign <= " " or sign == "\\" for sign in url):
        return "is too long, or has signs that no address has"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is malformed"
    if parts.scheme != "https" and not (internal and parts.scheme == "http"):
        return "does not begin with https://"
    if not host or port == 0:
        return "names no host or no port"
    if parts.username is not None or parts.password is not None:
        return "has a user name in it"
    if parts.fragment:
        return "has a fragment"
    return None if internal else _fault_of_host(host)


def _fault_of_host(host: str) -> str | None:
    try:
        if not is_outside(host):
            return "lies inside"
    except ValueError:
        if host.rstrip(".").rpartition(".")[2].isdigit() or host.startswith("0x"):
            return "hides a number that some read as an address"
        if "." not in host.rstrip(".") or host.endswith((".localhost", ".local", ".internal", ".home.arpa")):
            return "names a host that only the inside knows"
    return None


def is_outside(address: str) -> bool:
    """Whether an IP address lies on the internet. One that hides another in it does not: nobody receives posts there.

    Raises:
        ValueError: it is no IP address.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and (found.ipv4_mapped or found.sixtofour or found.teredo):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
