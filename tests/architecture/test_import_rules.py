"""The import rules hold, and each of them bites: a violation is planted for every one, in a house of empty rooms."""

from dataclasses import dataclass
from itertools import permutations, product
from pathlib import Path

import pytest

from summit_testkit.house.planted import PlantedHouse, lint_imports

MEETING = "ADR-0002"
ROOMS = "ADR-0003"
DOMAIN = "ADR-0004 the domain"
HANDLERS = "ADR-0004 handlers"
ADAPTERS = "ADR-0005"
PORTAL = "ADR-0019 rooms"
AREAS = "ADR-0019 areas"
VERIFIER = "ADR-0023"

SERVICES = ("registration", "scheduling", "pledges", "notifications", "webhooks")
FRAMEWORKS = ("fastapi", "starlette", "faststream", "nats", "sqlalchemy", "ortools", "pysat", "aiosmtplib")


@dataclass(frozen=True)
class Plant:
    """A module in the wrong place, or importing what it must not."""

    module: str
    imports: str
    breaks: str
    """What the one rule that it breaks begins with."""

    @property
    def file(self) -> str:
        return self.module.replace(".", "/") + ".py"


def _reach(rule: str, *pairs: tuple[str, str]) -> list[Plant]:
    return [Plant(f"{importer}.planted", imported, rule) for importer, imported in pairs]


PLANTS = [
    *_reach(
        MEETING,
        ("summit_scheduling.domain", "summit_registration.domain"),
        ("summit_chassis", "summit_registration"),
        ("summit_chassis", "summit_cli"),
        ("summit_contracts", "summit_chassis"),
        ("summit_contracts", "summit_pledges.domain"),
        ("summit_contracts", "summit_testkit"),
        ("summit_pledges.handlers", "summit_cli"),
        ("summit_pledges.http", "summit_testkit"),
        ("summit_cli", "summit_testkit"),
        ("summit_portal.clients", "summit_registration.domain"),
    ),
    *_reach(
        ROOMS,
        ("summit_registration.domain", "summit_registration.handlers"),
        ("summit_registration.handlers", "summit_registration.http"),
        ("summit_registration.handlers", "summit_registration.events"),
        ("summit_registration.handlers", "summit_registration.settings"),
        ("summit_registration.http", "summit_registration.events"),
        ("summit_registration.events", "summit_registration.http"),
        ("summit_registration.http", "summit_registration.app"),
        ("summit_registration.store", "summit_registration.handlers"),
        ("summit_notifications.letters", "summit_notifications.handlers"),
        ("summit_scheduling.solver", "summit_scheduling.handlers"),
    ),
    *_reach(
        PORTAL,
        ("summit_portal.shell", "summit_portal.pages"),
        ("summit_portal.readmodel", "summit_portal.shell"),
        ("summit_portal.clients", "summit_portal.live"),
        ("summit_portal.events", "summit_portal.pages"),
    ),
    *_reach(
        AREAS,
        ("summit_portal.pages.public", "summit_portal.pages.console"),
        ("summit_portal.pages.console", "summit_portal.pages.delegation"),
    ),
    *_reach(
        VERIFIER,
        ("summit_verifier", "summit_scheduling.domain"),
        ("summit_verifier", "summit_contracts"),
        ("summit_verifier", "ortools"),
        ("summit_verifier", "pydantic"),
    ),
    Plant("summit_portal.domain.__init__", "", PORTAL),
    Plant("summit_scheduling.utils.__init__", "", ROOMS),
    Plant("summit_pledges.helpers", "", ROOMS),
    *_reach(DOMAIN, ("summit_pledges.domain", "summit_chassis"), ("summit_pledges.domain", "sqlalchemy")),
    *_reach(HANDLERS, ("summit_pledges.handlers", "fastapi")),
    *_reach(
        ADAPTERS,
        ("summit_registration.http", "summit_registration.store"),
        ("summit_registration.events", "summit_registration.store"),
        ("summit_registration.handlers", "summit_registration.store"),
        ("summit_registration.__main__", "summit_registration.store"),
        ("summit_notifications.handlers", "summit_notifications.mail"),
        ("summit_scheduling.handlers", "summit_scheduling.solver"),
        ("summit_portal.pages.public", "summit_portal.store"),
        ("summit_cli", "summit_registration.store"),
        ("summit_testkit", "summit_scheduling.solver"),
    ),
]

LEGAL = {
    "summit_registration/app/planted.py": "import summit_registration.store\nimport summit_registration.http\n"
    "import summit_registration.events\nimport summit_registration.handlers\n",
    "summit_registration/http/planted.py": "import fastapi\nimport summit_registration.handlers\nimport summit_chassis\n",
    "summit_registration/events/planted.py": "import summit_registration.handlers\nimport summit_registration.domain\n",
    "summit_registration/handlers/planted.py": "import summit_registration.domain\nimport summit_chassis.planted\n",
    "summit_registration/store/planted.py": "import sqlalchemy\nimport summit_registration.domain\nimport summit_chassis\n",
    "summit_registration/domain/planted.py": "import summit_contracts\nimport pydantic\n",
    "summit_chassis/planted.py": "import sqlalchemy\nimport nats\nimport fastapi\nimport summit_contracts\n",
    "summit_cli/planted.py": "import summit_registration.app\nimport summit_chassis\nimport summit_verifier\n",
    "summit_verifier/planted.py": "import json\nimport hashlib\n",
    "summit_testkit/planted.py": "import summit_cli\nimport summit_scheduling.app\n",
}


@pytest.fixture
def planted_house(root: Path, tmp_path: Path) -> PlantedHouse:
    return PlantedHouse(root, tmp_path)


def test_the_house_keeps_every_import_rule(root: Path) -> None:
    verdicts = lint_imports(root)
    assert not verdicts.broken, verdicts.report


def test_legal_imports_break_no_rule(planted_house: PlantedHouse) -> None:
    planted_house.plant(LEGAL)
    verdicts = planted_house.verdicts()
    assert not verdicts.broken, verdicts.report


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.module}-{plant.imports or 'room'}")
def test_a_planted_violation_breaks_its_rule_and_no_other(planted_house: PlantedHouse, plant: Plant) -> None:
    planted_house.plant({plant.file: f"import {plant.imports}\n" if plant.imports else ""})
    verdicts = planted_house.verdicts()
    assert len(verdicts.broken) == 1, verdicts.report
    assert next(iter(verdicts.broken)).startswith(plant.breaks)
    assert plant.module.removesuffix(".__init__") in verdicts.report


def test_every_service_is_kept_from_every_other(planted_house: PlantedHouse) -> None:
    pairs = list(permutations(SERVICES, 2))
    for one, other in pairs:
        planted_house.plant({f"summit_{one}/domain/of_{other}.py": f"import summit_{other}.domain\n"})
    verdicts = planted_house.verdicts()
    assert [rule[: len(MEETING)] for rule in verdicts.broken] == [MEETING]
    assert [
        pair
        for pair in pairs
        if "summit_{0}.domain.of_{1} -> summit_{1}".format(*pair) not in verdicts.report
    ] == []


@pytest.mark.parametrize(
    ("room", "rule", "frameworks"),
    [("domain", DOMAIN, (*FRAMEWORKS, "summit_chassis")), ("handlers", HANDLERS, FRAMEWORKS)],
)
def test_the_room_is_kept_from_every_framework_in_every_service(
    planted_house: PlantedHouse, room: str, rule: str, frameworks: tuple[str, ...]
) -> None:
    text = "".join(f"import {framework}\n" for framework in frameworks)
    for service in SERVICES:
        planted_house.plant({f"summit_{service}/{room}/planted.py": text})
    verdicts = planted_house.verdicts()
    assert [broken[: len(rule)] for broken in verdicts.broken] == [rule]
    assert [
        (service, framework)
        for service, framework in product(SERVICES, frameworks)
        if f"summit_{service}.{room}.planted -> {framework} (" not in verdicts.report
    ] == []


def test_a_domain_that_reaches_a_framework_by_a_detour_is_found(planted_house: PlantedHouse) -> None:
    planted_house.plant(
        {
            "summit_contracts/detour.py": "import sqlalchemy\n",
            "summit_pledges/domain/planted.py": "import summit_contracts.detour\n",
        }
    )
    verdicts = planted_house.verdicts()
    assert {rule[:19] for rule in verdicts.broken} == {DOMAIN}, verdicts.report


def test_every_rule_has_a_plant(planted_house: PlantedHouse) -> None:
    unplanted = [
        rule
        for rule in planted_house.verdicts().kept
        if not any(rule.startswith(plant.breaks) for plant in PLANTS)
    ]
    assert not unplanted


def test_a_linter_that_cannot_judge_is_no_approval(root: Path, tmp_path: Path) -> None:
    PlantedHouse(root, tmp_path).plant({"summit_pledges/__init__.py": "not python ("})
    with pytest.raises(RuntimeError, match="did not judge"):
        lint_imports(tmp_path, {"PYTHONPATH": str(tmp_path)})
