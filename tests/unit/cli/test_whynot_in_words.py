"""`summit timetable why-not` says in words what the service says in codes: every code, and as the console does."""

import re
from importlib.resources import files

import pytest

from summit_cli.whynot import SENTENCES, against, what_helps
from summit_scheduling.domain.obstacles import Against

CONSOLE = files("summit_portal") / "pages/console/templates/console/words.html"


def test_every_rule_is_said_as_the_console_says_it() -> None:
    (macro,) = re.findall(r"macro against\(.*?endmacro", CONSOLE.read_text(encoding="utf-8"), re.DOTALL)
    assert dict(re.findall(r'"(\w+)": _\("([^"]+)"', macro)) == SENTENCES
    assert SENTENCES.keys() == set(Against)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("party_away", "KE cannot always come at the level agreed."),
        ("resource", "There is not enough of KE."),
        ("not_known_yet", "not known yet KE"),
    ],
)
def test_a_rule_names_whose_or_of_what_it_is(rule: str, said: str) -> None:
    assert against({"rule": rule, "subject": "KE"}) == said


@pytest.mark.parametrize(
    ("change", "to", "rules", "said"),
    [
        ("substitute", "head_of_police", [], "A lower level: head of police"),
        ("smaller", "6", [], "Fewer people: 6"),
        (None, None, ["pin"], "Without this: The meeting is pinned to one moment."),
        (None, None, [], "As it is"),
    ],
    ids=["level", "people", "rule", "nothing"],
)
def test_what_helps_is_said_in_words(change: str | None, to: str | None, rules: list[str], said: str) -> None:
    gives_way = [{"rule": one, "subject": "b1"} for one in rules]
    assert what_helps({"change": change, "to": to, "gives_way": gives_way}) == said
