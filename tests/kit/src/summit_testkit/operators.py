"""As much of what CloudNativePG and KEDA can be told as we tell them, and nothing else: Kubernetes has no schemas of these."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Nothing is said that is not known."""

    model_config = ConfigDict(extra="forbid")


class Metadata(Strict):
    name: str
    namespace: str
    labels: dict[str, str] = {}


class Named(Strict):
    name: str


class CpuTrigger(Strict):
    type: Literal["cpu"]
    metricType: Literal["Utilization"]  # noqa: N815  as KEDA calls it
    metadata: dict[Literal["value"], str]


class StreamTriggerMetadata(Strict):
    natsServerMonitoringEndpoint: str = Field(pattern=r"^[a-z.-]+:\d+$")  # noqa: N815  as KEDA calls it
    account: str
    stream: str
    consumer: str
    lagThreshold: str = Field(pattern=r"^\d+$")  # noqa: N815  as KEDA calls it
    activationLagThreshold: str = Field(pattern=r"^\d+$")  # noqa: N815  as KEDA calls it


class StreamTrigger(Strict):
    type: Literal["nats-jetstream"]
    metadata: StreamTriggerMetadata


class ScaledObjectSpec(Strict):
    scaleTargetRef: Named  # noqa: N815  as KEDA calls it
    minReplicaCount: int = Field(ge=2)  # noqa: N815  as KEDA calls it
    maxReplicaCount: int = Field(ge=3)  # noqa: N815  as KEDA calls it
    cooldownPeriod: int  # noqa: N815  as KEDA calls it
    triggers: list[CpuTrigger | StreamTrigger]


class ScaledObject(Strict):
    apiVersion: Literal["keda.sh/v1alpha1"]  # noqa: N815  as KEDA calls it
    kind: Literal["ScaledObject"]
    metadata: Metadata
    spec: ScaledObjectSpec


class Role(Strict):
    name: str
    ensure: Literal["present"]
    login: Literal[True]
    connectionLimit: int  # noqa: N815  as CloudNativePG calls it
    passwordSecret: Named  # noqa: N815  as CloudNativePG calls it


class Roles(Strict):
    roles: list[Role]


class Synchronous(Strict):
    method: Literal["any", "first"]
    number: int


class Configuration(Strict):
    parameters: dict[str, str]
    pg_hba: list[str]
    synchronous: Synchronous | None = None


class ClusterSpec(Strict):
    instances: Literal[1, 3]
    imageName: str  # noqa: N815  as CloudNativePG calls it
    storage: dict[Literal["size"], str]
    resources: dict[Literal["requests", "limits"], dict[str, str]]
    enableSuperuserAccess: Literal[False]  # noqa: N815  as CloudNativePG calls it
    postgresql: Configuration
    managed: Roles


class Cluster(Strict):
    apiVersion: Literal["postgresql.cnpg.io/v1"]  # noqa: N815  as CloudNativePG calls it
    kind: Literal["Cluster"]
    metadata: Metadata
    spec: ClusterSpec


class DatabaseSpec(Strict):
    cluster: Named
    name: str
    owner: str
    databaseReclaimPolicy: Literal["retain"]  # noqa: N815  as CloudNativePG calls it


class Database(Strict):
    apiVersion: Literal["postgresql.cnpg.io/v1"]  # noqa: N815  as CloudNativePG calls it
    kind: Literal["Database"]
    metadata: Metadata
    spec: DatabaseSpec


OF_OPERATORS: dict[str, type[BaseModel]] = {
    "ScaledObject": ScaledObject,
    "Cluster": Cluster,
    "Database": Database,
}
"""What Kubernetes does not know by itself: as much of it as we say, and nothing else."""
