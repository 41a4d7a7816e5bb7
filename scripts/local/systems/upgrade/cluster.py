"""What the stand-in of Amazon EKS knows of its clusters, and what goes wrong in them on demand."""

import secrets
from dataclasses import dataclass, field
from typing import Any

# Kubernetes versions that the stand-in has, and how they are supported.
VERSIONS = {"1.30": "UNSUPPORTED", "1.31": "EXTENDED_SUPPORT", "1.32": "STANDARD_SUPPORT", "1.33": "STANDARD_SUPPORT",
            "1.34": "STANDARD_SUPPORT"}
# Versions of add-ons: with which versions of Kubernetes they go; the newest that goes with one is its default.
ADDONS = {
    "vpc-cni": {"v1.18.0-eksbuild.1": ("1.31", "1.32"), "v1.19.0-eksbuild.1": ("1.32", "1.33"),
                "v1.20.0-eksbuild.1": ("1.33", "1.34")},
    "kube-proxy": {"v1.32.0-eksbuild.2": ("1.31", "1.32", "1.33"), "v1.33.0-eksbuild.2": ("1.33", "1.34")},
    "coredns": {"v1.11.4-eksbuild.2": ("1.31", "1.32", "1.33", "1.34")},
}
# Seconds that an update takes. (Public reports; nothing here was measured at AWS.)
DURATIONS = {"cluster": 600, "nodegroup": 300, "addon": 60}
WEEK = 7 * 86400


@dataclass
class NodeGroup:
    """Its nodes have a version of their own."""

    version: str
    status: str = "ACTIVE"
    ami: str = "AL2023_x86_64_STANDARD"
    template: bool = False
    issues: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Update:
    """A change that takes its time."""

    kind: str
    name: str
    type: str
    version: str
    created: float
    token: str
    force: bool = False
    status: str = "InProgress"
    errors: list[dict[str, Any]] = field(default_factory=list)
    id: str = field(default_factory=lambda: "-".join(secrets.token_hex(n) for n in (4, 2, 2, 2, 6)))

    def told(self) -> dict[str, Any]:
        return {"id": self.id, "status": self.status, "type": self.type, "createdAt": self.created, "errors": self.errors,
                "params": [{"type": "Version", "value": self.version}]}


@dataclass
class Cluster:
    """One of an account's. `faults` says what goes wrong: in-use N, update-failed, cancelled, pod-eviction GROUP, insight, addon
    NAME, expired-rollback, rollback-insight, unhealthy."""

    name: str
    version: str = "1.32"
    status: str = "ACTIVE"
    groups: dict[str, NodeGroup] = field(default_factory=dict)
    addons: dict[str, str] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)
    subnets: list[str] = field(default_factory=lambda: ["subnet-1", "subnet-2"])
    protected: bool = False
    auto: bool = False
    updates: list[Update] = field(default_factory=list)
    refreshed: float | None = None
    faults: dict[str, Any] = field(default_factory=dict)

    def running(self, kind: str | None = None) -> list[Update]:
        return [update for update in self.updates if update.status == "InProgress" and kind in (None, update.kind)]

    def told(self, arn: str) -> dict[str, Any]:
        return {"name": self.name, "arn": arn, "version": self.version, "platformVersion": "eks.7",
                "status": "UPDATING" if self.running("cluster") else self.status,
                "resourcesVpcConfig": {"subnetIds": self.subnets}, "computeConfig": {"enabled": self.auto},
                "deletionProtection": self.protected, "upgradePolicy": {"supportType": "STANDARD"}}

    def insights(self, category: str) -> list[dict[str, Any]]:
        """What EKS has found out."""
        fault = {"UPGRADE_READINESS": "insight", "ROLLBACK_READINESS": "rollback-insight"}.get(category)
        status = "ERROR" if fault in self.faults else "PASSING"
        one = {"id": "00000000-0000-0000-0000-000000000001", "name": "Deprecated APIs", "category": category,
               "kubernetesVersion": after(self.version) if category == "UPGRADE_READINESS" else self.version,
               "insightStatus": {"status": status, "reason": "flowcontrol.apiserver.k8s.io/v1beta3 is used" if status == "ERROR" else ""}}
        return [one, {**one, "id": "00000000-0000-0000-0000-000000000002", "name": "Kubelet version skew",
                      "insightStatus": {"status": "PASSING", "reason": ""}}]

    def offers(self, addon: str) -> dict[str, tuple[str, ...]]:
        """Versions of an add-on, by the versions of Kubernetes that they go with."""
        known = ADDONS.get(addon, {})
        if self.faults.get("addon") != addon:
            return known
        return {version: tuple(k for k in goes if k <= self.version) for version, goes in known.items()}


def after(version: str) -> str:
    """The next minor version."""
    major, minor = version.split(".")
    return f"{major}.{int(minor) + 1}"


def number(version: str) -> tuple[int, ...]:
    """For comparisons."""
    return tuple(int(part) for part in version.split("."))
