"""What the local run upgrades: two clusters in two waves, then a third that is not well afterwards; and what goes wrong on purpose."""

from typing import Any

from .cluster import Cluster, NodeGroup

# What EKS takes, so many times faster: a control plane two seconds.
SPEED = 300
FROM, TO = "1.32", "1.33"
# An execution of the first two, and one of the third.
FIRST, SECOND = ["dev", "prod"], ["edge"]
# A healthy run tells beforehand what would be done to one, and takes the upgrade of one back at the end.
PLANNED, TAKEN_BACK = "edge", "prod"
EVENT = {"target": TO, "bake_seconds": 1, "validation_seconds": 1}
FAULTS = {
    "insight": "EKS has found a deprecated API in use on dev: reasoning refuses it, nothing is changed",
    "addon": "no version of dev's vpc-cni goes with both versions: reasoning refuses it, nothing is changed",
    "pod-eviction": "pods of dev's node group a can't be evicted: execution fails and names it",
    "update-failed": "the update of dev's control plane fails: execution fails with EKS's reason",
    "in-use": "EKS is busy with dev three times: no matter",
    "expired-rollback": "EKS takes edge's version back no more: the rollback says that it was not possible",
}
# With these the first execution succeeds.
NO_MATTER = ("in-use", "expired-rollback")
VALUES: dict[str, Any] = {"addon": "vpc-cni", "pod-eviction": "a", "in-use": 3}


def clusters(fault: str | None, subnets: list[str]) -> list[Cluster]:
    """The stand-in's, before anything is upgraded."""
    made = [Cluster(name, FROM, groups={"a": NodeGroup(FROM), "b": NodeGroup(FROM)}, subnets=subnets, profiles=["batch"],
                    addons={"vpc-cni": "v1.18.0-eksbuild.1", "kube-proxy": "v1.32.0-eksbuild.2", "coredns": "v1.11.4-eksbuild.2"})
            for name in [*FIRST, *SECOND]]
    by_name = {cluster.name: cluster for cluster in made}
    by_name["edge"].faults["unhealthy"] = True
    if fault:
        by_name["edge" if fault == "expired-rollback" else "dev"].faults[fault] = VALUES.get(fault, True)
    return made


def variables(zips: str, health: str) -> dict[str, Any]:
    """Terraform's. `health`: a URL that answers with 2xx."""
    return {
        "zip_directory": zips,
        "clusters": {name: {"health": [health]} for name in [*FIRST, *SECOND]},
        "waves": [{"name": "development", "clusters": ["dev"]},
                  {"name": "production", "clusters": ["prod"], "dependsOn": ["development"], "pauseBefore": True},
                  {"name": "edge", "clusters": ["edge"], "onFailure": "rollback"}],
    }
