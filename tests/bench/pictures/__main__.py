"""Draws the pictures of `docs/algorithms/timetable.md` from what the engine really does with a small summit.

.venv/bin/python -m tests.bench.pictures
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from summit_scheduling.domain.obstacles import Against, Obstacle, Question, Rules, Said
from summit_scheduling.domain.plan import Plan
from summit_scheduling.domain.problem import OpenRoom, Problem
from summit_scheduling.domain.whynot import why_not
from summit_scheduling.solver.engine import solve
from summit_scheduling.solver.placing import placed_as_well
from summit_testkit.problems import meeting, problem

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
_SCALE = 1 << 20
_INK, _PAPER, _SHADE, _GOOD, _BAD = "#1b2a41", "#ffffff", "#cfe0f5", "#2e7d4f", "#a33327"

Asked = tuple[Rules, bool]


def small_summit() -> Problem:
    """Eleven meetings for six places: two rooms, three slots, and KE, whom everybody wants to meet."""
    pairs = (
        ("KE", "FR", 16),
        ("KE", "IN", 16),
        ("KE", "RW", 4),
        ("KE", "BD", 4),
        ("KE", "GH", 1),
        ("FR", "IN", 4),
    )
    more = (("RW", "BD", 4), ("GH", "FR", 1), ("GH", "BD", 4), ("IN", "RW", 1), ("FR", "BD", 1))
    rooms = [OpenRoom(code, 8, frozenset(range(3))) for code in "AB"]
    meetings = [
        meeting(f"{one}–{other}", one, other, weight=weight, starts=range(3))
        for one, other, weight in (*pairs, *more)
    ]
    return problem(3, rooms, meetings)


def proof(given: Problem, plan: Plan) -> str:
    """The plan as a grid of rooms and slots, with the prices that prove it best, and the sum they come to."""
    price = {(one.kind, one.subject, one.at): one.price / _SCALE for one in plan.prices}
    where = {(one.room, one.slot): one for one in plan.assignments}
    parts = [_text(20, 28, "What is placed where, and what each use is charged", bold=True)]
    for slot in range(len(given.slots)):
        parts.append(_text(130 + 170 * slot, 58, f"slot {slot}"))
        for row, room in enumerate(given.rooms):
            one, x, y = where.get((room.code, slot)), 120 + 170 * slot, 70 + 70 * row
            charged = price.get(("room", room.code, str(slot)), 0)
            parts += [
                _box(x, y, 160, 60, _SHADE if charged else _PAPER),
                _text(x + 10, y + 48, f"place: {charged:g}"),
            ]
            if one:
                parts.append(
                    _text(
                        x + 10, y + 24, f"{one.meeting}  weighs {given.by_key[one.meeting].weight}", bold=True
                    )
                )
    parts += [_text(20, 105 + 70 * row, f"room {room.code}") for row, room in enumerate(given.rooms)]
    y = 90 + 70 * len(given.rooms)
    for line in _sum(given, plan, price):
        parts.append(_text(20, y, line))
        y += 22
    return _svg(650, y + 8, parts)


def _sum(given: Problem, plan: Plan, price: dict[tuple[str, str, str], float]) -> Iterator[str]:
    """How the bound comes about, line by line."""
    rooms = sum(each for (kind, _, _), each in price.items() if kind == "room")
    yield f"All places, at their prices: {rooms:g}"
    for party in sorted({subject for kind, subject, _ in price if kind == "party"}):
        slots = [each for (kind, subject, _), each in price.items() if (kind, subject) == ("party", party)]
        yield f"{party}'s time, {len(slots)} slots at their prices: {sum(slots):g}"
    left = plan.certificate.bound - sum(price.values())
    yield f"What meetings are worth beyond what their cheapest way is charged: {left:g}"
    yield f"Together {plan.certificate.bound}: no plan is worth more. This one is worth {plan.certificate.objective}."


def filtered(given: Problem, plan: Plan, left_out: str) -> tuple[Question, list[Asked]]:
    """What the deletion filter asks about a meeting that has no place, and what it is told."""
    held = {one.meeting for one in plan.assignments}
    kept = tuple(replace(one, weight=1) for one in given.meetings if one.key in held | {left_out})
    among = replace(given, meetings=kept)
    terms = Obstacle(Against.TERMS, left_out)
    against = {0: frozenset[Obstacle](), 1: frozenset[Obstacle](), 2: frozenset({terms})}
    question = Question(among, among.by_key[left_out], against, plan.assignments)
    asked: list[Asked] = []
    asking = why_not(question)
    ask = next(asking)
    rules, blocking = frozenset(question.rules), frozenset(question.rules)
    for rule in (None, *question.rules):
        rules = blocking - {rule} if rule else blocking
        said: Said = placed_as_well(ask)
        asked.append((rules, said.plan is not None))
        blocking = blocking if said.plan else rules
        ask = asking.send(said)
    return question, [*asked, (blocking, False)]


def deletion(question: Question, asked: Sequence[Asked]) -> str:
    """Each question as a row: which rules hold, and whether the meeting has a place; the last row blocks it."""
    parts = [_text(20, 28, f"Why has {question.meeting.key} no place?", bold=True)]
    for column, rule in enumerate(question.rules):
        subject = "" if rule.subject == question.meeting.key else f" {rule.subject}"
        parts.append(_text(60 + 125 * column, 58, f"{rule.rule.value}{subject}"))
    for row, (rules, is_possible) in enumerate(asked):
        y, is_last = 72 + 34 * row, row == len(asked) - 1
        for column, rule in enumerate(question.rules):
            parts.append(_box(60 + 125 * column, y, 115, 24, _SHADE if rule in rules else _PAPER))
        end = 70 + 125 * len(question.rules)
        verdict = "these rules block it" if is_last else "a place" if is_possible else "no place"
        parts += [_text(20, y + 17, "" if is_last else str(row + 1))]
        parts.append(_text(end, y + 17, verdict, colour=_GOOD if is_possible else _BAD, bold=is_last))
    return _svg(240 + 125 * len(question.rules), 84 + 34 * len(asked), parts)


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4" fill="{fill}" stroke="{_INK}"/>'


def _text(x: float, y: float, said: str, *, bold: bool = False, colour: str = _INK) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}"{weight}>{escape(said)}</text>'


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="14">'
    )
    return (
        "\n".join((head, f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>', *parts, "</svg>"))
        + "\n"
    )


def drawn() -> dict[str, str]:
    """Every picture, by the name of its file."""
    given = small_summit()
    plan = solve(given, seed=1, seconds=60.0)
    held = {one.meeting for one in plan.assignments}
    left_out = next(one.key for one in given.meetings if one.key not in held)
    return {
        "timetable-proof.svg": proof(given, plan),
        "timetable-why-not.svg": deletion(*filtered(given, plan, left_out)),
    }


def main() -> None:
    """The pictures are in their folder."""
    for name, text in drawn().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
