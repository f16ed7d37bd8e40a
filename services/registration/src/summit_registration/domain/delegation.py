"""A delegation: drafted, nominated, confirmed, withdrawn perhaps; with exactly one head and never more people than may come.

    draft ──register──▶ nominated ──confirm──▶ confirmed
                          ▲   └──────withdraw──────┤
                          └──register── withdrawn ◀┘

Every step returns the delegation after it and the facts that it makes true. A refused step raises and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple

from summit_contracts.fact import Fact
from summit_contracts.registration import (
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    RefusalReason,
)
from summit_contracts.values import FieldChange, InviteeKind, Language, Rank
from summit_registration.domain import people, wishes
from summit_registration.domain.amendment import field_changes
from summit_registration.domain.contacts import contacts_of
from summit_registration.domain.draft import Draft
from summit_registration.domain.errors.delegations import (
    AlreadyRegistered,
    DelegationChanged,
    MemberUnknown,
    NotRegistered,
)
from summit_registration.domain.invitation import Invitation
from summit_registration.domain.people import Member, NewKey, Nominee, Person
from summit_registration.domain.terms import Terms
from summit_registration.domain.wishes import Wish, WishForm


class State(StrEnum):
    """How far a delegation has come; all but the draft are public."""

    DRAFT = "draft"
    NOMINATED = "nominated"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """One per invitee and edition. `revision` rises with every change; it is the entity tag of what people edit."""

    edition_id: str
    invitee: str
    kind: InviteeKind
    language: Language
    state: State = State.DRAFT
    members: tuple[Member, ...] = ()
    wishes: tuple[Wish, ...] = ()
    draft: Draft | None = None
    """An unfinished form; gone as soon as a finished one is registered."""
    revision: int = 0

    @classmethod
    def blank(cls, invitation: Invitation) -> "Delegation":
        """The workspace that an invitation opens: a draft in which nothing is written."""
        return cls(
            edition_id=invitation.edition_id,
            invitee=invitation.invitee,
            kind=invitation.kind,
            language=invitation.language,
        )

    @property
    def is_registered(self) -> bool:
        """Whether it is nominated or confirmed."""
        return self.state in (State.NOMINATED, State.CONFIRMED)

    def check_revision(self, expected: int | None) -> None:
        """Nothing, where this is the revision that somebody decided on, or where nobody says which.

        Raises:
            DelegationChanged: it has been changed since.
        """
        if expected is not None and expected != self.revision:
            raise DelegationChanged(expected, self.revision)

    def contacts_named(self, invitation: Invitation) -> ContactsNamed:
        """Whom letters to this invitee go to, as the delegation stands now."""
        contacts = contacts_of(invitation, self.members, language=self.language)
        return ContactsNamed(edition_id=self.edition_id, invitee=self.invitee, contacts=contacts)

    def write(self, draft: Draft) -> "Delegation":
        """The unfinished form is kept; nothing else changes.

        Raises:
            AlreadyRegistered: it is registered, and is amended instead.
        """
        if self.is_registered:
            raise AlreadyRegistered(self.invitee)
        return replace(self, draft=draft, revision=self.revision + 1)

    def register(
        self,
        nominees: Sequence[Nominee],
        forms: Sequence[WishForm],
        *,
        language: Language | None,
        terms: Terms,
        new_key: NewKey,
    ) -> "Change":
        """The delegation is nominated with these people and wishes; `language` none means the invitation's.

        Raises:
            Refusal: AlreadyRegistered, or the deadline, the people or a wish (`people.check`, `wishes.accepted`) forbid it.
        """
        if self.is_registered:
            raise AlreadyRegistered(self.invitee)
        terms.check_open("nominate")
        if forms:
            terms.check_open("wishes")
        terms.check_language(language)
        members = people.placed((), nominees, new_key=new_key, now=terms.now)
        people.check(members, terms)
        wished = wishes.accepted(forms, before=(), terms=terms, new_key=new_key)
        after = self._next(
            state=State.NOMINATED,
            language=language or terms.invitation.language,
            members=members,
            wishes=wished,
            draft=None,
        )
        return Change(
            after,
            (
                DelegationRegistered(**_statement(after)),
                *(wish.fact(self.edition_id, self.invitee) for wish in wished),
                after.contacts_named(terms.invitation),
            ),
        )

    def confirm(self, *, terms: Terms) -> "Change":
        """Its members are final but for amendments; nothing happens where they were already.

        Raises:
            NotRegistered, RegistrationClosed, InvitationWasDeclined: it cannot be confirmed.
        """
        self.check_registered()
        if self.state is State.CONFIRMED:
            return Change(self)
        terms.check_open("confirm")
        after = self._next(state=State.CONFIRMED)
        return Change(after, (DelegationConfirmed(**_statement(after)),))

    def amend(
        self, nominees: Sequence[Nominee], *, language: Language | None, terms: Terms, new_key: NewKey
    ) -> "Change":
        """The delegation is as the form has it now: who is not named has left, who has no member_id is new.

        After the deadline of confirmation it does not grow any more; people still leave, are replaced and corrected.

        Raises:
            NotRegistered: there is nothing to amend.
            Refusal: the people (`people.placed`, `people.check`) or the deadline do not allow it.
        """
        self.check_registered()
        terms.check_language(language)
        members = people.placed(self.members, nominees, new_key=new_key, now=terms.now)
        people.check(members, terms, before=len(self.members))
        if len(members) > len(self.members):
            terms.check_open("confirm")
        return self._amended(members, language or self.language, terms)

    def replace_member(self, member_id: str, person: Person, *, rank: Rank | None, terms: Terms) -> "Change":
        """Somebody else takes the place: function, days and whatever hangs on `member_id` stay; entry is decided anew (A8).

        Raises:
            NotRegistered, MemberUnknown: there is no such place.
        """
        self.check_registered()
        place = self.member(member_id)
        taken_over = replace(place, person=person, rank=rank or place.rank).unjudged(terms.now)
        return self._amended(self._with(taken_over), self.language, terms)

    def withdraw(self, reason: str | None, *, terms: Terms) -> "Change":
        """It does not come after all: its wishes are void, its people are forgotten here; it may register again.

        Raises:
            NotRegistered: there is nothing to withdraw.
        """
        self.check_registered()
        after = self._next(state=State.WITHDRAWN, members=(), wishes=(), draft=None)
        fact = DelegationWithdrawn(edition_id=self.edition_id, invitee=self.invitee, reason=reason)
        return Change(after, (fact, *_contacts_if_changed(self, after, terms)))

    def wish(self, forms: Sequence[WishForm], *, terms: Terms, new_key: NewKey) -> "Change":
        """These bilaterals are wished for on top of those before.

        Raises:
            NotRegistered: only a registered delegation wishes.
            Refusal: the deadline or a wish (`wishes.accepted`) does not allow it.
        """
        self.check_registered()
        terms.check_open("wishes")
        wished = wishes.accepted(forms, before=self.wishes, terms=terms, new_key=new_key)
        if not wished:
            return Change(self)
        after = self._next(wishes=(*self.wishes, *wished))
        return Change(after, tuple(wish.fact(self.edition_id, self.invitee) for wish in wished))

    def accredit(self, member_id: str) -> "Change":
        """The member may enter; nothing happens where that was so.

        Raises:
            NotRegistered, MemberUnknown: there is no such member.
        """
        self.check_registered()
        member = self.member(member_id)
        fact = DelegateAccredited(
            edition_id=self.edition_id,
            invitee=self.invitee,
            member_id=member_id,
            function=member.function,
            rank=member.rank,
        )
        return self.judged(replace(member, accreditation="accredited", refused_for=None, held_for=None), fact)

    def refuse(self, member_id: str, reason: RefusalReason) -> "Change":
        """The member may not enter, for this reason; nothing happens where that was so.

        Raises:
            NotRegistered, MemberUnknown: there is no such member.
        """
        self.check_registered()
        member = self.member(member_id)
        fact = DelegateRefused(
            edition_id=self.edition_id, invitee=self.invitee, member_id=member_id, reason=reason
        )
        return self.judged(replace(member, accreditation="refused", refused_for=reason, held_for=None), fact)

    def member(self, member_id: str) -> Member:
        """Whoever holds this place.

        Raises:
            MemberUnknown: there is no such place.
        """
        for member in self.members:
            if member.member_id == member_id:
                return member
        raise MemberUnknown(member_id)

    def judged(self, member: Member, *facts: Fact) -> "Change":
        """The member is as given, which these facts tell; nothing happens where it was so."""
        members = self._with(member)
        return Change(self) if members == self.members else Change(self._next(members=members), facts)

    def _amended(self, members: tuple[Member, ...], language: Language, terms: Terms) -> "Change":
        changes = field_changes(self.members, members, language=(self.language, language))
        if not changes:
            return Change(self)
        after = self._next(members=members, language=language)
        amended = DelegationAmended(**_statement(after), changes=changes)
        return Change(after, (amended, *_contacts_if_changed(self, after, terms)), changes)

    def check_registered(self) -> None:
        """Nothing, where it is registered.

        Raises:
            NotRegistered: it is a draft, or withdrawn.
        """
        if not self.is_registered:
            raise NotRegistered(self.invitee, self.state)

    def _next(self, **changed: Any) -> "Delegation":
        return replace(self, **changed, revision=self.revision + 1)

    def _with(self, changed: Member) -> tuple[Member, ...]:
        return tuple(changed if one.member_id == changed.member_id else one for one in self.members)


class Change(NamedTuple):
    """A step that was taken: the delegation after it, what became true, and which fields it changed."""

    after: Delegation
    facts: tuple[Fact, ...] = ()
    fields: tuple[FieldChange, ...] = ()


def _statement(delegation: Delegation) -> dict[str, Any]:
    return {
        "edition_id": delegation.edition_id,
        "invitee": delegation.invitee,
        "kind": delegation.kind,
        "state": DelegationState(delegation.state),
        "language": delegation.language,
        "members": people.summaries(delegation.members),
    }


def _contacts_if_changed(before: Delegation, after: Delegation, terms: Terms) -> tuple[Fact, ...]:
    named = after.contacts_named(terms.invitation)
    return () if named == before.contacts_named(terms.invitation) else (named,)
