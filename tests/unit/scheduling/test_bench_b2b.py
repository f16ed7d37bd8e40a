"""The comparison with published results reads what others wrote, says what it reached, and says so when there is nothing to read."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
# Four participants, three of them in a triangle of meetings; the third meeting is in the afternoon, which is slot 3 and 4.
TRIANGLE = """nBusiness = 4;
nMeetings = 3;
nTables = 2;
nTotalSlots = 4;
nMorningSlots = 2;
requested = [| 1, 2, 3,
| 2, 3, 3,
| 1, 3, 2 |];
nMeetingsBusiness = [2, 2, 2, 0];
meetingsxBusiness = [{1,3}, {1,2}, {2,3}, {}];
forbidden = [{0}, {}, {2, 3}, {}];
fixed = [1, 0, 0];
precedences = [{}, {1}, {}];
"""
PUBLISHED = """instance,fairness_d,optimum,table,maxsat_s,maxsat_val,chuffed_s,chuffed_val,mip_s,mip_val
triangle.original,2,2,5,0.5,2,1.0,2,TO,9
triangle.original,0,UNSAT,9,0.1,-,1.0,-,0.1,-
triangle.wrong,2,0,5,0.5,0,1.0,0,1.0,0
"""


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench.b2b", "--workers", "1", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_published_instances_are_solved_compared_and_written_down(tmp_path: Path) -> None:
    # 1-2 in slot 1; 2-3 after it and not in 2 or 3: slot 4; 1-3 in the afternoon, so in slot 3, which 3 forbids, or 4, taken.
    (tmp_path / "triangle.wrong.dzn").write_text(TRIANGLE)
    # With slot 3 open: 1 waits from 1 to 3, 2 from 1 to 4, 3 not at all; the fourth has no meetings, so nobody may wait.
    (tmp_path / "triangle.original.dzn").write_text(
        TRIANGLE.replace("{2, 3}", "{2}").replace(
            "precedences = [{}, {1}, {}]", "precedences = [{}, {3}, {}]"
        )
    )
    (tmp_path / "published_results.csv").write_text(PUBLISHED)
    document = tmp_path / "table.md"
    document.write_text(
        "before\n<!-- Written by python -m tests.bench.b2b --write -->\nold\n"
        "<!-- End of what is written by python -m tests.bench.b2b --write -->\nafter\n"
    )
    options = (
        "--data",
        f"{tmp_path}",
        "--results",
        f"{tmp_path / 'results'}",
        "--write",
        "--document",
        f"{document}",
    )
    done = bench(*options)
    assert done.returncode == 1, done.stderr
    assert "triangle.original, fairness 2: optimal 2, as published" in done.stdout
    assert "triangle.original, fairness 0: infeasible, as published" in done.stdout
    assert "triangle.wrong, fairness 2: infeasible, NOT as published" in done.stdout
    written = document.read_text()
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "- `triangle.wrong`, fairness 2: proven none, published 0." in written
    assert "old" not in written
    assert "3 instances, 0 to be solved" in bench(*options).stdout


def test_without_instances_it_says_where_they_are_expected(tmp_path: Path) -> None:
    done = bench("--data", f"{tmp_path}")
    assert done.returncode == 2
    assert f"no instances (*.dzn) in {tmp_path}" in done.stderr
    assert "SUMMIT_B2B_DATA" in done.stderr


def test_a_file_that_is_no_instance_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.dzn").write_text(TRIANGLE.replace("fixed = [1, 0, 0];", "fixed = [1, 0];"))
    done = bench("--data", f"{tmp_path}", "--results", f"{tmp_path / 'results'}")
    assert done.returncode == 2
    assert "broken.dzn" in done.stderr
    assert "contradict each other" in done.stderr
