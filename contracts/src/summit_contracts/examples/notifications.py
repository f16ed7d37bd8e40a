"""Examples of the facts that notifications publishes."""

from collections.abc import Mapping

from summit_contracts.fact import Fact

EXAMPLES: Mapping[type[Fact], tuple[Fact, Fact]] = {}
