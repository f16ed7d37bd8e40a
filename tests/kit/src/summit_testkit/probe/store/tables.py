"""The probe's tables, under the name by which the migrations tool asks for them."""

from summit_testkit.probe.services import metadata

__all__ = ["metadata"]
