"""Debian's Chromium with fonts for six languages: found, or installed where this machine lets us."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from summit_testkit.absent import absent

_BROWSERS = ("chromium-headless-shell", "chromium")
"""The same engine, each in a package of that name; the first draws none of the windows around a page, which nobody sees here."""
_FONT_PACKAGES = ("fonts-noto-core", "fonts-noto-cjk")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
PATIENCE = 20_000
"""Milliseconds that a page, or what is to be on it, is waited for: the machine is busy with other tests."""
_FONTS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
_WITHIN = 420  # seconds


def chromium() -> str:
    """The path of the browser. Where none is there, or its fonts are missing, and root has apt, they are installed first."""
    if not _is_complete():
        if os.geteuid() == 0 and shutil.which("apt-get"):
            with (Path(tempfile.gettempdir()) / "summit-browser.lock").open("w") as one_at_a_time:
                fcntl.flock(one_at_a_time, fcntl.LOCK_EX)  # several processes of one test run may come here
                if not _is_complete():
                    _install()
        if not _is_complete():
            absent(f"no browser: install Debian's {', '.join((_BROWSERS[0], *_FONT_PACKAGES))}")
    return str(_browser())


def _is_complete() -> bool:
    return _browser() is not None and all(folder.is_dir() for folder in _FONTS)


def _browser() -> str | None:
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def _install() -> None:
    _apt_get("update", "-q")
    for browser in _BROWSERS:  # an older Debian has but the second
        if not _is_complete():
            _apt_get("install", "-qy", "--no-install-recommends", browser, *_FONT_PACKAGES)


def _apt_get(*arguments: str) -> None:
    subprocess.run(
        ["apt-get", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        capture_output=True,
        timeout=_WITHIN,
        check=False,
    )
