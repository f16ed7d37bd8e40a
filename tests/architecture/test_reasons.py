"""Whatever silences a tool or leaves out a test carries its reason in the same line."""

from pathlib import Path

import pytest

from summit_testkit.house.reasons import unexplained_silence, unexplained_skips
from summit_testkit.house.sources import Module


def _module(text: str) -> Module:
    return Module(Path("planted.py"), text)


def test_every_silenced_rule_has_its_reason(house: list[Module]) -> None:
    faults = [str(fault) for module in house for fault in unexplained_silence(module)]
    assert not faults, "\n".join(faults)


def test_every_test_left_out_has_its_reason(house: list[Module]) -> None:
    faults = [str(fault) for module in house for fault in unexplained_skips(module)]
    assert not faults, "\n".join(faults)


def test_every_rule_that_is_switched_off_for_all_has_its_reason(root: Path) -> None:
    lines = (root / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("ignore = [") + 1
    assert [line for line in lines[start : lines.index("]", start)] if "#" not in line] == []


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: E501",
        "# noqa",
        "# noqa  # everything is as it should be",
        "# noqa: E501  # sorry",
        "# type: ignore[arg-type]",
        "# type: ignore  # the library has no types",
        "# type: ignore[arg-type]  # noqa: E501",
        "# pragma: no cover",
    ],
)
def test_a_silence_without_a_reason_or_a_rule_is_found(comment: str) -> None:
    assert list(unexplained_silence(_module(f"x = 1  {comment}\n")))


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: BLE001  # the loop outlives every fault",
        "x = 1  # noqa: BLE001, S603  the arguments are ours",
        "x = 1  # type: ignore[arg-type]  # an ASGI application",
        "x = '# noqa: E501'",
        '"""Each noqa carries its reason: # noqa: E501."""',
        "x = 1  # why it is one",
    ],
)
def test_a_reason_is_accepted_and_other_text_is_left_alone(line: str) -> None:
    assert not list(unexplained_silence(_module(f"{line}\n")))


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.skip\ndef test_x(): ...",
        "@pytest.mark.skip()\ndef test_x(): ...",
        "@pytest.mark.skipif(True)\ndef test_x(): ...",
        "@pytest.mark.xfail(strict=True)\ndef test_x(): ...",
        "def test_x(): pytest.skip()",
        "def test_x(): pytest.skip('')",
        "pytestmark = pytest.mark.skip",
        "nats = pytest.importorskip('nats')",
        "@unittest.skip('')\ndef test_x(): ...",
    ],
)
def test_a_skip_without_a_reason_is_found(text: str) -> None:
    assert list(unexplained_skips(_module(text)))


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.mark.skipif(not ENGINE, reason='needs a container engine')\ndef test_x(): ...",
        "def test_x(): pytest.skip('the machine has no second core')",
        "def test_x(): pytest.skip(reason=f'needs {engine}')",
        "def skip(): ...\nskip()",
        "session.skip()",
    ],
)
def test_a_skip_with_a_reason_is_accepted(text: str) -> None:
    assert not list(unexplained_skips(_module(text)))
