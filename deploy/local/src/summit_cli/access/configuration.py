"""The accounts of nats-server, written for the keys and subscribers of one deployment. It holds public keys alone.

`PLATFORM` has the services and the streams; each outside subscriber has an account of its own that imports its durable and
nothing else; `SYS` is the server's own. `no_auth_user` is never set: who proves nothing may do nothing.
"""

import json
from collections.abc import Mapping, Sequence

from summit_chassis.provisioner import Durable
from summit_cli.access.keyring import SYSTEM, Keyring
from summit_cli.access.rights import Rights, of_everybody, of_subscriber, reading_by

PLATFORM = "PLATFORM"
_NOTHING = "outside.nothing"
"""A subject that nobody hears. An outsider's account imports it under the name of JetStream's own overview: to an account
that has neither streams nor that import the server gives, at every reload, JetStream as the account's own, which then answers
in place of ours that it is not enabled (nats-server 2.15, `enableJetStreamInfoServiceImportOnly`)."""


def accounts(
    keyring: Keyring, durables: Sequence[Durable], services: Sequence[str], outsiders: Mapping[Durable, str]
) -> str:
    """The part of a server's configuration that says who there is. `outsiders` are durables on SUMMIT with public keys.

    Raises:
        SeedUnreadable: a seed was spoiled.
    """
    users = [_user(keyring.public(name), rights) for name, rights in of_everybody(durables, services).items()]
    exports = [f"{{service: {json.dumps(_NOTHING)}}}"]
    exports += [line for durable in outsiders for line in _exports(durable)]
    blocks = [
        "# Written by `summit keys init`; changes by hand are overwritten.",
        "system_account: SYS",
        "accounts {",
        f"  SYS {{ users: [{{nkey: {keyring.public(SYSTEM)}}}] }}",
        f"  {PLATFORM} {{",
        "    jetstream: enabled",
        *_list("users", users, indent=4),
        *_list("exports", exports, indent=4),
        "  }",
        *(line for durable, key in outsiders.items() for line in _account(durable, key)),
        "}",
        "",
    ]
    return "\n".join(blocks)


def account_of(durable: Durable) -> str:
    """The account of an outside subscriber."""
    return f"OUTSIDE-{durable.name}"


def _account(durable: Durable, key: str) -> list[str]:
    imports = [
        f"{{service: {{account: {PLATFORM}, subject: {json.dumps(subject)}}}}}"
        for subject in reading_by(durable)
    ]
    overview = f'{{service: {{account: {PLATFORM}, subject: "{_NOTHING}"}}, to: "$JS.API.INFO"}}'
    return [
        f"  {json.dumps(account_of(durable))} {{",
        *_list("users", [_user(key, of_subscriber(durable))], indent=4),
        *_list("imports", [*imports, overview], indent=4),
        "  }",
    ]


def _exports(durable: Durable) -> list[str]:
    looking, asking, acknowledging = (json.dumps(subject) for subject in reading_by(durable))
    only = f"accounts: [{json.dumps(account_of(durable))}]"
    return [
        f"{{service: {looking}, {only}}}",
        f"{{service: {asking}, response_type: stream, {only}}}",  # one request, many messages
        f"{{service: {acknowledging}, {only}}}",
    ]


def _user(key: str, rights: Rights) -> str:
    publish, subscribe = json.dumps(rights.publish), json.dumps(rights.subscribe)
    return (
        f"{{nkey: {key}, permissions: {{publish: {{allow: {publish}}}, subscribe: {{allow: {subscribe}}}}}}}"
    )


def _list(name: str, items: Sequence[str], *, indent: int) -> list[str]:
    margin = " " * indent
    return [f"{margin}{name}: [", *(f"{margin}  {item}" for item in items), f"{margin}]"] if items else []
