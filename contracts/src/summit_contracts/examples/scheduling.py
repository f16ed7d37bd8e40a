"""Examples of the facts that scheduling publishes."""

from collections.abc import Mapping

from summit_contracts.fact import Fact

EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {}
