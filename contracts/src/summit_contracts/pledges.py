"""Facts that pledges publishes."""

from summit_contracts.fact import Fact

FACTS: tuple[type[Fact], ...] = ()
