"""A form as a person filled it in: what was typed stays, and what is wrong with it stands beside the field.

Field names are the paths of the owner's schema (`members.0.rank`), so that a refusal finds its field by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from summit_portal.clients.services import Refused
from summit_portal.shell import refusals


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    """What is wrong with which field, in the owner's words."""
    explained: dict[str, str] = field(default_factory=dict)
    """The same in the words of this page, in the language that is being spoken; they go before the owner's."""
    general: set[str] = field(default_factory=set)
    """Fields of which this page says only that they are wrong, and the owner what is wrong with them."""
    slug: str = ""
    """The owner's name for what is wrong with the whole."""
    summary: str | None = None
    """What is wrong with the whole."""
    remedy: str | None = None

    @classmethod
    def of(cls, sent: ImmutableMultiDict[str, Any]) -> "Form":
        """As it was sent, or as the address says; files are left out."""
        return cls({name: [str(one) for one in sent.getlist(name) if isinstance(one, str)] for name in sent})

    @classmethod
    def filled(cls, **values: str | None) -> "Form":
        """With these values in it, before anybody typed."""
        return cls({name: [value] for name, value in values.items() if value is not None})

    def value(self, name: str, otherwise: str = "") -> str:
        """What stands in the field."""
        found = self.values.get(name)
        return found[0].strip() if found else otherwise

    def all(self, name: str) -> Sequence[str]:
        """Everything that was chosen for the field."""
        return self.values.get(name, ())

    def lines(self, name: str) -> list[str]:
        """What stands in the field, line by line; empty lines are left out."""
        return [line.strip() for line in self.value(name).splitlines() if line.strip()]

    @property
    def seen(self) -> str:
        """The entity tag of what the form was filled in on, as its field `revision` holds it."""
        return f'"{self.value("revision", "0")}"'

    def fault(self, name: str) -> str | None:
        """What is wrong with the field."""
        return self.explained.get(name) or self.faults.get(name)

    @property
    def is_wrong(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.faults or self.summary)

    def refuse(self, refused: Refused, names: Mapping[str, str] | None = None) -> None:
        """What the owner said stands beside its fields; `names` maps paths of the owner to fields of this form."""
        found = {(names or {}).get(path, path): said for path, said in refused.faults.items()}
        self.faults |= found
        if meant := refusals.meaning_of_field(refused.slug):
            self.explained |= dict.fromkeys(found, meant)
        if refused.slug in refusals.GENERAL:
            self.general |= found.keys()
        self.slug = refused.slug
        self.summary = refused.detail
        self.remedy = refused.remedy

    def object_to(self, words: Mapping[str, str]) -> bool:
        """Whether there are any: what this page itself refuses stands beside its fields, in the language that is being spoken."""
        self.faults |= words
        self.explained |= words
        self.general -= words.keys()
        return bool(words)

    def explain(self, words: Mapping[str, str]) -> None:
        """What this page can say better about the fields that the owner refused."""
        better = {name: said for name, said in words.items() if name in self.faults}
        self.explained |= better
        self.general -= better.keys()
