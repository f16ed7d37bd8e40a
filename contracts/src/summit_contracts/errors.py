"""Refusals: what the system answers when it will not do what it was asked, in a form people and programs can act on.

    Refusal                     a fact about the request, with slug, field and remedy
    ├── Unknown                 nothing of that name is there                          (HTTP 404)
    ├── NotAllowed              the caller may not do this                             (HTTP 403)
    ├── Conflicting             it contradicts what is there already                   (HTTP 409)
    ├── TooLate                 the time for it has passed                             (HTTP 409)
    ├── Stale                   it was decided on a version that is no longer current  (HTTP 412)
    └── Invalid                 it cannot be right, whatever is there                  (HTTP 422)

A domain subclasses one of the six, names its subclass as a fact (`RegistrationClosed`) and writes down its slug. Slugs are
published language: they do not change.
"""

from typing import ClassVar

_TAKEN = frozenset({"type", "title", "status", "instance"})
"""Members of every problem document, so no details of a refusal. Source: RFC 9457."""


class Refusal(Exception):
    """The request was refused and nothing was changed.

    `field` is the path of the offending field, or none where it is not about one; `remedy` says what to do instead;
    `details` are the values a program needs (limits, deadlines, codes).
    """

    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused."

    def __init__(self, detail: str, *, remedy: str, field: str | None = None, **details: object) -> None:
        if taken := _TAKEN & details.keys():
            raise TypeError(f"a problem document has its own {', '.join(sorted(taken))}")
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy
        self.field = field
        self.details = details


class Unknown(Refusal):
    """Nothing of that name is there."""

    slug = "unknown"


class NotAllowed(Refusal):
    """The caller may not do this."""

    slug = "not-allowed"


class Conflicting(Refusal):
    """It contradicts what is there already."""

    slug = "conflicting"


class TooLate(Refusal):
    """The time for it has passed."""

    slug = "too-late"


class Stale(Refusal):
    """It was decided on a version that is no longer the current one."""

    slug = "stale"


class Invalid(Refusal):
    """It cannot be right, whatever is there."""

    slug = "invalid"


class EditionUnknown(Unknown):
    """No edition of this name was published; every service that knows editions says so."""

    slug = "edition-unknown"
    title = "No such edition."

    def __init__(self, edition_id: str) -> None:
        super().__init__(
            f"No edition {edition_id!r} was published.",
            remedy="Check the name, or publish the edition first: `summit edition apply`.",
            field="edition_id",
        )
