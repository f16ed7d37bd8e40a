"""Secrets are sealed with the newest key: those that another sealed, and those that stand in clear from before there were seals."""

from summit_webhooks.domain.ports import Seal, SealedByAnother, Unit


async def seal_secrets(*, unit: Unit, seal: Seal) -> int:
    """Every secret that can be opened is sealed with the newest key; how many webhooks that changed."""
    changed = 0
    for webhook in await unit.webhooks.every():
        try:
            sealed = webhook.sealed_by(seal.anew)
        except SealedByAnother:  # readiness tells of it
            continue
        if sealed != webhook:
            await unit.webhooks.save(sealed)
            changed += 1
    return changed


async def sealed_by_another(*, unit: Unit, seal: Seal) -> list[str]:
    """The webhooks with a secret that no key opens, by name: nothing can be posted to them."""
    found = []
    for standing in await unit.webhooks.standings():
        try:
            standing.webhook.sealed_by(seal.open)
        except SealedByAnother:
            found.append(standing.webhook.name)
    return found
