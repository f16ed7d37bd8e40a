"""Whatever is falsified in a plan file, wherever: it is rejected, and the rule, the meeting and the place are named."""

import json
from typing import Any

import pytest

from summit_testkit.mutants import claims, placements, rulings
from summit_testkit.mutants.mutant import Kind
from summit_verifier.report import verify

KINDS = (*placements.KINDS, *rulings.KINDS, *claims.KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_falsified_plan_is_rejected_for_the_rule_it_breaks(kind: Kind, true_plan: dict[str, Any]) -> None:
    mutants = list(kind(true_plan))
    assert mutants
    for mutant in mutants:
        report = verify(json.dumps(mutant.document).encode())
        assert not report.is_true, mutant.place
        named = [one for one in report.broken if one.rule == mutant.rule]
        assert named, f"{mutant.place}: {report.to_text()}"
        assert mutant.subject is None or mutant.subject in {one.meeting for one in named}, mutant.place


def test_there_are_more_than_a_hundred_kinds_and_places(true_plan: dict[str, Any]) -> None:
    table = {(kind.__name__, mutant.place) for kind in KINDS for mutant in kind(true_plan)}
    assert len(KINDS) >= 30
    assert len(table) >= 500


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b"null",
        b'{"format": "summit-plan", "version": 2}',
        b'{"format": "summit-plan", "version": 1, "version": 1}',
        b'{"format": "summit-plan", "version": NaN}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:60]),
)
def test_what_is_no_plan_file_is_rejected_with_a_reason(content: bytes) -> None:
    report = verify(content)
    assert [one.rule for one in report.broken] == ["file"]
    assert report.broken[0].said
