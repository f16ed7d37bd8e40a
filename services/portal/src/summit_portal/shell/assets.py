"""What browsers fetch besides pages: our own style and script, and htmx from its package. Addresses change with contents."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_PACKAGED: Final = {
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js", "text/javascript"),
    "htmx-sse.js": ("django_htmx", "static/django_htmx/ext/hx-sse-2.min.js", "text/javascript"),
}
_OWN: Final = {"portal.css": "text/css", "icon.svg": "image/svg+xml", "live.js": "text/javascript"}
YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file."""

    name: str
    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """Changes with its content."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @property
    def address(self) -> str:
        """Where it is served; it may be kept for a year."""
        return f"/static/{self.digest}/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """Every asset by name, read once."""
    own = {
        name: Asset(name, files("summit_portal").joinpath("shell", "static", name).read_bytes(), kind)
        for name, kind in _OWN.items()
    }
    # Read as a file: the package's own code needs Django, which is not installed.
    packaged = {
        name: Asset(name, files(package).joinpath(path).read_bytes(), kind)
        for name, (package, path, kind) in _PACKAGED.items()
    }
    return own | packaged
