"""What was checked of a plan, line by line, and what came of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from summit_verifier.kinds import Unreadable
from summit_verifier.levels import wrong_bounds, wrong_values
from summit_verifier.parts import PlanFile
from summit_verifier.proofs import Judgement, ill_priced, judged, refuted
from summit_verifier.reading import read
from summit_verifier.rules import RULES, Broken

HOLDS: Final = "holds"
BROKEN: Final = "broken"
WORD: Final = "word"
"""Nothing contradicts it and nothing in the file proves it: it rests on the word of the solver."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked."""

    what: str
    verdict: str
    """`holds`, `broken` or `word`."""
    said: str
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, in order; a file that cannot be read has one line that says why."""

    lines: tuple[Line, ...]

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Everything that is broken."""
        return tuple(one for line in self.lines for one in line.broken)

    @property
    def is_true(self) -> bool:
        """Whether nothing is broken."""
        return all(line.verdict != BROKEN for line in self.lines)

    @property
    def is_proven(self) -> bool:
        """Whether nothing is broken and nothing rests on anybody's word."""
        return all(line.verdict == HOLDS for line in self.lines)

    def to_json(self) -> str:
        """The report for a programme."""
        said = {"true": self.is_true, "proven": self.is_proven, "lines": [asdict(one) for one in self.lines]}
        return json.dumps(said, indent=1, ensure_ascii=False)

    def to_text(self) -> str:
        """The report for a person: a line for each check, and under it what is broken."""
        signs = {HOLDS: "ok ", BROKEN: "NO ", WORD: " ? "}
        text = []
        for line in self.lines:
            text.append(f"{signs[line.verdict]} {line.what:<12} {line.said}")
            text += [f"      {one.meeting} · {one.place} · {one.rule}: {one.said}" for one in line.broken]
        return "\n".join((*text, self._end()))

    def _end(self) -> str:
        if not self.is_true:
            return f"rejected: {len(self.broken)} rules or claims are broken"
        words = sum(line.verdict == WORD for line in self.lines)
        return f"accepted; {words} bounds rest on the solver's word" if words else "accepted, and proven"


def verify(content: bytes) -> Report:
    """What is true of the plan file with this content."""
    try:
        plan = read(content)
    except Unreadable as why:
        said = f"cannot be read: {why}"
        return Report((Line("file", BROKEN, said, (Broken("file", "file", "file", said),)),))
    lines = [_input(plan)]
    lines += [_line(rule.__name__, rule.__doc__, rule(plan)) for rule in RULES]
    if all(line.verdict == HOLDS for line in lines[1:]):  # what breaks a rule has no worth
        lines += _worth(plan)
    return Report(tuple(lines))


def _input(plan: PlanFile) -> Line:
    claimed = plan.certificate.input_hash
    faults = []
    if claimed != plan.input_hash:
        said = f"the certificate is for {claimed[:16]}…, the input is {plan.input_hash[:16]}…"
        faults.append(Broken("input", "certificate", "input_hash", said))
    size = f"{len(plan.meetings)} meetings, {len(plan.slots)} slots, {len(plan.rooms)} rooms"
    return _line(
        "input", f"The certificate is for this very input: {size}, SHA-256 {plan.input_hash[:16]}….", faults
    )


def _worth(plan: PlanFile) -> Sequence[Line]:
    levels = ", ".join(f"{one.code} {one.objective}" for one in plan.certificate.levels)
    lines = [
        _line(
            "values",
            f"The plan is worth what is said: {levels or plan.certificate.objective}.",
            wrong_values(plan),
        ),
        _line("claims", "The certificate does not contradict itself or the plan.", wrong_bounds(plan)),
        _line(
            "prices",
            f"The {len(plan.prices)} prices are of scarce things, and none is below 0.",
            ill_priced(plan),
        ),
    ]
    if all(line.verdict == HOLDS for line in lines):
        lines.append(
            _line(
                "refutation",
                "No meeting without a place could be placed as the plan stands and beat the bound.",
                refuted(plan),
            )
        )
        lines += [_bound(one) for one in judged(plan)]
    return lines


def _bound(one: Judgement) -> Line:
    claim = f"of {one.among} none surpasses {one.claimed}"
    if one.is_proven:
        return Line(f"{one.level} bound", HOLDS, f"O{claim[1:]}: {one.by} {one.proven}.")
    return Line(
        f"{one.level} bound", WORD, f"The solver says that {claim}; {one.by} {one.proven}, and no more."
    )


def _line(what: str, said: str | None, faults: Iterable[Broken]) -> Line:
    found = tuple(faults)
    return Line(what, BROKEN if found else HOLDS, said or what, found)
