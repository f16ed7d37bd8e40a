"""Whatever dies, hangs or comes late: at most one copy of a letter arrives, and `sent` means that one did."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from summit_contracts.notifications import LetterSent
from summit_contracts.values import Language
from summit_notifications.domain.answers import Abandoned, Answer, Later, Never, Outcome, Taken, Uncertain
from summit_notifications.domain.delivery import Delivery, DeliveryState, LetterFact, Patience
from summit_notifications.domain.errors import AttemptReplaced
from summit_notifications.domain.mail import Recipient

PATIENCE = Patience(gives_up_after=timedelta(hours=6))
RECIPIENTS = (Recipient("nominator", "to", "Mission", "mission@ke.example"),)
MAY_HAVE_ARRIVED = {
    DeliveryState.HANDING_OVER,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
    DeliveryState.BOUNCED,
}


class OneCopy(RuleBasedStateMachine):
    """One letter on record, one mailbox, and any number of senders that are slow or die at any step."""

    talking = Bundle("talking")
    """Attempts whose mail is on its way, all but the end."""
    handing = Bundle("handing")
    """Attempts whose hand-over is on record."""
    answered = Bundle("answered")
    """Attempts with an outcome that is not on record yet."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2022, 7, 4, tzinfo=UTC)
        self.attempts = 0
        self.in_mailbox = 0
        self.facts: list[LetterFact] = []

    @initialize()
    def queue(self) -> None:
        self.delivery = Delivery(
            "uncops-2022", "letter-1", "invitation", "KE", None, DeliveryState.QUEUED, due_at=self.now
        )

    @rule(minutes=st.integers(min_value=1, max_value=90))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(target=talking)
    def a_sender_begins(self) -> str:
        attempt = f"a{self.attempts}"
        try:
            self.delivery = self.delivery.begun(attempt, RECIPIENTS, Language.ENGLISH, self.now, PATIENCE)
        except AttemptReplaced:
            return "nobody"
        self.attempts += 1
        return attempt

    @rule(target=handing, attempt=consumes(talking))
    def it_hands_over(self, attempt: str) -> str:
        try:
            self.delivery = self.delivery.handing_over(attempt)
        except AttemptReplaced:
            return "nobody"
        return attempt

    @rule(target=answered, attempt=consumes(talking), is_for_good=st.booleans())
    def the_server_refuses_before(self, attempt: str, *, is_for_good: bool) -> tuple[str, Outcome]:
        return attempt, Never("recipients_refused") if is_for_good else Later("unreachable")

    @rule(target=answered, attempt=consumes(handing), does_answer=st.booleans())
    def the_server_takes_it(self, attempt: str, *, does_answer: bool) -> tuple[str, Outcome]:
        if attempt != "nobody":
            self.in_mailbox += 1
        return attempt, Taken(Answer(250)) if does_answer else Uncertain("no_answer")

    @rule(
        target=answered,
        attempt=consumes(handing),
        outcome=st.sampled_from(
            [Later("content_deferred"), Never("content_refused"), Uncertain("x"), Abandoned()]
        ),
    )
    def the_server_does_not_take_it(self, attempt: str, outcome: Outcome) -> tuple[str, Outcome]:
        return attempt, outcome

    @rule(told=consumes(answered))
    def the_outcome_is_recorded(self, told: tuple[str, Outcome]) -> None:
        attempt, outcome = told
        try:
            self.delivery, fact = self.delivery.ended(attempt, outcome, self.now, PATIENCE)
        except AttemptReplaced:
            return
        self.facts += [fact] if fact else []

    @rule(_attempt=consumes(talking))
    def a_sender_dies_before(self, _attempt: str) -> None:
        """Nothing is recorded."""

    @rule(_attempt=consumes(handing))
    def a_sender_dies_while_handing_over(self, _attempt: str) -> None:
        """Nothing is recorded."""

    @rule(_told=consumes(answered))
    def a_sender_dies_before_it_can_record(self, _told: tuple[str, Outcome]) -> None:
        """Nothing is recorded."""

    @rule()
    def the_lost_are_looked_for(self) -> None:
        try:
            self.delivery, fact = self.delivery.lease_ran_out(self.now, PATIENCE)
        except AttemptReplaced:
            return
        self.facts += [fact] if fact else []

    @invariant()
    def never_two_copies(self) -> None:
        assert self.in_mailbox <= 1

    @invariant()
    def what_arrived_is_never_tried_again(self) -> None:
        if self.in_mailbox:
            assert self.delivery.state in MAY_HAVE_ARRIVED

    @invariant()
    def sent_means_arrived_and_is_said_once(self) -> None:
        said = sum(isinstance(fact, LetterSent) for fact in self.facts)
        assert said == (self.attempts > 0 and self.delivery.state is DeliveryState.SENT)
        if said:
            assert self.in_mailbox == 1


TestOneCopy = OneCopy.TestCase
TestOneCopy.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
