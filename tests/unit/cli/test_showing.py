import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from summit_cli.aside import _legible
from summit_cli.checkout import edition_files
from summit_cli.editions import read
from summit_cli.refusals import CannotDo, in_words, kept_for_later
from summit_cli.screen import Acts
from summit_cli.servers.failures import ServerFailed
from summit_cli.tail import line
from summit_contracts.catalogue import FACTS, seal
from summit_contracts.fact import Fact
from summit_contracts.registration import DelegationWithdrawn
from summit_contracts.testing import HAPPENED_AT, examples_of


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.schema_name())
def test_every_fact_is_one_line_that_names_it(kind: type[Fact]) -> None:
    for fact in examples_of(kind):
        shown = line(17, fact.subject, seal(fact, id="1", at=HAPPENED_AT, version=1)).plain
        assert shown.split()[:6] == [
            "17", "2022-07-04", "14:05:00", "uncops-2022", fact.OWNER.value, kind.schema_name().split(".")[1],
        ]  # fmt: skip
        assert "\n" not in shown


def test_what_people_wrote_stays_on_the_line() -> None:
    fact = DelegationWithdrawn(edition_id="uncops-2022", invitee="KE", reason="no\n\ttime " + "x" * 100)
    shown = line(1, fact.subject, seal(fact, id="1", at=HAPPENED_AT, version=1)).plain
    assert "reason=no time xxx" in shown
    assert shown.endswith("…")
    assert "\n" not in shown


def test_what_cannot_be_read_is_shown_as_such() -> None:
    assert "summit.x.y: this version cannot read it" in line(3, "summit.x.y", None).plain


def test_without_a_terminal_an_act_is_one_line_when_it_is_over() -> None:
    console = Console(width=100, file=io.StringIO(), record=True, force_terminal=False)
    with Acts(console) as acts:
        acts.begin("Delegations registered", 3)
        acts.advance()
        acts.advance(2)
        acts.end("3 delegations")
        acts.begin("Timetable solved", None)
        acts.end("2 placed")
    lines = console.export_text().splitlines()
    assert [one.split(" (")[0] for one in lines] == [
        "Delegations registered   3 delegations",
        "Timetable solved         2 placed",
    ]


def test_an_original_is_shown_as_a_person_reads_it_best() -> None:
    assert _legible(b'{"a": "\xd8\xb1"}') == '{\n  "a": "ر"\n}'
    assert _legible(b"hello\x00\xff") == "hello\\x00\\xff"
    assert json.loads(_legible(b"[1]")) == [1]


def test_an_edition_that_is_not_there_is_answered_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the checkout this was installed from is found all the same
    assert edition_files("uncops-2022").pledges is not None
    with pytest.raises(CannotDo, match=r"no edition 'uncops-1999'; known here: .*uncops-2022"):
        edition_files("uncops-1999")


def test_every_fault_of_an_edition_file_is_a_line_that_editors_jump_to(tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text('edition_id = "x"\ntitle = 7\n', encoding="utf-8")
    with pytest.raises(CannotDo) as refused:
        read(file)
    lines = str(refused.value).splitlines()
    assert f"{file}:2: title: " in "\n".join(lines)
    assert all(one.startswith(f"{file}:") for one in lines[:-1])
    file.write_bytes(b"\xff")
    with pytest.raises(CannotDo, match="not UTF-8"):
        read(file)
    with pytest.raises(CannotDo, match="cannot be read"):
        read(tmp_path / "nothing.toml")


def test_a_problem_that_somebody_foresaw_is_a_sentence() -> None:
    assert in_words(CannotDo("No.", remedy="Do this.")) == "No.\nDo this."
    assert in_words(ServerFailed("nats does not answer")) == "nats does not answer"
    assert in_words(ConnectionRefusedError("no")) is not None


def test_a_problem_that_nobody_foresaw_is_kept_whole(tmp_path: Path) -> None:
    problem = ZeroDivisionError("by zero")
    assert in_words(problem) is None
    log = kept_for_later(problem, tmp_path)
    kept_for_later(problem, tmp_path)
    assert log.read_text(encoding="utf-8").count("ZeroDivisionError: by zero") == 2
