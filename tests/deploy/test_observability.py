"""Alarms and dashboards speak of metrics that are exported, with the labels they have, and each alarm is explained."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from summit_chassis import telemetry

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "observability"
PROMETHEUS_OWN = {"up": {"job", "instance"}}
_METRIC = re.compile(r"\b(summit_[a-z_]+|up)\b(?:\{([^}]*)\})?")
_MADE_OF = re.compile(r"_(bucket|sum|count)$")


def exported() -> dict[str, set[str]]:
    """The labels of every metric that `/metrics` of a service shows."""
    found = dict(PROMETHEUS_OWN)
    for metric in vars(telemetry).values():
        if isinstance(metric, MetricWrapperBase):
            (family,) = metric.describe()
            found[family.name + ("_total" if family.type == "counter" else "")] = set(metric._labelnames)
    return found


def expressions() -> dict[str, str]:
    """Every expression of alarms and panels, by who has it."""
    rules = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    found = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            found[f"{panel['title']} {target['refId']}"] = target["expr"]
    return found


def dashboard() -> dict[str, Any]:
    """What Grafana is given."""
    found: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return found


def alarms() -> list[dict[str, Any]]:
    """Every alarm."""
    rules = yaml.safe_load((FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    return [rule for group in rules["groups"] for rule in group["rules"]]


def faults_of(expression: str) -> list[str]:
    """What it speaks of and nobody exports."""
    known, faults = exported(), []
    named = [(_MADE_OF.sub("", metric), filters) for metric, filters in _METRIC.findall(expression)]
    for metric, filters in named:
        if metric not in known:
            faults.append(metric)
        faults += [
            f"{metric}.{label}"
            for label in re.findall(r"(\w+)\s*=~?", filters)
            if label not in known.get(metric, set())
        ]
    labels = set.union(*(known.get(metric, set()) for metric, _ in named)) | {"le"}
    grouped = {
        label.strip() for by in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression) for label in by.split(",")
    }
    return faults + sorted(grouped - labels)


def test_every_expression_speaks_of_metrics_that_are_exported() -> None:
    assert {
        who: faults for who, expression in expressions().items() if (faults := faults_of(expression))
    } == {}


def test_what_is_exported_is_shown() -> None:
    shown = {
        _MADE_OF.sub("", metric)
        for expression in expressions().values()
        for metric, _ in _METRIC.findall(expression)
    }
    assert set(exported()) - shown == set()


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("sum(rate(summit_outbox_publishd_total[5m]))", "summit_outbox_publishd_total"),
        ('summit_consumer_lag{strem="X"}', "summit_consumer_lag.strem"),
        ("max by (servise) (summit_outbox_pending)", "servise"),
    ],
)
def test_a_metric_or_label_that_is_not_there_is_found(planted: str, fault: str) -> None:
    assert faults_of(planted) == [fault]


def test_the_registry_that_services_show_has_them() -> None:
    shown = {family.name for family in REGISTRY.collect()}
    assert {name.removesuffix("_total") for name in exported()} - set(PROMETHEUS_OWN) <= shown


def test_every_alarm_is_explained_and_tested_and_every_explanation_has_its_alarm() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    explained = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    tested = (FOLDER / "rules.test.yaml").read_text(encoding="utf-8")
    assert explained == [alarm["alert"] for alarm in alarms()]
    for alarm in alarms():
        assert alarm["labels"]["severity"] in ("page", "ticket")
        assert alarm["annotations"]["description"] == f"docs/operating.md#{alarm['alert'].lower()}"
        assert re.search(
            rf"alertname: {alarm['alert']}\n\s+eval_time: \w+\n\s+exp_alerts:\n\s+- exp_labels", tested
        )


def test_alarms_ring_when_they_should_and_not_before() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: it comes with Debian's package prometheus")
    for words in (("check", "rules", "rules.yaml"), ("test", "rules", "rules.test.yaml")):
        done = subprocess.run(
            [promtool, *words], cwd=FOLDER, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_panels_do_not_overlap_and_say_what_they_show() -> None:
    panels = dashboard()["panels"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(panels)
    assert all(panel["title"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)
