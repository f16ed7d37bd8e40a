"""Manifests of Kubernetes as a test looks at them: what is wrong with one, what its pods are, whom a selector chooses."""

from collections.abc import Iterator
from typing import Any

import kubernetes_validate
from pydantic import ValidationError

from summit_testkit.operators import OF_OPERATORS

VERSION = "1.37"

Manifest = dict[str, Any]


def fault_of(manifest: Manifest) -> str | None:
    """What is wrong with it by its schema; a kind that nobody knows is wrong."""
    try:
        if known := OF_OPERATORS.get(manifest["kind"]):
            known.model_validate(manifest)
        else:
            kubernetes_validate.validate(manifest, VERSION, strict=True)
    except (
        ValidationError,
        kubernetes_validate.ValidationError,
        kubernetes_validate.SchemaNotFoundError,
    ) as fault:
        return f"{manifest['kind']} {manifest['metadata']['name']}: {fault}"
    return None


def of_kind(overlay: list[Manifest], *kinds: str) -> list[Manifest]:
    """All of these kinds."""
    return [one for one in overlay if one["kind"] in kinds]


def workloads(overlay: list[Manifest]) -> list[Manifest]:
    """Whatever makes pods."""
    return of_kind(overlay, "Deployment", "StatefulSet", "Job")


def pod(workload: Manifest) -> Manifest:
    """What its pods are."""
    found: Manifest = workload["spec"]["template"]["spec"]
    return found


def labels(workload: Manifest) -> dict[str, str]:
    """What its pods are found by."""
    found: dict[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def chosen(overlay: list[Manifest], wanted: dict[str, str]) -> list[str]:
    """The workloads whose pods have these labels."""
    return [one["metadata"]["name"] for one in workloads(overlay) if wanted.items() <= labels(one).items()]


def containers(workload: Manifest) -> Iterator[Manifest]:
    """All containers of its pods."""
    yield from pod(workload).get("initContainers", [])
    yield from pod(workload)["containers"]


def ports(workload: Manifest) -> dict[str, int]:
    """The ports of its pods, by name."""
    return {
        one["name"]: one["containerPort"] for part in containers(workload) for one in part.get("ports", [])
    }


def configuration(overlay: list[Manifest]) -> dict[str, str]:
    """What every service is told."""
    (found,) = [one for one in of_kind(overlay, "ConfigMap") if one["metadata"]["name"].startswith("summit-")]
    told: dict[str, str] = found["data"]
    return told
