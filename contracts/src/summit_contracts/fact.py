"""What every fact has in common, and nothing that only one of them has."""

from enum import StrEnum
from typing import ClassVar

from summit_contracts.values import EditionId, Value


class Service(StrEnum):
    """Who owns facts: each service alone writes its stream."""

    REGISTRATION = "registration"
    SCHEDULING = "scheduling"
    PLEDGES = "pledges"
    NOTIFICATIONS = "notifications"
    PORTAL = "portal"
    """Publishes nothing: it shows what the others say, and has no stream."""
    WEBHOOKS = "webhooks"
    """Publishes nothing: it carries what the others say to systems that cannot speak NATS."""

    @property
    def source(self) -> str:
        """The CloudEvents `source` of this service's facts."""
        return f"/summit/{self.value}"


class Stream(StrEnum):
    """Where facts are kept. `SUMMIT` gathers the public ones of all services into one history."""

    REGISTRATION = "REGISTRATION"
    SCHEDULING = "SCHEDULING"
    PLEDGES = "PLEDGES"
    NOTIFICATIONS = "NOTIFICATIONS"
    PERSONAL = "PERSONAL"
    """Facts that name or reach a person; kept for a limited time, read by notifications and the portal only."""
    SUMMIT = "SUMMIT"
    DEAD = "DEAD"


class Fact(Value):
    """Something that happened, complete: whoever hears it needs to ask nobody back.

    A subclass writes down its `TYPE`, `SUBJECT` and `AGGREGATE` once; nothing is derived from the name of a class or module.
    """

    TYPE: ClassVar[str]
    """The CloudEvents `type`, e.g. `summit.registration.delegation_registered.v1`."""
    SUBJECT: ClassVar[str]
    """The NATS subject; `{field}` stands for a field of the fact. The last token is the key."""
    AGGREGATE: ClassVar[str]
    """The aggregate whose history it is part of; `{field}` as in `SUBJECT`."""
    OWNER: ClassVar[Service]
    """The only service that publishes it."""
    STREAM: ClassVar[Stream]
    """The stream that keeps it."""

    edition_id: EditionId
    """The summit this belongs to."""

    @property
    def key(self) -> str:
        """The last token of the subject: what a reader would filter by."""
        return self.subject.rsplit(".", 1)[-1]

    @property
    def aggregate_id(self) -> str:
        """Whose history this fact is part of; versions are counted per aggregate, from 1, without a gap."""
        return self.AGGREGATE.format_map(self.__dict__)

    @property
    def subject(self) -> str:
        """The full NATS subject of this very fact."""
        return self.SUBJECT.format_map(self.__dict__)

    @classmethod
    def schema_id(cls) -> str:
        """The CloudEvents `dataschema`; the file `schemas/<name>.json` carries it as its `$id`."""
        return f"urn:summit:schema:{cls.schema_name()}"

    @classmethod
    def schema_name(cls) -> str:
        """The type without its first word, e.g. `registration.delegation_registered.v1`."""
        return cls.TYPE.removeprefix("summit.")
