"""`summit timetable verify` says in a line each what it checked, and ends with 1 where something is not so."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summit_cli.main import app
from summit_testkit.mutants.summit import some_plan_file

TRUE = some_plan_file()


def said(tmp_path: Path, document: object, *options: str) -> tuple[int, str]:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    done = CliRunner().invoke(app, ["--var", str(tmp_path), "timetable", "verify", str(file), *options])
    return done.exit_code, done.output


def forged() -> dict[str, Any]:
    document = deepcopy(TRUE)
    document["placements"][0][1] = 11
    return document


def test_a_true_plan_is_accepted_line_by_line(tmp_path: Path) -> None:
    code, output = said(tmp_path, TRUE)
    assert code == 0
    assert all(line.startswith(("ok ", " ? ", "accepted")) for line in output.splitlines())
    assert len(output.splitlines()) > 12


def test_a_false_one_is_rejected_with_rule_meeting_and_place(tmp_path: Path) -> None:
    code, output = said(tmp_path, forged())
    assert code == 1
    assert "m01 · slot 11, room Large · starts" in output


def test_a_programme_is_told_the_same_as_json(tmp_path: Path) -> None:
    code, output = said(tmp_path, forged(), "--json")
    report = json.loads(output)
    assert code == 1
    assert report["true"] is False
    broken = [one for line in report["lines"] for one in line["broken"]]
    assert {"rule": "starts", "meeting": "m01"}.items() <= broken[0].items()


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_a_bound_on_the_solvers_word_is_accepted_unless_asked_strictly(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    unproven = deepcopy(TRUE)
    unproven["certificate"]["bound"] = 51  # counting alone proves 52, and no meeting added to one makes 51
    assert said(tmp_path, unproven, *options)[0] == code


def test_what_is_no_plan_file_is_rejected_in_a_sentence(tmp_path: Path) -> None:
    code, output = said(tmp_path, {"format": "pancake", "version": 1})
    assert code == 1
    assert "pancake" in output
