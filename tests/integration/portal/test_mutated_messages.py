"""Whatever stands on a stream ends: applied, known already, held for its predecessor, or set aside with its reason."""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import psutil
import pytest
import structlog
from sqlalchemy import text

from summit_chassis.arrivals import Incoming
from summit_chassis.ids import new_id
from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.testing import golden_messages_of
from summit_testkit.desk import Desk
from summit_testkit.mutated import mutated
from summit_testkit.written import write

MANY = int(os.environ.get("SUMMIT_FUZZ_MESSAGES", "0"))
"""So many, others at each run; without it a few, always the same."""
FEW = 3000
BATCH = 500
_DOCUMENT = Path("docs/reliability.md")
MEANS = {
    "applied": "applied",
    "known": "known already",
    "held": "held: its predecessor has not come",
    "dead": "set aside, with its reason",
    "parked": "set aside behind one that is",
}
"""How a message may end."""
SET_ASIDE = ("dead", "parked")
ID_LENGTH = len(new_id())
EDITION = "uncops-2022"
GOLDEN = [golden_messages_of(fact).minimal for fact in FACTS if fact.STREAM is not Stream.PERSONAL]


def messages(chance: Random, count: int) -> Iterator[Incoming]:
    """One in five as it was meant, one in ten a message that came before; the rest is broken. Each of a summit of its own."""
    before: list[Incoming] = []
    for number in range(1, count + 1):
        event = chance.choice(GOLDEN)
        payload = event.to_json().replace(EDITION.encode(), f"e-{number}".encode())
        payload = payload.replace(event.id.encode(), new_id().encode())
        subject = event.data.subject.replace(EDITION, f"e-{number}")
        fate = chance.random()
        if fate < 0.1 and before:
            yield chance.choice(before)
        elif fate < 0.3:
            before = [*before[-50:], Incoming(Stream.SUMMIT, number, subject, payload, {})]
            yield before[-1]
        else:
            yield Incoming(Stream.SUMMIT, number, subject, mutated(chance, payload), {})


@pytest.fixture
def quiet() -> Iterator[None]:
    """A million dead letters are not told of one by one."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("quiet")
@pytest.mark.timeout(MANY // 50 + 300)
async def test_every_message_ends_somewhere_and_what_is_set_aside_has_its_reason(portal: Desk) -> None:
    seed = Random().randrange(2**32) if MANY else 1
    sys.stdout.write(f"seed {seed}\n")
    ends: Counter[str] = Counter()
    odd_ids: Counter[str] = Counter()
    process, early, start = psutil.Process(), 0, time.monotonic()
    count = MANY or FEW
    for number, batch in enumerate(batched(messages(Random(seed), count)), 1):
        ends += await ended(portal, batch, odd_ids)
        if number == count // BATCH // 5:
            early = process.memory_info().rss
    poured = Poured(seed, ends, time.monotonic() - start, early, process.memory_info().rss)
    if MANY:
        write(_DOCUMENT, "make fuzz", str(poured))
    assert sum(ends.values()) == count
    assert set(ends) <= set(MEANS)
    assert min(ends["applied"], ends["known"], ends["dead"]) > count // 20
    again = odd_ids.total() - len(odd_ids)
    assert await dead_letters(portal) == sum(ends[one] for one in SET_ASIDE) - again
    assert poured.late < 1.5 * poured.early or not MANY


@dataclass(frozen=True)
class Poured:
    """What became of all the messages."""

    seed: int
    ends: Counter[str]
    seconds: float
    early: int
    """Bytes of memory after a fifth."""
    late: int
    """The same in the end."""

    def __str__(self) -> str:
        count = self.ends.total()
        said = (
            f"{count:,} messages (seed {self.seed}) in {self.seconds:.0f} s, {count / self.seconds:.0f} a second. "
            f"Memory of the process: {self.early >> 20} MB after a fifth, {self.late >> 20} MB in the end."
        )
        lines = [
            said,
            "",
            "| end | messages |",
            "|---|---|",
            *(f"| {MEANS[end]} | {times:,} |" for end, times in self.ends.most_common()),
        ]
        return "\n".join(lines)


def batched(all_of_them: Iterator[Incoming]) -> Iterator[list[Incoming]]:
    """As they come, so many at a time."""
    while batch := list(islice(all_of_them, BATCH)):
        yield batch


async def ended(portal: Desk, batch: list[Incoming], odd_ids: Counter[str]) -> Counter[str]:
    """What became of them; what is to be tried again is.

    Ids that a mutation gave are counted: two messages of one id are the same message to everybody (CloudEvents 1.0, `id`).
    """
    ends: Counter[str] = Counter()
    deliveries = 1
    while batch:
        verdicts = await portal.apply(batch)
        ends += Counter(one.outcome for one in verdicts if one.outcome not in ("retried", "early"))
        odd_ids.update(
            one.parsed.message_id
            for one, verdict in zip(batch, verdicts, strict=True)
            if verdict.outcome in SET_ASIDE
            and one.parsed.attributes
            and len(one.parsed.message_id) != ID_LENGTH
        )
        again = [
            one
            for one, verdict in zip(batch, verdicts, strict=True)
            if verdict.outcome in ("retried", "early")
        ]
        deliveries += 1
        assert deliveries < 10, again[0]
        batch = [
            Incoming(one.stream, one.seq, one.subject, one.payload, one.headers, deliveries) for one in again
        ]
    return ends


async def dead_letters(portal: Desk) -> int:
    """How many were set aside, each with a reason."""
    async with portal.database.engine.connect() as connection:
        counted = await connection.execute(text("SELECT count(*) FROM dead_letter WHERE length(reason) > 5"))
        return int(counted.scalar_one())
