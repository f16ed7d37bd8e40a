"""How generated documents are written down, and what a fact's docstring says."""

import json
import re
from dataclasses import dataclass
from typing import Any

from summit_contracts.fact import Fact

_PARTS = re.compile(
    r"^(?P<summary>.+?) Why: (?P<why>.+?) Published by: (?P<published_by>.+?)"
    r" Rely on: (?P<rely_on>.+?) Not promised: (?P<not_promised>.+)$"
)


class UnexplainedFact(Exception):
    """A fact whose docstring does not say why, published by whom, what to rely on and what is not promised."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a fact's docstring says, part by part."""

    summary: str
    why: str
    published_by: str
    rely_on: str
    not_promised: str


def explanation_of(fact: type[Fact]) -> Explanation:
    """The parts of a fact's docstring, each in one line.

    Raises:
        UnexplainedFact: a part is missing, or they stand in another order.
    """
    parts = _PARTS.match(" ".join((fact.__doc__ or "").split()))
    if parts is None:
        raise UnexplainedFact(
            f"{fact.__qualname__}: say summary, Why, Published by, Rely on, Not promised, in this order"
        )
    return Explanation(**{name: said[0].upper() + said[1:] for name, said in parts.groupdict().items()})


def parameters_of(fact: type[Fact]) -> list[str]:
    """The fields that stand in the subject, in its order."""
    return re.findall(r"\{(\w+)\}", fact.SUBJECT)


def json_text(document: Any) -> str:
    """The document as it is committed: readable, in its own order, with a newline at its end."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
