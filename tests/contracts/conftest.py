"""The judges that speak another language than Python, and the documents as the code has them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summit_testkit.node import installed

NODE = Path(__file__).parent / "node"
Judge = Callable[[str, Any], Any]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the workspace."""
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Asks a script in `node/` about a document; its packages are installed once, exactly as the lock file has them."""
    node = installed(NODE)

    def ask(script: str, document: Any) -> Any:
        judged = subprocess.run(
            [node, script],
            cwd=NODE,
            input=json.dumps(document),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert judged.returncode == 0, judged.stderr
        return json.loads(judged.stdout)

    return ask
