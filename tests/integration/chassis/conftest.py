"""Databases that have the probe's tables already."""

import asyncio

import pytest

from summit_testkit.databases import Databases
from summit_testkit.probe.services import make_tables


@pytest.fixture
def probe_template(databases: Databases) -> str:
    """The name of a template with the probe's tables."""
    return databases.template("probe", lambda url: asyncio.run(make_tables(url)))
