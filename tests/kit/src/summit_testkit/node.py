"""Programs in JavaScript: their packages are installed once, exactly as their lock file has them."""

import shutil
from pathlib import Path

from summit_testkit.absent import node_packages


def installed(folder: Path) -> str:
    """The path of Node.js; the packages of `folder` are installed, or the test does not run on."""
    node_packages(folder)
    return str(shutil.which("node"))
