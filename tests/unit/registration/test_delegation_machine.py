"""Whatever is done to a delegation, in whatever order: its rules hold, its facts tell it, and nobody is named in public."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from summit_contracts.errors import Refusal
from summit_contracts.fact import Fact, Stream
from summit_contracts.registration import (
    BilateralRequested,
    ContactsNamed,
    DelegateAccredited,
    DelegateRefused,
    DelegationAmended,
    DelegationConfirmed,
    DelegationRegistered,
    DelegationWithdrawn,
    MemberSummary,
)
from summit_contracts.values import Function, Language, Rank
from summit_registration.domain.contacts import contacts_of
from summit_registration.domain.delegation import Delegation, State
from summit_registration.domain.draft import Draft, DraftPerson
from summit_registration.domain.people import Nominee, Person, summaries
from summit_registration.handlers.accredit_delegate import AccreditDelegate, accredit_delegate
from summit_registration.handlers.add_wishes import AddWishes, add_wishes
from summit_registration.handlers.amend_delegation import AmendDelegation, amend_delegation
from summit_registration.handlers.confirm_delegation import ConfirmDelegation, confirm_delegation
from summit_registration.handlers.decline_invitation import DeclineInvitation, decline_invitation
from summit_registration.handlers.extend_deadline import ExtendDeadline, extend_deadline
from summit_registration.handlers.issue_invitations import Addressee, IssueInvitations, issue_invitations
from summit_registration.handlers.refuse_delegate import RefuseDelegate, refuse_delegate
from summit_registration.handlers.register_delegation import RegisterDelegation, register_delegation
from summit_registration.handlers.replace_member import ReplaceMember, replace_member
from summit_registration.handlers.save_draft import SaveDraft, save_draft
from summit_registration.handlers.withdraw_delegation import WithdrawDelegation, withdraw_delegation
from summit_testkit.builders.registration import EDITION_ID, QUOTA, RegistrationDesk, a_wish, focal_points

_RANKS = st.sampled_from(Rank)
_LANGUAGES = st.sampled_from([None, None, None, Language.ENGLISH, Language.FRENCH, Language.RUSSIAN])
_COUNTERPARTS = st.sampled_from(
    [["RW"], ["FR"], ["INTERPOL"], ["UN-POLAD"], ["RW", "FR"], ["FR", "RW"], ["KE"], ["RW", "RW"]]
)
_PLACES = st.integers(0, QUOTA)
_STEPS = ("confirm", "replace", "accredit", "refuse", "wish", "withdraw")


def _is_registered(machine: "DelegationMachine") -> bool:
    return machine.told_state in (State.NOMINATED, State.CONFIRMED)


class DelegationMachine(RuleBasedStateMachine):
    """KE's nominator and the secretariat do what they like; every answer is a change or a refusal."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.desk = RegistrationDesk()
        self.personal: list[str] = []
        """Every name, title and address that was ever entered."""
        self.told: tuple[MemberSummary, ...] = ()
        """The members as the facts alone tell them."""
        self.told_state = State.DRAFT
        self.told_wishes: list[BilateralRequested] = []
        self.told_contacts: ContactsNamed | None = None
        self.heard = 0
        self.revision = 0
        self.has_declined = False
        """Once is enough: a machine that declines again and again registers nothing."""

    def teardown(self) -> None:
        self.runner.close()

    @initialize()
    def invite(self) -> None:
        self.runner.run(self.desk.invite("KE", with_backup=True))
        focal = focal_points("KE", with_backup=True)
        for one in (focal.nominator, focal.backup):
            assert one is not None
            self.personal += [one.name, one.email]
        self._hear()

    @rule(days=st.sampled_from([0, 1, 10, 20]))
    def wait(self, days: int) -> None:
        self.desk.clock.tick(timedelta(days=days))

    @rule(names=st.integers(1, 3))
    def save_draft(self, names: int) -> None:
        people = [self._person() for _ in range(names)]
        draft = Draft(members=tuple(DraftPerson(name=one.name, email=one.email) for one in people))
        self._do(save_draft, SaveDraft(**self._ke(), draft=draft))

    @rule(members=st.data(), wishes=st.lists(_COUNTERPARTS, max_size=3), language=_LANGUAGES)
    def register(self, members: st.DataObject, wishes: list[list[str]], language: Language | None) -> None:
        form = tuple(self._newcomers(members, st.sampled_from([1, 2, 2, 3, QUOTA, QUOTA + 1])))
        command = RegisterDelegation(
            **self._ke(), members=form, wishes=tuple(a_wish(*one) for one in wishes), language=language
        )
        is_accepted = self._do(register_delegation, command, mint=True)
        assert _is_registered(self) or not is_accepted

    @precondition(_is_registered)
    @rule()
    def confirm(self) -> None:
        self._do(confirm_delegation, ConfirmDelegation(**self._ke()))

    @precondition(_is_registered)
    @rule(data=st.data(), language=_LANGUAGES, revision=st.sampled_from([0, 0, 0, -1]))
    def amend(self, data: st.DataObject, language: Language | None, revision: int) -> None:
        members = self._delegation().members
        stay = data.draw(st.lists(st.sampled_from(members), unique_by=lambda one: one.member_id))
        kept = [self._as_sent_back(one.member_id, data) for one in stay]
        form = (*kept, *self._newcomers(data, st.integers(0 if kept else 1, 2), heads=not kept))
        command = AmendDelegation(
            **self._ke(), members=form, language=language, expected_revision=self.revision + revision
        )
        self._do(amend_delegation, command, mint=True)

    @precondition(_is_registered)
    @rule(place=st.integers(0, 1), rank=st.none() | _RANKS)
    def replace(self, place: int, rank: Rank | None) -> None:
        command = ReplaceMember(
            **self._ke(), member_id=self._place(place), successor=self._person(), rank=rank
        )
        self._do(replace_member, command)

    @precondition(_is_registered)
    @rule(place=_PLACES)
    def accredit(self, place: int) -> None:
        self._do(accredit_delegate, AccreditDelegate(**self._ke(), member_id=self._place(place)))

    @precondition(_is_registered)
    @rule(place=_PLACES)
    def refuse(self, place: int) -> None:
        command = RefuseDelegate(**self._ke(), member_id=self._place(place), reason="incomplete_papers")
        self._do(refuse_delegate, command)

    @precondition(_is_registered)
    @rule(wishes=st.lists(_COUNTERPARTS, min_size=1, max_size=2))
    def wish(self, wishes: list[list[str]]) -> None:
        command = AddWishes(**self._ke(), wishes=tuple(a_wish(*one) for one in wishes))
        self._do(add_wishes, command, mint=True)

    @precondition(_is_registered)
    @rule()
    def withdraw(self) -> None:
        self._do(withdraw_delegation, WithdrawDelegation(**self._ke(), reason="A reason."))

    @precondition(lambda self: not _is_registered(self))
    @rule(step=st.sampled_from(_STEPS))
    def take_a_step_without_a_delegation(self, step: str) -> None:
        arguments: dict[str, dict[str, Any]] = {
            "replace": {"place": 0, "rank": None},
            "accredit": {"place": 0},
            "refuse": {"place": 0},
            "wish": {"wishes": [["RW"]]},
        }
        facts = self.desk.memory.facts
        getattr(self, step)(**arguments.get(step, {}))
        assert self.desk.memory.facts == facts

    @precondition(lambda self: not self.has_declined)
    @rule()
    def decline(self) -> None:
        self.has_declined = not _is_registered(self)
        self._do(decline_invitation, DeclineInvitation(**self._ke()))

    @rule(step=st.sampled_from(["nominate", "confirm", "wishes"]), days=st.integers(-1, 200))
    def extend(self, step: Any, days: int) -> None:
        until_at = self.desk.clock.now() + timedelta(days=days)
        self._do(
            extend_deadline, ExtendDeadline(**self._ke(), step=step, until_at=until_at, reason="A reason.")
        )

    @rule(is_renewal=st.booleans())
    def invite_again(self, is_renewal: bool) -> None:
        addressee = Addressee(invitee="KE", focal=focal_points("KE", with_backup=True))
        command = IssueInvitations(
            by="secretariat", edition_id=EDITION_ID, addressees=(addressee,), is_renewal=is_renewal
        )
        self._do(issue_invitations, command, mint=True)

    @invariant()
    def has_one_head_and_keeps_its_quota(self) -> None:
        if self.told_state in (State.NOMINATED, State.CONFIRMED):
            assert sum(one.function is Function.HEAD for one in self.told) == 1
            assert len(self.told) <= QUOTA

    @invariant()
    def is_what_its_facts_tell(self) -> None:
        delegation = self._delegation_or_none()
        if delegation is None:
            return
        assert delegation.state is self.told_state
        assert summaries(delegation.members) == self.told
        assert [one.bilateral_id for one in delegation.wishes] == [
            one.bilateral_id for one in self.told_wishes
        ]

    @invariant()
    def has_the_contacts_that_were_named_last(self) -> None:
        kept = self.desk.memory.kept
        invitation = kept.invitations.get((EDITION_ID, "KE"))
        if invitation is None or self.told_contacts is None:
            return
        delegation = self._delegation_or_none()
        members, language = (delegation.members, delegation.language) if delegation else ((), None)
        assert self.told_contacts.contacts == contacts_of(invitation, members, language=language)

    @invariant()
    def wishes_fairly_and_for_others(self) -> None:
        asked = [frozenset(one.counterparts) for one in self.told_wishes]
        assert len(set(asked)) == len(asked) <= self.desk.edition.wishes_per_delegation
        assert not any("KE" in counterparts for counterparts in asked)

    @invariant()
    def names_nobody_in_public(self) -> None:
        public = [
            one.model_dump_json() for one in self.desk.memory.facts if one.STREAM is not Stream.PERSONAL
        ]
        told = "\n".join([*public, *map(repr, self.desk.memory.entries)])
        for personal in self.personal:
            assert personal not in told
            assert json.dumps(personal)[1:-1] not in told

    def _do(self, handler: Any, command: Any, *, mint: bool = False) -> bool:
        """Whether it was done; a refusal must have changed nothing."""
        before = self.desk.memory.kept
        try:
            self.runner.run(self.desk.do(handler, command, mint=mint))
        except Refusal:
            assert self.desk.memory.kept == before, "a refused command changes nothing"
            return False
        was, delegation = before.delegations.get((EDITION_ID, "KE")), self._delegation_or_none()
        if delegation is not None:
            is_changed = delegation != was
            assert delegation.revision == self.revision + is_changed, (
                "a revision for each change, and no other"
            )
            self.revision = delegation.revision
            entries = len(self.desk.memory.entries) - len(before.entries)
            assert entries == 1 or not is_changed, "the history has an entry for each change"
        self._hear()
        return True

    def _hear(self) -> None:
        """What a subscriber makes of the facts since it last listened."""
        for fact in self.desk.facts_since(self.heard):
            self._apply(fact)
        self.heard = len(self.desk.memory.facts)

    def _apply(self, fact: Fact) -> None:
        match fact:
            case ContactsNamed():
                self.told_contacts = fact
            case BilateralRequested():
                self.told_wishes.append(fact)
            case DelegationWithdrawn():
                self.told, self.told_state, self.told_wishes = (), State.WITHDRAWN, []
            case DelegateAccredited(member_id=member_id):
                self._judge(member_id, "accredited")
            case DelegateRefused(member_id=member_id):
                self._judge(member_id, "refused")
            case DelegationRegistered() | DelegationConfirmed() | DelegationAmended():
                is_first = isinstance(fact, DelegationRegistered)
                assert is_first == (self.told_state in (State.DRAFT, State.WITHDRAWN))
                self.told, self.told_state = fact.members, State(fact.state)
            case _:
                pass

    def _judge(self, member_id: str, accreditation: str) -> None:
        assert member_id in {one.member_id for one in self.told}
        self.told = tuple(
            one.model_copy(update={"accreditation": accreditation}) if one.member_id == member_id else one
            for one in self.told
        )

    def _person(self) -> Person:
        number = len(self.personal)
        person = Person(
            name=f"Ñame-{number:04} O'Surname",
            title=f"Title-{number:04}",
            email=f"someone-{number:04}@address.example",
        )
        self.personal += [text for text in (person.name, person.title, person.email) if text is not None]
        return person

    def _newcomers(
        self, data: st.DataObject, count: st.SearchStrategy[int], *, heads: bool = True
    ) -> list[Nominee]:
        """People who were not there before; mostly exactly one of them is head, where a head is wanted."""
        found = []
        for position in range(data.draw(count)):
            likely = Function.HEAD if heads and position == 0 else Function.MEMBER
            function = data.draw(st.sampled_from([likely] * 8 + [Function.ALTERNATE, Function.HEAD]))
            found.append(Nominee(person=self._person(), function=function, rank=data.draw(_RANKS)))
        return found

    def _as_sent_back(self, member_id: str, data: st.DataObject) -> Nominee:
        member = self._delegation().member(member_id)
        return Nominee(
            member_id=member_id,
            person=data.draw(st.sampled_from([member.person, member.person, None])) or self._person(),
            function=member.function,
            rank=data.draw(st.just(member.rank) | _RANKS),
            arrives_on=member.arrives_on,
            leaves_on=member.leaves_on,
        )

    def _place(self, place: int) -> str:
        return self.told[place].member_id if place < len(self.told) else "key-999999"

    def _delegation(self) -> Delegation:
        found = self._delegation_or_none()
        assert found is not None
        return found

    def _delegation_or_none(self) -> Delegation | None:
        return self.desk.memory.kept.delegations.get((EDITION_ID, "KE"))

    def _ke(self) -> dict[str, Any]:
        return {"by": "KE/nominator", "edition_id": EDITION_ID, "invitee": "KE"}


TestDelegationMachine = DelegationMachine.TestCase
TestDelegationMachine.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
