"""What a mailbox does with the mail it is offered."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Behaviour(Enum):
    """One way to treat a mail."""

    ACCEPT = "stores it and says 250"
    REFUSE = "says 550 to the recipient: never"
    REFUSE_FOR_NOW = "says 451 to the recipient: later"
    REFUSE_CONTENT = "says 554 to the content, after it was sent: never"
    HANG = "takes the content and says nothing more"
    DROP_AFTER_DATA = "takes the content, forgets it, and cuts the connection"
    STORE_THEN_DROP = "stores it, and cuts the connection before it says so"


_TO_RECIPIENTS = (Behaviour.REFUSE, Behaviour.REFUSE_FOR_NOW)


@dataclass
class _Rule:
    """A behaviour for one recipient or, with None, for all; `times` counts down, None means for good."""

    behaviour: Behaviour
    towards: str | None
    times: int | None

    def concerns(self, recipient: str) -> bool:
        return (self.times is None or self.times > 0) and self.towards in (None, recipient)

    def use(self) -> Behaviour:
        if self.times is not None:
            self.times -= 1
        return self.behaviour


class Rules:
    """The behaviours that were asked for, the last one first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()

    def add(self, behaviour: Behaviour, *, towards: str | None, times: int | None) -> None:
        """The rule wins over those before it; accepting from anybody for good forgets them."""
        with self._lock:
            if behaviour is Behaviour.ACCEPT and towards is None and times is None:
                self._rules.clear()
            else:
                self._rules.append(_Rule(behaviour, towards, times))

    def clear(self) -> None:
        """Everything is accepted."""
        with self._lock:
            self._rules.clear()

    def on_recipient(self, recipient: str) -> Behaviour:
        """What to do when `recipient` is named: ACCEPT, REFUSE or REFUSE_FOR_NOW. A refusal uses up one time."""
        with self._lock:
            rule = self._rule_for(recipient)
            return rule.use() if rule and rule.behaviour in _TO_RECIPIENTS else Behaviour.ACCEPT

    def on_content(self, recipients: Sequence[str]) -> Behaviour:
        """What to do with a mail that has arrived; the first recipient with a rule decides."""
        with self._lock:
            rule = next((found for found in map(self._rule_for, recipients) if found), None)
            # A rule about recipients that comes up only now has come between the two: too late for this mail.
            return rule.use() if rule and rule.behaviour not in _TO_RECIPIENTS else Behaviour.ACCEPT

    def _rule_for(self, recipient: str) -> _Rule | None:
        return next((rule for rule in reversed(self._rules) if rule.concerns(recipient)), None)
