"""Whatever is done to a bilateral, by whomever, in whatever order: what must always hold of it does."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from summit_contracts.errors import Refusal
from summit_contracts.fact import Fact
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    DeclineReason,
    MoveReason,
    Placement,
    UnplacedReason,
)
from summit_scheduling.domain.bilateral import Bilateral, Change
from summit_scheduling.domain.progress import ENDED, PENDING, PLACEABLE, Status
from summit_testkit.builders.scheduling import BEFORE, FIRST_DAY, a_bilateral, a_grid, in_new_york, terms

GRID = a_grid()
ANYBODY = st.sampled_from(("KE", "RW", "FR", "IN"))
PLACES = [
    Placement(
        start_at=in_new_york(FIRST_DAY, hour),
        end_at=in_new_york(FIRST_DAY, hour, 20),
        on=FIRST_DAY,
        room="A",
        room_name="Room A",
    )
    for hour in (10, 11, 13)
]


class BilateralMachine(RuleBasedStateMachine):
    """Keeps the bilateral, everything it said, and what a calendar would show that heard nothing else."""

    bilateral: Bilateral
    said: list[Fact]
    calendar: Placement | None
    minute: int

    @initialize(counterparts=st.sampled_from((("RW",), ("RW", "FR"))))
    def ask(self, counterparts: tuple[str, ...]) -> None:
        self.bilateral = a_bilateral("b1", "KE", *counterparts)
        self.said, self.calendar, self.minute = [], None, 0

    @rule(by=ANYBODY)
    def accept(self, by: str) -> None:
        awaited = by in self.bilateral.awaiting
        taken = self._try(lambda one: one.accept(by, now=BEFORE))
        assert taken == awaited, "a yes counts if, and only if, it was awaited"

    @rule(by=ANYBODY, reason=st.sampled_from(DeclineReason))
    def decline(self, by: str, reason: DeclineReason) -> None:
        awaited = by in self.bilateral.awaiting
        assert self._try(lambda one: one.decline(by, reason, now=BEFORE)) == awaited

    @rule(by=ANYBODY, minutes=st.sampled_from((20, 40, 60, 300)))
    def counter(self, by: str, minutes: int) -> None:
        proposed = terms(minutes=minutes)
        taken = self._try(lambda one: one.counter(by, proposed, grid=GRID, now=BEFORE + timedelta(minutes=1)))
        if taken:
            assert self.bilateral.terms == proposed
            assert set(self.bilateral.awaiting) == set(self.bilateral.parties) - {by}

    @rule(by=ANYBODY)
    def cancel(self, by: str) -> None:
        may = by in self.bilateral.parties and by not in self.bilateral.awaiting
        alive = self.bilateral.status not in ENDED
        assert self._try(lambda one: one.cancel(by, now=BEFORE)) == (may and alive)

    @rule()
    def cancel_by_secretariat(self) -> None:
        alive = self.bilateral.status not in ENDED
        assert self._try(lambda one: one.cancel_by_secretariat(now=BEFORE)) == alive

    @rule(party=ANYBODY)
    def lose(self, party: str) -> None:
        self._try(lambda one: one.lose(party, now=BEFORE))

    @rule(number=st.integers(1, 9), place=st.sampled_from(PLACES), why=st.sampled_from(MoveReason))
    def place(self, number: int, place: Placement, why: MoveReason) -> None:
        news = self.bilateral.status in PLACEABLE and place != self.bilateral.placement
        assert self._try(lambda one: one.place(number, place, why)) == news

    @rule(number=st.integers(1, 9), why=st.sampled_from(UnplacedReason))
    def unplace(self, number: int, why: UnplacedReason) -> None:
        news = self.bilateral.status in PLACEABLE and self.bilateral.unplaced_why != why
        assert self._try(lambda one: one.unplace(number, why)) == news

    @invariant()
    def what_is_pending_waits_for_somebody_and_holds_nothing(self) -> None:
        one = self.bilateral
        assert bool(one.awaiting) == (one.status in PENDING)
        assert (one.placement is not None) == (one.status is Status.SCHEDULED)
        assert (one.unplaced_why is not None) == (one.status is Status.UNPLACED)

    @invariant()
    def nobody_agrees_with_oneself_and_all_agree_before_it_is_placed(self) -> None:
        one = self.bilateral
        proposer = one.thread[-1].by
        assert one.accepted_by <= set(one.parties) - {proposer}
        if one.status in PLACEABLE:
            assert one.accepted_by | {proposer} == set(one.parties)

    @invariant()
    def two_proposals_in_a_row_are_never_of_one_party(self) -> None:
        who = [proposal.by for proposal in self.bilateral.thread]
        assert all(before != after for before, after in pairwise(who))

    @invariant()
    def every_revision_was_said_and_the_last_word_is_how_it_stands(self) -> None:
        assert self.bilateral.revision == len(self.said) + 1
        assert self.calendar == self.bilateral.placement

    def _try(self, act: Callable[[Bilateral], Change]) -> bool:
        """Whether the act was taken and changed something."""
        before = self.bilateral
        try:
            after, facts = act(before)
        except Refusal:
            return False
        assert (after != before) == bool(facts), "a change is said, and nothing else is"
        assert before.status not in ENDED or after == before, "an end is an end"
        self.bilateral = after
        for fact in facts:
            self._hear(fact)
        return bool(facts)

    def _hear(self, fact: Fact) -> None:
        """What a subscriber does that knows the facts alone."""
        self.said.append(fact)
        if isinstance(fact, BilateralScheduled):
            assert self.calendar is None
            self.calendar = fact.placement
        elif isinstance(fact, BilateralMoved):
            assert self.calendar == fact.moved_from != fact.moved_to
            self.calendar = fact.moved_to
        elif isinstance(fact, BilateralUnplaced | BilateralCancelled):
            assert self.calendar == fact.was
            self.calendar = None
        else:
            assert isinstance(fact, BilateralAccepted | BilateralCountered | BilateralDeclined)
            assert self.calendar is None


BilateralMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestBilateralMachine = BilateralMachine.TestCase
