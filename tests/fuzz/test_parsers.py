"""The fuzzer finds nothing in the parsers, and would find something."""

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    find_spec("atheris") is None, reason="Atheris has wheels for Linux on x86-64 only"
)


async def fuzzed(program: str, directory: Path, *options: str) -> tuple[int | None, str]:
    """The exit code of a fuzzer, and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *options,
        cwd=directory, env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, said.decode("utf-8", "replace")


RUN = "import sys; from tests.fuzz.parsers import main; main(sys.argv[1], sys.argv[2:])"


@pytest.mark.parametrize("parser", ["envelope", "edition"])
async def test_a_parser_understands_or_refuses_whatever_it_gets(parser: str, tmp_path: Path) -> None:
    code, said = await fuzzed(RUN, tmp_path, parser, "-runs=1500", "-seed=1", "-timeout=60")
    assert code == 0, said[-3000:]
    assert "Done 1500 runs" in said


async def test_a_fault_would_be_found(tmp_path: Path) -> None:
    planted = RUN.replace(
        "main(sys.argv[1]",
        "import tests.fuzz.parsers as p; p.PARSERS['envelope'] = lambda message: {}[message[:1] > b'a']; main(sys.argv[1]",
    )
    code, said = await fuzzed(planted, tmp_path, "envelope", "-runs=1500", "-seed=1")
    assert code != 0
    assert "KeyError" in said
