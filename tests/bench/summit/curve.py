"""How the time until the optimum is proven grows with the number of wishes, as a picture with two logarithmic scales."""

from collections.abc import Iterator, Sequence
from html import escape
from math import log10

from tests.bench.summit.runs import Run

_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 360, 70, 50
_WISHES, _SECONDS = (100, 5000), (0.01, 100)
_INK, _FAINT, _COLOURS = "#1b2a41", "#cfd6e0", {"A": "#2f6db5", "B": "#b5552f"}
_FONT = 'font-family="sans-serif" font-size="14"'


def curve(runs: Sequence[Run]) -> str:
    """One line for each family until the optimum is proven, dashed until the first plan."""
    parts = [f'<rect width="{_WIDTH + 150}" height="{_HEIGHT + 110}" fill="#ffffff"/>', *_axes()]
    for family, colour in _COLOURS.items():
        own = sorted((one for one in runs if one.family == family), key=lambda one: one.wishes)
        if own:
            parts += _line(
                [(one.wishes, one.placing.proven.processor) for one in own], colour, f"{family}: best, proven"
            )
            parts += _line(
                [(one.wishes, one.placing.first.processor) for one in own],
                colour,
                f"{family}: first plan",
                dashed=True,
            )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH + 150} {_HEIGHT + 110}" '
        f'width="{_WIDTH + 150}" height="{_HEIGHT + 110}" {_FONT}>'
    )
    return "\n".join((head, *parts, "</svg>")) + "\n"


def _axes() -> Iterator[str]:
    yield _text(_LEFT - 50, 24, "Processor seconds until there is a plan, and until the best is proven")
    for seconds in (0.01, 0.1, 1, 10, 100):
        y = _y(seconds)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDTH - 70}" y2="{y:.1f}" stroke="{_FAINT}"/>'
        yield _text(_LEFT - 45, y + 5, f"{seconds:g}")
    for wishes in (100, 200, 500, 1000, 2000, 5000):
        x = _x(wishes)
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_TOP + _HEIGHT}" stroke="{_FAINT}"/>'
        yield _text(x - 16, _TOP + _HEIGHT + 22, f"{wishes:,}")
    yield _text(_LEFT + 240, _TOP + _HEIGHT + 48, "wishes")


def _line(
    points: Sequence[tuple[int, float]], colour: str, name: str, *, dashed: bool = False
) -> Iterator[str]:
    at = [(_x(wishes), _y(max(seconds, _SECONDS[0]))) for wishes, seconds in points]
    dashes = ' stroke-dasharray="6 5"' if dashed else ""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    yield f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
    for x, y in at:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    yield _text(at[-1][0] + 8, at[-1][1] + 5, name, colour)


def _x(wishes: float) -> float:
    low, high = map(log10, _WISHES)
    return _LEFT + (_WIDTH - 70) * (log10(wishes) - low) / (high - low)


def _y(seconds: float) -> float:
    low, high = map(log10, _SECONDS)
    return _TOP + _HEIGHT * (high - log10(seconds)) / (high - low)


def _text(x: float, y: float, said: str, colour: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}">{escape(said)}</text>'
