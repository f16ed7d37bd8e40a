"""What people were promised: an answer of 200 or 201 is a promise, whatever dies afterwards."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Promise:
    """Something that a service said it has done."""

    act: str
    """`registered`, `amended`, `withdrawn`, `asked`, `answered`, `pledged` or `pledge withdrawn`."""
    edition_id: str
    about: str
    """The invitee, the bilateral or the pledge."""
    says: str = ""
    """What is to be seen of it: the language of a delegation, the verb and party of an answer."""


@dataclass
class Promises:
    """Everything that was promised, in order, and how often doors answered how."""

    made: list[Promise] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    last_said: dict[tuple[str, str], str] = field(default_factory=dict)
    """The last refusal that each person heard, by summit and invitee."""
    broken_doors: list[str] = field(default_factory=list)
    """Answers that no fault around a service excuses."""
    unanswered: list[str] = field(default_factory=list)
    """What was given up."""

    def keep(self, act: str, edition_id: str, about: str, says: str = "") -> None:
        """It was promised."""
        self.made.append(Promise(act, edition_id, about, says))

    def of(self, *acts: str) -> list[Promise]:
        """The promises of these kinds."""
        return [one for one in self.made if one.act in acts]
