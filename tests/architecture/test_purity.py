"""A domain computes: it reads no clock, takes no chance, opens no file, and knows no library that does."""

from pathlib import Path

import pytest

from summit_testkit.house.purity import impurities
from summit_testkit.house.sources import Module, services

ROOT = Path(__file__).parents[2]


WITHOUT_RULES = {"portal"}
"""It shows what others decided, and has no domain."""


def test_every_other_service_has_a_domain() -> None:
    having = {
        name for name in services(ROOT) if (ROOT / f"services/{name}/src/summit_{name}/domain").is_dir()
    }
    assert having == set(services(ROOT)) - WITHOUT_RULES


@pytest.mark.parametrize("name", sorted(set(services(ROOT)) - WITHOUT_RULES))
def test_the_domain_of_the_service_computes_and_nothing_else(house: list[Module], name: str) -> None:
    domain = Path(f"services/{name}/src/summit_{name}/domain")
    modules = [module for module in house if module.path.is_relative_to(domain)]
    assert modules, "a service without a domain was not looked at"
    faults = [str(fault) for module in modules for fault in impurities(module)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()",
        "import datetime\nx = datetime.datetime.now(datetime.UTC)",
        "from datetime import date\nx = date.today()",
        "from dataclasses import field\nfrom datetime import datetime\nx = field(default_factory=datetime.utcnow)",
        "import time\nx = time.time()",
        "from time import monotonic",
        "from uuid import uuid4",
        "from uuid import NAMESPACE_URL, uuid1",
        "import random",
        "from secrets import token_urlsafe",
        "from pathlib import Path",
        "import urllib.request",
        "import structlog",
        "x = open('edition.toml')",
        "import io\nx = io.open('edition.toml')",
        "print('registered')",
        "def f():\n    import os",
    ],
)
def test_a_planted_clock_chance_or_file_is_found(text: str) -> None:
    assert len(list(impurities(Module(Path("planted.py"), text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime, time, timedelta\ndef f(now: datetime) -> datetime: return now + timedelta(days=1)",
        "from zoneinfo import ZoneInfo",
        "import hashlib, re, tomllib",
        "from urllib.parse import quote",
        "from uuid import NAMESPACE_URL, UUID, uuid5",
        "from pydantic import Field",
        "from summit_contracts.values import Rank",
        "import io\nx = io.StringIO()",
        "clock.now()",
    ],
)
def test_what_only_computes_is_accepted(text: str) -> None:
    assert not list(impurities(Module(Path("planted.py"), text)))
