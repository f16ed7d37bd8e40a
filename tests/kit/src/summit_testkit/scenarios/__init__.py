"""Scenarios: a summit of a test's own, and somebody outside who takes part in it by HTTP, mail and the streams."""

from summit_testkit.scenarios.command import Command
from summit_testkit.scenarios.outsider import Outsider
from summit_testkit.scenarios.summit import SummitFile, form, wish
from summit_testkit.scenarios.visitor import Visitor

__all__ = ["Command", "Outsider", "SummitFile", "Visitor", "form", "wish"]
