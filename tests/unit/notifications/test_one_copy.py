"""Whatever dies, hangs or comes late: at most one copy of a letter arrives, and `sent` means that one did.

Not sampled but exhausted: every order in which up to three attempts at one letter can go, each as slow as it likes at each
step. A sender that dies is one that never goes on.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from summit_contracts.notifications import LetterSent
from summit_contracts.values import Language
from summit_notifications.domain.answers import Abandoned, Answer, Later, Never, Outcome, Taken, Uncertain
from summit_notifications.domain.delivery import Delivery, DeliveryState, Patience
from summit_notifications.domain.errors import AttemptReplaced
from summit_notifications.domain.mail import Recipient

ATTEMPTS = 3
START = datetime(2022, 7, 4, tzinfo=UTC)
PATIENCE = Patience(shortest=timedelta(minutes=30), gives_up_after=timedelta(hours=8))
RECIPIENTS = (Recipient("nominator", "to", "Mission", "mission@ke.example"),)
MAY_HAVE_ARRIVED = {
    DeliveryState.HANDING_OVER,
    DeliveryState.SENT,
    DeliveryState.UNCERTAIN,
    DeliveryState.BOUNCED,
}


@dataclass(frozen=True)
class Sender:
    """One attempt, as far as it has come."""

    attempt: str
    has_handed_over: bool = False
    has_renewed: bool = False
    """Once is enough: afterwards time goes on as before."""
    outcome: Outcome | None = None
    """What it will put on record, once it knows."""


@dataclass(frozen=True)
class World:
    """The letter on record, what lies in the mailbox, and who is still about to do something."""

    delivery: Delivery
    now: datetime = START
    senders: tuple[Sender, ...] = ()
    in_mailbox: int = 0
    said_sent: int = 0

    def after(self) -> Iterator["World"]:
        """Every world that can come next."""
        if self.delivery.due_at > self.now:
            yield replace(self, now=self.delivery.due_at)
        yield from self._someone_begins()
        yield from self._the_lost_are_looked_for()
        for sender in self.senders:
            others = tuple(one for one in self.senders if one is not sender)
            yield from self._after(sender, others)

    def _after(self, sender: Sender, others: tuple[Sender, ...]) -> Iterator["World"]:
        yield from self._renewed(sender, others)
        if sender.outcome is not None:
            yield self._recorded(sender, sender.outcome, others)
        elif sender.has_handed_over:
            for taken in (Taken(Answer(250)), Uncertain("no_answer")):
                told = replace(sender, outcome=taken)
                yield replace(self, senders=(*others, told), in_mailbox=self.in_mailbox + 1)
            for refused in (Later("x"), Never("x"), Uncertain("x"), Abandoned()):
                yield replace(self, senders=(*others, replace(sender, outcome=refused)))
        else:
            yield self._handed_over(sender, others)
            for refused in (Later("y"), Never("y")):
                yield replace(self, senders=(*others, replace(sender, outcome=refused)))

    def _someone_begins(self) -> Iterator["World"]:
        attempt = f"a{self.delivery.attempts + 1}"
        if self.delivery.is_due(self.now) and self.delivery.attempts < ATTEMPTS:
            begun = self.delivery.begun(attempt, RECIPIENTS, Language.ENGLISH, self.now, PATIENCE)
            yield replace(self, delivery=begun, senders=(*self.senders, Sender(attempt)))

    def _handed_over(self, sender: Sender, others: tuple[Sender, ...]) -> "World":
        try:
            delivery = self.delivery.handing_over(sender.attempt)
        except AttemptReplaced:
            return replace(self, senders=others)
        return replace(self, delivery=delivery, senders=(*others, replace(sender, has_handed_over=True)))

    def _renewed(self, sender: Sender, others: tuple[Sender, ...]) -> Iterator["World"]:
        if sender.has_renewed:
            return
        with suppress(AttemptReplaced):
            delivery = self.delivery.renewed(sender.attempt, self.now, PATIENCE)
            if delivery != self.delivery:
                yield replace(self, delivery=delivery, senders=(*others, replace(sender, has_renewed=True)))

    def _recorded(self, sender: Sender, outcome: Outcome, others: tuple[Sender, ...]) -> "World":
        try:
            delivery, fact = self.delivery.ended(sender.attempt, outcome, self.now, PATIENCE)
        except AttemptReplaced:
            return replace(self, senders=others)
        said = self.said_sent + isinstance(fact, LetterSent)
        return replace(self, delivery=delivery, senders=others, said_sent=said)

    def _the_lost_are_looked_for(self) -> Iterator["World"]:
        try:
            delivery, _ = self.delivery.lease_ran_out(self.now, PATIENCE)
        except AttemptReplaced:
            return
        yield replace(self, delivery=delivery)


def every_world() -> Iterator[World]:
    """All worlds that can be reached, each once."""
    first = World(
        Delivery("uncops-2022", "letter-1", "invitation", "KE", None, DeliveryState.QUEUED, due_at=START)
    )
    seen, waiting = {first}, [first]
    while waiting:
        world = waiting.pop()
        yield world
        for following in world.after():
            if following not in seen:
                seen.add(following)
                waiting.append(following)


def test_one_copy_at_most_arrives_and_sent_is_the_truth() -> None:
    states = set[DeliveryState]()
    for world in every_world():
        states.add(world.delivery.state)
        assert world.in_mailbox <= 1, world
        if world.in_mailbox:
            assert world.delivery.state in MAY_HAVE_ARRIVED, world
        if world.delivery.state is DeliveryState.SENT:
            assert world.in_mailbox == 1, world
        assert world.said_sent == (world.delivery.state is DeliveryState.SENT), world
    assert states >= set(DeliveryState) - {DeliveryState.BOUNCED}
