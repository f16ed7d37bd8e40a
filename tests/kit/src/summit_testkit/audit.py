"""Every pinned release is asked about: was it withdrawn, is a weakness of it known? `python -m summit_testkit.audit requirements.lock`.

The index tells which releases were withdrawn (PEP 592), and is there wherever an environment is made. The advisory service is on
the internet: where one of them does not answer, that is said in capitals, for then nothing is known.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import httpx

ADVISORIES: Final = "https://api.osv.dev/v1/querybatch"
"""Source: google.github.io/osv.dev, "Batched query"."""
DOES_NOT_CONCERN_US: Final[Mapping[str, str]] = {}
"""Advisories by their id, each with the reason why what it tells of cannot happen here."""
_ANSWERS_WITHIN: Final = 8.0  # seconds
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_WITHDRAWN = re.compile(r"^warning: `([^`]+)` is yanked(.*)$", re.MULTILINE)


class NobodyAnswers(Exception):
    """The index or the advisory service could not be asked."""


def pins(lock: str) -> list[tuple[str, str]]:
    """Name and version of every release that the lock file pins."""
    return _PIN.findall(lock)


def withdrawn(lock: Path) -> list[str]:
    """Pinned releases that their authors took back, each with the reason they gave.

    Raises:
        NobodyAnswers: the index does not.
    """
    asked = subprocess.run(  # our own tool on our own file
        [str(Path(sys.executable).with_name("uv")), "pip", "install", "--dry-run", "--reinstall", "--no-deps",
         "--requirements", str(lock), "--python", sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode:
        raise NobodyAnswers(_last_line(asked.stderr))
    return [f"{release} was withdrawn{why}" for release, why in _WITHDRAWN.findall(asked.stderr)]


def weaknesses(releases: Sequence[tuple[str, str]], advisories: str = ADVISORIES) -> list[str]:
    """What is known against these releases, but for what does not concern us.

    Raises:
        NobodyAnswers: the service does not, or not to this question.
    """
    queries = [
        {"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in releases
    ]
    try:
        answer = httpx.post(advisories, json={"queries": queries}, timeout=_ANSWERS_WITHIN)
        answer.raise_for_status()
        results = answer.json()["results"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as failure:
        raise NobodyAnswers(repr(failure)) from failure
    if len(results) != len(queries):
        raise NobodyAnswers(f"{len(results)} answers to {len(queries)} questions")
    return [
        f"{name}=={version}: {known['id']}"
        for (name, version), result in zip(releases, results, strict=True)
        for known in result.get("vulns", ())
        if known["id"] not in DOES_NOT_CONCERN_US
    ]


def audited(lock: Path, advisories: str = ADVISORIES) -> tuple[list[str], list[str]]:
    """What is wrong with the releases of the lock file, and what could not be found out."""
    releases = pins(lock.read_text(encoding="utf-8"))
    faults: list[str] = []
    unknown: list[str] = []
    questions: dict[str, Callable[[], list[str]]] = {
        "WITHDRAWN RELEASES WERE NOT LOOKED FOR": partial(withdrawn, lock),
        "KNOWN WEAKNESSES WERE NOT LOOKED FOR": partial(weaknesses, releases, advisories),
    }
    for silence, ask in questions.items():
        try:
            faults += ask()
        except NobodyAnswers as why:
            unknown.append(f"{silence}: {why}")
    return faults, unknown


def _last_line(said: str) -> str:
    return next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it said nothing")


def main(lock: Path, advisories: str = ADVISORIES) -> int:
    """It was said what is wrong and what is not known; the exit code is 1 where something is wrong."""
    faults, unknown = audited(lock, advisories)
    for line in (*unknown, *faults):
        sys.stdout.write(f"{line}\n")
    if not unknown and not faults:
        sys.stdout.write("No pinned release was withdrawn, and of none is a weakness known.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
