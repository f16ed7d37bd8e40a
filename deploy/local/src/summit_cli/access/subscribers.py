"""The outside subscribers of one deployment: which facts each hears, and the key it proves itself with."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from summit_chassis.provisioner import Durable
from summit_cli.access.keyring import Keyring
from summit_cli.refusals import CannotDo
from summit_contracts.fact import Stream
from summit_contracts.filters import is_filter

_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")


def may_be_called(name: str, *, taken: frozenset[str] = frozenset()) -> bool:
    """Whether a subscriber can have this name."""
    return bool(_NAME.fullmatch(name)) and name not in taken


@dataclass(frozen=True)
class Register:
    """The subscribers in `directory`: a file `<name>.json` for each, and its seed beside it."""

    directory: Path

    @property
    def keyring(self) -> Keyring:
        """Their seeds; each is handed over to its subscriber."""
        return Keyring(self.directory)

    def durables(self) -> list[Durable]:
        """Every subscriber's durable, by name."""
        return [
            Durable(Stream.SUMMIT, path.stem, json.loads(path.read_text(encoding="utf-8"))["facts"])
            for path in sorted(self.directory.glob("*.json"))
        ]

    def public_keys(self) -> dict[Durable, str]:
        """Every subscriber with its public key."""
        return {durable: self.keyring.public(durable.name) for durable in self.durables()}

    def add(self, name: str, facts: str, *, taken: frozenset[str] = frozenset()) -> Durable:
        """The subscriber is written down, and has a seed; again with the same facts changes nothing.

        Raises:
            CannotDo: the name or the facts are none, or the name is taken.
        """
        if not may_be_called(name, taken=taken):
            raise CannotDo(
                f"A subscriber cannot be called {name!r}.",
                remedy="Two to 32 small letters, digits and dashes, beginning with a letter; no service's name.",
            )
        if not is_filter(facts):
            raise CannotDo(
                f"{facts!r} names no public facts.", remedy="E.g. 'summit.>' or 'summit.*.pledges.>'."
            )
        known = {one.name: one for one in self.durables()}.get(name)
        if known and known.facts != facts:
            raise CannotDo(
                f"{name} hears {known.facts} already.",
                remedy=f"Its place in the stream would be lost. If that is meant: `summit subscriber remove {name}` first.",
            )
        self.keyring.file(name)
        (self.directory / f"{name}.json").write_text(json.dumps({"facts": facts}) + "\n", encoding="utf-8")
        return Durable(Stream.SUMMIT, name, facts)

    def credentials(self, name: str) -> Path:
        """The file that is handed over to a subscriber."""
        return self.directory / f"{name}.env"

    def knows(self, name: str) -> bool:
        """Whether somebody of that name is written down."""
        return name in {one.name for one in self.durables()}

    def remove(self, name: str) -> None:
        """The subscriber is not written down any more, and its seed is gone.

        Raises:
            CannotDo: there is none of that name.
        """
        if not self.knows(name):
            raise CannotDo(
                f"There is no subscriber {name!r}.", remedy="`summit subscriber list` shows who there is."
            )
        (self.directory / f"{name}.json").unlink()
        self.keyring.forget(name)
        self.credentials(name).unlink(missing_ok=True)
