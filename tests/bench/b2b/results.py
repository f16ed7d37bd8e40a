"""What was reached, one JSON document per line: a run that was cut off goes on where it stopped."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.b2b.instances import Instance

from summit_scheduling.solver.gaps.question import Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """What was reached on one instance within a limit, and how long it took, from the file to the proof."""

    name: str
    fairness: int
    outcome: Outcome
    gaps: int | None
    bound: int
    seconds: float
    processor_seconds: float
    """Of all processes together."""
    limit: float
    workers: int
    published: int | None = None
    published_seconds: float | None = None
    is_published: bool = False

    @property
    def is_as_published(self) -> bool:
        """Whether the published optimum, or the proof that there is no answer, was reached and proven."""
        return self.is_published and self.is_settled and self.gaps == self.published

    @property
    def is_settled(self) -> bool:
        """Whether there is a proof."""
        return self.outcome is not Outcome.UNKNOWN

    @property
    def key(self) -> tuple[str, int]:
        """Of which there is one."""
        return self.name, self.fairness


class Results:
    """The results in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: dict[tuple[str, int], Result] = {}
        for line in path.read_text().splitlines() if path.exists() else ():
            said = json.loads(line)
            self._keep(Result(**{**said, "outcome": Outcome(said["outcome"])}))

    def add(self, result: Result) -> None:
        """It is in the file, and stands for its instance from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as lines:
            lines.write(json.dumps(asdict(result)) + "\n")
        self._keep(result)

    def lacks(self, instance: Instance, limit: float) -> bool:
        """Whether this instance is neither settled nor was given as much time before."""
        kept = self._kept.get((instance.name, instance.fairness))
        return kept is None or (not kept.is_settled and kept.limit < limit)

    def of(self, instances: Iterable[Instance]) -> list[Result]:
        """The results of those instances that have one."""
        return [self._kept[key] for one in instances if (key := (one.name, one.fairness)) in self._kept]

    def _keep(self, result: Result) -> None:
        self._kept[result.key] = result
