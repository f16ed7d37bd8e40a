"""Which facts somebody asks for: a filter over subjects, as NATS writes them.

`*` stands for one token, `>` at the end for one or more: `summit.*.pledges.>` is every pledge ever, `summit.uncops-2022.>`
one summit.
"""

import re

ALL_FACTS = "summit.>"
_FILTER = re.compile(r"summit(\.([a-z0-9_-]+|\*)){0,4}\.(>|\*|[A-Za-z0-9_-]+)")


def is_filter(text: str) -> bool:
    """Whether it names public facts; what is personal, dead or the server's own can never be asked for."""
    return bool(_FILTER.fullmatch(text))


def pattern(filter_: str) -> str:
    """A regular expression that the subjects of the filter match, and no others; Python and PostgreSQL read it alike."""
    spelled = {"*": "[^.]+", ">": ".+"}
    return "^" + r"\.".join(spelled.get(token, re.escape(token)) for token in filter_.split(".")) + "$"
