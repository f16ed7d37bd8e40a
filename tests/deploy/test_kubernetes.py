"""The manifests: valid by Kubernetes' own schemas, and true by our code."""

import base64
import os
import subprocess
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from summit_chassis import health
from summit_chassis.settings import PREFIX, ServiceSettings, load
from summit_cli.access.configuration import PLATFORM
from summit_cli.servers.nats import find_nats_server
from summit_cli.services import SERVICES, durables, installed
from summit_testkit.manifests import (
    Manifest,
    chosen,
    configuration,
    containers,
    fault_of,
    labels,
    of_kind,
    pod,
    ports,
    workloads,
)

ROOT = Path(__file__).parents[2]
MADE_BY_OTHERS = {
    "postgres-ca": "CloudNativePG, for the cluster of that name",
    "portal-tls": "whoever has the certificate",
}


def test_every_manifest_is_valid(overlay: list[Manifest]) -> None:
    assert [fault for one in overlay if (fault := fault_of(one))] == []


@pytest.mark.parametrize(
    "planted",
    [
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"port": 1}},
        {"apiVersion": "v1", "kind": "Servise", "metadata": {"name": "x"}},
        {"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": {"name": "x"}},
        {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "x", "namespace": "y"}, "spec": {}},
    ],
    ids=["an unknown field", "an unknown kind", "a version that is gone", "an operator's kind"],
)  # fmt: skip
def test_what_is_invalid_is_found(planted: Manifest) -> None:
    assert fault_of(planted)


def test_everything_is_in_one_namespace(overlay: list[Manifest]) -> None:
    assert {one["metadata"].get("namespace") for one in overlay if one["kind"] != "Namespace"} == {"summit"}


def test_every_service_runs_and_nothing_else_does(overlay: list[Manifest]) -> None:
    assert sorted(one["metadata"]["name"] for one in of_kind(overlay, "Deployment")) == sorted(SERVICES)
    assert sorted(chosen(overlay, {})) == sorted([*SERVICES, "nats", "provision"])


def test_selectors_choose_the_pods_they_mean(overlay: list[Manifest]) -> None:
    for one in of_kind(overlay, "Deployment", "StatefulSet"):
        name = one["metadata"]["name"]
        assert chosen(overlay, one["spec"]["selector"]["matchLabels"]) == [name]
        for spread in pod(one).get("topologySpreadConstraints", []):
            assert chosen(overlay, spread["labelSelector"]["matchLabels"]) == [name]
    for one in of_kind(overlay, "Service"):
        assert chosen(overlay, one["spec"]["selector"]) == [one["metadata"]["name"].removesuffix("-peers")]
    for one in of_kind(overlay, "PodDisruptionBudget"):
        assert chosen(overlay, one["spec"]["selector"]["matchLabels"]) == [one["metadata"]["name"]]


def test_ports_are_those_that_are_listened_on(overlay: list[Manifest]) -> None:
    by_name = {one["metadata"]["name"]: one for one in workloads(overlay)}
    for one in of_kind(overlay, "Service"):
        target = by_name[one["metadata"]["name"].removesuffix("-peers")]
        for port in one["spec"]["ports"]:
            assert ports(target)[port["targetPort"]] == port["port"]
    for one in workloads(overlay):
        for part in containers(one):
            for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
                if probe in part:
                    assert part[probe]["httpGet"]["port"] in ports(one)


def test_probes_ask_what_is_answered(overlay: list[Manifest]) -> None:
    answered = {getattr(route, "path", "") for route in health.router({}).routes}
    for one in of_kind(overlay, "Deployment"):
        (part,) = pod(one)["containers"]
        assert part["livenessProbe"]["httpGet"]["path"] == "/health/live"
        assert part["readinessProbe"]["httpGet"]["path"] == "/health/serving"
        assert {"/health/live", "/health/serving"} <= answered


def test_network_policies_speak_of_pods_and_ports_that_are_there(overlay: list[Manifest]) -> None:
    listened = {port for one in workloads(overlay) for port in ports(one).values()} | {5432, 8000}
    for one in of_kind(overlay, "NetworkPolicy"):
        spec = one["spec"]
        rules = [*spec.get("ingress", []), *spec.get("egress", [])]
        peers = [peer for rule in rules for peer in [*rule.get("from", []), *rule.get("to", [])]]
        for selector in [
            spec["podSelector"],
            *(peer["podSelector"] for peer in peers if "podSelector" in peer),
        ]:
            wanted = selector.get("matchLabels", {})
            assert chosen(overlay, wanted) or wanted == {"cnpg.io/cluster": "postgres"}, one["metadata"][
                "name"
            ]
        for rule in spec.get("ingress", []):
            assert {port["port"] for port in rule["ports"]} <= listened, one["metadata"]["name"]
    assert any(
        one["spec"]["podSelector"] == {} and "ingress" not in one["spec"]
        for one in of_kind(overlay, "NetworkPolicy")
    )


def test_pods_have_no_rights_and_no_token(overlay: list[Manifest]) -> None:
    accounts = {one["metadata"]["name"]: one for one in of_kind(overlay, "ServiceAccount")}
    assert all(one["automountServiceAccountToken"] is False for one in accounts.values())
    for one in workloads(overlay):
        spec = pod(one)
        assert spec["automountServiceAccountToken"] is False
        assert spec["serviceAccountName"] in accounts
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for part in containers(one):
            assert part["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert part["resources"]["limits"]["memory"]
            assert part["resources"]["requests"].keys() == {"cpu", "memory"}


def test_images_are_those_we_make_and_each_service_has_its_own(overlay: list[Manifest]) -> None:
    for one in workloads(overlay):
        name = one["metadata"]["name"]
        image = {"provision": "cli"}.get(name, name)
        assert {part["image"].partition(":")[0] for part in containers(one)} == {f"summit/{image}"}


def test_secrets_and_configurations_that_are_mounted_are_made(
    overlay: list[Manifest], secrets: dict[str, Manifest]
) -> None:
    maps = {one["metadata"]["name"]: one["data"] for one in of_kind(overlay, "ConfigMap")}
    for one in workloads(overlay):
        for volume in pod(one)["volumes"]:
            if "secret" in volume:
                assert volume["secret"]["secretName"] in {*secrets, *MADE_BY_OTHERS}
            if "configMap" in volume:
                assert volume["configMap"]["name"] in maps
        claims = one["spec"].get("volumeClaimTemplates", [])
        volumes = {each.get("name") or each["metadata"]["name"] for each in [*pod(one)["volumes"], *claims]}
        for part in containers(one):
            assert {mount["name"] for mount in part["volumeMounts"]} <= volumes
    (cluster,) = of_kind(overlay, "Cluster")
    for role in cluster["spec"]["managed"]["roles"]:
        made = secrets[role["passwordSecret"]["name"]]
        assert made["type"] == "kubernetes.io/basic-auth"
        assert base64.b64decode(made["data"]["username"]).decode() == role["name"]


def test_each_service_has_a_database_of_its_own(
    overlay: list[Manifest], secrets: dict[str, Manifest]
) -> None:
    (cluster,) = of_kind(overlay, "Cluster")
    assert sorted(role["name"] for role in cluster["spec"]["managed"]["roles"]) == sorted(SERVICES)
    found = {one["spec"]["name"]: one["spec"] for one in of_kind(overlay, "Database")}
    assert sorted(found) == sorted(SERVICES)
    for name in SERVICES:
        assert (found[name]["owner"], found[name]["cluster"]["name"]) == (name, cluster["metadata"]["name"])
        url = base64.b64decode(secrets[f"summit-{name}"]["data"]["summit_database_url"]).decode()
        assert urlsplit(url).hostname == f"{cluster['metadata']['name']}-rw"
        password = base64.b64decode(secrets[f"summit-database-{name}"]["data"]["password"]).decode()
        assert (urlsplit(url).username, urlsplit(url).password) == (name, password)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_would_start_with_what_it_is_told(
    overlay: list[Manifest], secrets_folder: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = secrets_folder / "secrets" / service
    for name, value in configuration(overlay).items():
        monkeypatch.setenv(
            name,
            value.replace("/run/secrets", str(mounted)).replace(
                "/run/database/ca.crt", str(mounted / "ca.pem")
            ),
        )
    monkeypatch.setenv("SUMMIT_HTTP_PORT", "8080")  # as the image says
    assert load(settings_of(service)).environment == "production"


def test_nothing_is_told_that_nobody_listens_to(overlay: list[Manifest]) -> None:
    fields = {
        f"{PREFIX}{field.upper()}" for service in SERVICES for field in settings_of(service).model_fields
    }
    assert set(configuration(overlay)) - fields == {"SUMMIT_SECRETS_DIR"}


def test_addresses_lead_to_services(overlay: list[Manifest]) -> None:
    ours = {
        one["metadata"]["name"]: {port["port"] for port in one["spec"]["ports"]}
        for one in of_kind(overlay, "Service")
    }
    told = configuration(overlay)
    for name, value in told.items():
        if name.endswith("_URL") and "un.example" not in value:
            for address in value.split(","):
                split = urlsplit(address)
                service = str(split.hostname).split(".")[-1]
                assert service in ours, address
                assert split.port in ours[service] | {4222}, address


def test_the_portal_is_told_where_every_service_is_and_may_ask_it(overlay: list[Manifest]) -> None:
    told = configuration(overlay)
    (asking,) = [one["spec"]["egress"] for one in policies(overlay, "portal")]
    (asked,) = policies(overlay, "asked-by-the-portal")
    by_name = {one["metadata"]["name"]: one for one in workloads(overlay)}
    for name in set(SERVICES) - {"portal"}:
        assert told[f"SUMMIT_{name.upper()}_URL"] == f"http://{name}:8080"
        for selector in (asking[0]["to"][0]["podSelector"], asked["spec"]["podSelector"]):
            assert selector["matchLabels"].items() <= labels(by_name[name]).items()


def policies(overlay: list[Manifest], name: str) -> list[Manifest]:
    """The network policies of that name."""
    return [one for one in of_kind(overlay, "NetworkPolicy") if one["metadata"]["name"] == name]


def test_services_are_scaled_by_what_they_have_not_heard(rendered: dict[str, list[Manifest]]) -> None:
    overlay = rendered["production"]
    heard = {(one.name, one.stream.value) for one in durables(list(installed().values()))}
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["triggers"]
        for one in of_kind(overlay, "ScaledObject")
    }
    assert sorted(scaled) == sorted(SERVICES)
    asked = [
        trigger["metadata"]
        for triggers in scaled.values()
        for trigger in triggers
        if trigger["type"] == "nats-jetstream"
    ]
    assert {(one["consumer"], one["stream"]) for one in asked} == heard
    assert {one["account"] for one in asked} == {PLATFORM}
    assert not [one for one in of_kind(overlay, "Deployment") if "replicas" in one["spec"]]


def test_production_keeps_everything_three_times(rendered: dict[str, list[Manifest]]) -> None:
    overlay = rendered["production"]
    (nats,) = of_kind(overlay, "StatefulSet")
    (provision,) = of_kind(overlay, "Job")
    (cluster,) = of_kind(overlay, "Cluster")
    told = {one["name"]: one.get("value") for one in pod(provision)["containers"][0]["env"]}
    assert (nats["spec"]["replicas"], told["SUMMIT_STREAM_REPLICAS"], cluster["spec"]["instances"]) == (
        3,
        "3",
        3,
    )
    assert {one["metadata"]["name"] for one in of_kind(overlay, "PodDisruptionBudget")} == {*SERVICES, "nats"}


def test_nats_understands_its_configuration(
    overlay: list[Manifest], secrets_folder: Path, tmp_path: Path
) -> None:
    (found,) = [
        one["data"]["nats.conf"]
        for one in of_kind(overlay, "ConfigMap")
        if one["metadata"]["name"].startswith("nats-")
    ]
    understood(found, secrets_folder, tmp_path)


def test_nats_understands_its_configuration_on_one_host(secrets_folder: Path, tmp_path: Path) -> None:
    understood((ROOT / "deploy" / "nats" / "nats.conf").read_text(encoding="utf-8"), secrets_folder, tmp_path)


def understood(configured: str, secrets_folder: Path, place: Path) -> None:
    """The server would start with it, its secrets being where they are here."""
    mounted = secrets_folder / "secrets" / "nats"
    # What is included is looked for from where the file lies.
    here = configured.replace("include ../../run/secrets", f"include {os.path.relpath(mounted, place)}")
    here = here.replace("/run/secrets", str(mounted)).replace("/var/lib/nats", str(place))
    path = place / "nats.conf"
    path.write_text(here, encoding="utf-8")
    done = subprocess.run(
        [find_nats_server(), "-t", "-c", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"NATS_NAME": "nats-0"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def settings_of(service: str) -> type[ServiceSettings]:
    """What the service has to be told."""
    settings: type[ServiceSettings] = getattr(
        import_module(f"summit_{service}.settings"), f"{service.title()}Settings"
    )
    return settings
