"""What is wrong with a delegation or its form."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from summit_contracts.errors import Conflicting, Invalid, Stale, Unknown


class DelegationUnknown(Unknown):
    """The invitee has named nobody yet."""

    slug: ClassVar[str] = "delegation-unknown"
    title: ClassVar[str] = "No delegation."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"{invitee} has no delegation to this edition.",
            remedy="Register the delegation first.",
            field="invitee",
            invitee=invitee,
        )


class MemberUnknown(Unknown):
    """Nobody of this id is in the delegation."""

    slug: ClassVar[str] = "member-unknown"
    title: ClassVar[str] = "No such member."

    def __init__(self, member_id: str) -> None:
        super().__init__(
            f"No member {member_id} is in this delegation.",
            remedy="Fetch the delegation again; leave member_id out for somebody new.",
            field="member_id",
            member_id=member_id,
        )


class AlreadyRegistered(Conflicting):
    """A delegation is registered once."""

    slug: ClassVar[str] = "already-registered"
    title: ClassVar[str] = "The delegation is registered already."

    def __init__(self, invitee: str) -> None:
        super().__init__(
            f"The delegation of {invitee} is registered already.",
            remedy="Amend it, or withdraw it and register anew.",
            field="invitee",
            invitee=invitee,
        )


class NotRegistered(Conflicting):
    """The step needs a delegation that is nominated or confirmed."""

    slug: ClassVar[str] = "not-registered"
    title: ClassVar[str] = "The delegation is not registered."

    def __init__(self, invitee: str, state: str) -> None:
        super().__init__(
            f"The delegation of {invitee} is {state}.",
            remedy="Register it first.",
            field="invitee",
            invitee=invitee,
            state=state,
        )


class DelegationChanged(Stale):
    """Somebody changed the delegation in the meantime."""

    slug: ClassVar[str] = "delegation-changed"
    title: ClassVar[str] = "The delegation has changed."

    def __init__(self, expected: int, revision: int) -> None:
        super().__init__(
            f"The change was made on revision {expected}, and {revision} is the current one.",
            remedy="Fetch the delegation again and repeat the change on it.",
            expected=expected,
            revision=revision,
        )


class OverQuota(Conflicting):
    """More people than the invitee may send."""

    slug: ClassVar[str] = "over-quota"
    title: ClassVar[str] = "More people than the quota."

    def __init__(self, members: int, quota: int) -> None:
        super().__init__(
            f"{members} people are named, and {quota} may come, head included.",
            remedy="Name fewer, or ask the secretariat for a larger quota.",
            field="members",
            quota=quota,
            members=members,
        )


class NotOneHead(Invalid):
    """A delegation has exactly one head."""

    slug: ClassVar[str] = "not-one-head"
    title: ClassVar[str] = "A delegation has exactly one head."

    def __init__(self, heads: int) -> None:
        super().__init__(
            f"{heads or 'No'} head{'s are' if heads > 1 else ' is'} named.",
            remedy="Give exactly one member the function head.",
            field="members",
            heads=heads,
        )


class MemberTwice(Invalid):
    """The form names the same member twice."""

    slug: ClassVar[str] = "member-twice"
    title: ClassVar[str] = "The same member twice."

    def __init__(self, position: int, member_id: str) -> None:
        super().__init__(
            f"Member {member_id} stands in the form twice.",
            remedy="Leave one of the two out; leave member_id out for somebody new.",
            field=f"members[{position}].member_id",
            member_id=member_id,
        )


class StayOutsideEdition(Invalid):
    """The days of attendance are not days of the summit, or end before they begin."""

    slug: ClassVar[str] = "stay-outside-edition"
    title: ClassVar[str] = "The days of attendance do not fit the summit."

    def __init__(self, position: int, first: date, last: date) -> None:
        super().__init__(
            f"The stay must lie between {first} and {last} and end after it begins.",
            remedy="Mend arrives_on and leaves_on, or leave them out for the whole summit.",
            field=f"members[{position}]",
            first=first.isoformat(),
            last=last.isoformat(),
        )


class LanguageNotOffered(Invalid):
    """Letters of this edition are not written in the language."""

    slug: ClassVar[str] = "language-not-offered"
    title: ClassVar[str] = "Letters are not written in this language."

    def __init__(self, language: str, offered: Sequence[str], field: str = "language") -> None:
        super().__init__(
            f"Letters of this edition are not written in {language!r}.",
            remedy=f"Choose one of {', '.join(offered)}.",
            field=field,
            offered=list(offered),
        )


class PersonChanged(Stale):
    """Somebody else stands in this place now than when it was decided."""

    slug: ClassVar[str] = "person-changed"
    title: ClassVar[str] = "The nomination has changed."

    def __init__(self, member_id: str) -> None:
        super().__init__(
            f"Place {member_id} was named anew after you looked at it.",
            remedy="Look at the nomination as it stands now, and decide again.",
            field="seen_since",
            member_id=member_id,
        )


class StageChanged(Stale):
    """Somebody decided about it after it was looked at."""

    slug: ClassVar[str] = "stage-changed"
    title: ClassVar[str] = "Somebody decided meanwhile."

    def __init__(self, member_id: str, stage: str) -> None:
        super().__init__(
            f"Place {member_id} is at the stage {stage} now: somebody decided after you looked at it.",
            remedy="Look at the nomination as it stands now, and decide again.",
            field="seen_stage",
            member_id=member_id,
            stage=stage,
        )


class DecidedAlready(Conflicting):
    """Only what still waits can be cleared, held or taken up again."""

    slug: ClassVar[str] = "decided-already"
    title: ClassVar[str] = "It has been decided already."

    def __init__(self, member_id: str, stage: str) -> None:
        super().__init__(
            f"Place {member_id} is {stage}.",
            remedy="Accredit or refuse it to decide otherwise.",
            field="member_id",
            member_id=member_id,
            stage=stage,
        )


class ReasonMissing(Invalid):
    """Who stops or refuses somebody says why."""

    slug: ClassVar[str] = "reason-missing"
    title: ClassVar[str] = "A reason is needed."

    def __init__(self, field: str) -> None:
        super().__init__(
            "Nobody is held or refused without a reason.",
            remedy="Give `reason` for a refusal, and `note` for a hold.",
            field=field,
        )
