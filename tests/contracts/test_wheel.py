"""The wheel: another system installs it with pydantic and has everything."""

import ast
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

MAY_BE_IMPORTED = {
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "summit_contracts",
    *sys.stdlib_module_names,
}
IMPORT_EVERYTHING = """
import importlib, pkgutil, summit_contracts
for module in pkgutil.walk_packages(summit_contracts.__path__, "summit_contracts."):
    importlib.import_module(module.name)
    print(module.name)
"""
READ_NAMES = """
from summit_contracts import reference, taxonomy
from summit_contracts.values import Language
print(len(reference.invitees()), reference.name("VN", Language.ENGLISH), reference.name("INTERPOL", Language.FRENCH))
print(taxonomy.name("capability", "formed_police_unit", Language.FRENCH))
"""
READ_MESSAGES = """
from summit_contracts.catalogue import FACTS, parse
from summit_contracts.schemas import schema_of
from summit_contracts.testing import golden_messages_of
for fact in FACTS:
    for message in golden_messages_of(fact):
        assert parse(message.data.subject, message.to_json()) == message
    assert schema_of(fact)["$id"] == fact.schema_id()
print(len(FACTS))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `uv build` makes it, without the network."""
    out = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "build", "--wheel", "--offline", "--no-build-isolation", "--python", sys.executable]
    built = subprocess.run(
        [*command, "--out-dir", str(out), str(root / "contracts")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def lonely_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel and what the wheel asks for, and nothing else."""
    home = tmp_path_factory.mktemp("lonely")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    (site,) = (home / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (described,) = site.glob("*.dist-info")
    for name in sorted(needed_by(metadata.PathDistribution(described))):
        copy(metadata.distribution(name), site)
    return python


def needed_by(distribution: metadata.Distribution) -> set[str]:
    """The names of everything that a distribution needs, directly or not; extras are left out."""
    needed: set[str] = set()
    for line in distribution.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed |= {requirement.name} | needed_by(metadata.distribution(requirement.name))
    return needed


def copy(distribution: metadata.Distribution, site: Path) -> None:
    for file in distribution.files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(str(distribution.locate_file(file))), site / file)


def said_by(python: Path, program: str) -> list[str]:
    done = subprocess.run(
        [python, "-I", "-W", "error", "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_wheel_asks_for_pydantic_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (described,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        lines = archive.read(described).decode().splitlines()
    asked = [
        Requirement(line.removeprefix("Requires-Dist: "))
        for line in lines
        if line.startswith("Requires-Dist: ")
    ]
    assert {requirement.name for requirement in asked} == {"pydantic"}


def test_every_module_of_the_source_is_in_the_wheel_and_can_be_imported(
    lonely_python: Path, root: Path
) -> None:
    source = root / "contracts" / "src"
    modules = {
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        for path in (source / "summit_contracts").rglob("*.py")
    }
    assert set(said_by(lonely_python, IMPORT_EVERYTHING)) == modules - {"summit_contracts"}


def test_names_can_be_read_from_the_wheel(lonely_python: Path) -> None:
    invitees, capability = said_by(lonely_python, READ_NAMES)
    assert invitees == "230 Viet Nam Organisation internationale de police criminelle"
    assert capability == "Unité de police constituée"


def test_messages_can_be_read_with_the_wheel_alone(lonely_python: Path) -> None:
    (count,) = said_by(lonely_python, READ_MESSAGES)
    assert int(count) > 0


def test_the_wheel_says_that_it_is_typed_and_where_its_names_come_from(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert {"summit_contracts/py.typed", "summit_contracts/reference/README.md"} <= set(
            archive.namelist()
        )


def imports_of(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").split(".")[0] if node.level == 0 else "summit_contracts")
    return found


def test_contracts_import_pydantic_and_the_standard_library_only(root: Path) -> None:
    modules = list((root / "contracts" / "src").rglob("*.py"))
    foreign = {path.name: imports_of(path) - MAY_BE_IMPORTED for path in modules}
    assert len(modules) > 10
    assert {name: found for name, found in foreign.items() if found} == {}


@pytest.mark.parametrize(
    "line", ["import babel", "from nats.js import api", "def f():\n    import summit_chassis.ids"]
)
def test_a_foreign_import_would_be_seen(tmp_path: Path, line: str) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(line, encoding="utf-8")
    assert imports_of(planted) - MAY_BE_IMPORTED


def test_contracts_are_no_way_in_for_the_dynamic_import_of_something_else(root: Path) -> None:
    dynamic = re.compile(r"__import__|import_module|\bexec\(|\beval\(")
    assert [
        path.name
        for path in (root / "contracts" / "src").rglob("*.py")
        if dynamic.search(path.read_text("utf-8"))
    ] == []
