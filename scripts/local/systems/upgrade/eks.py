"""Amazon EKS as far as upgrades need it, which no emulator has: strict against the service's model, and against its own rules.

One update of a cluster at a time; a control plane goes up by one version, with its nodes at the one it has; down by one within
a week, its nodes first; a token makes the same update; an update of a part is told only to who names the part.
"""

import json
import secrets
import threading
from collections.abc import Callable

from ...contract import services
from .calls import Given, Refused, read
from .cluster import DURATIONS, VERSIONS, WEEK, Cluster, Update, after, number

# Names of a page at most, so that whoever reads the first page only is found out.
PAGE = 2
UNHEALTHY = [{"code": "NodeCreationFailure", "message": "Unhealthy nodes in the kubernetes cluster", "resourceIds": ["i-1"]}]


class Eks:
    """One account in one region; `speed` shortens what updates take."""

    def __init__(self, now: Callable[[], float], speed: float = 1.0) -> None:
        self._now, self._speed = now, speed
        self._lock = threading.RLock()
        self.clusters: dict[str, Cluster] = {}
        # Operation and input of every call, and what a correct caller never does.
        self.calls: list[tuple[str, Given]] = []
        self.violations: list[str] = []
        # Operations that are throttled so many times.
        self.throttles: dict[str, int] = {}

    def add(self, *clusters: Cluster) -> None:
        self.clusters |= {cluster.name: cluster for cluster in clusters}

    def made(self, operation: str) -> list[Given]:
        return [given for name, given in self.calls if name == operation]

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        with self._lock:
            try:
                operation, given = read(method, path, query, body, self.violations)
                self.calls.append((operation, given))
                if self.throttles.get(operation, 0) > 0:
                    self.throttles[operation] -= 1
                    raise Refused("ThrottlingException", "Rate exceeded", 429)
                self._go_on()
                result = getattr(self, operation)(given)
            except Refused as error:
                return self._told(error.status, {"message": error.message}, {"x-amzn-ErrorType": error.code})
            self.violations += [f"the stand-in's answer to {operation}: {problem}"
                                for problem in services.answer_problems("eks", operation, result)]
            return self._told(200, result, {})

    @staticmethod
    def _told(status: int, value: Given, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        fields = {"Content-Type": "application/json", "x-amzn-RequestId": secrets.token_hex(16), **headers}
        return status, fields, json.dumps(value).encode()

    # What happens by itself

    def _go_on(self) -> None:
        for cluster in self.clusters.values():
            for update in cluster.running():
                if (self._now() - update.created) * self._speed >= DURATIONS[update.kind]:
                    self._finish(cluster, update)

    def _finish(self, cluster: Cluster, update: Update) -> None:
        faults = cluster.faults
        if update.kind == "cluster" and ("update-failed" in faults or "cancelled" in faults) and update.type == "VersionUpdate":
            update.status = "Cancelled" if "cancelled" in faults else "Failed"
            update.errors = [{"errorCode": "IpNotAvailable", "errorMessage": "no free addresses", "resourceIds": ["subnet-1"]}]
        elif update.kind == "nodegroup" and faults.get("pod-eviction") == update.name and not update.force \
                and number(update.version) >= number(cluster.version):
            update.status = "Failed"
            update.errors = [{"errorCode": "PodEvictionFailure", "errorMessage": "Reached max retries while trying to evict pods",
                              "resourceIds": [f"ip-10-0-0-1.{update.name}"]}]
        else:
            update.status = "Successful"
            if update.kind == "cluster":
                cluster.version = update.version
            elif update.kind == "nodegroup":
                group = cluster.groups[update.name]
                is_newer = number(update.version) > number(group.version)
                group.version = update.version
                group.issues = UNHEALTHY if is_newer and "unhealthy" in faults else []
            else:
                cluster.addons[update.name] = update.version

    # Looking

    def _cluster(self, name: str) -> Cluster:
        if name not in self.clusters:
            raise Refused("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)
        return self.clusters[name]

    @staticmethod
    def _page(names: list[str], given: Given, field: str) -> Given:
        begin = int(given.get("nextToken") or 0)
        size = min(given.get("maxResults", PAGE), PAGE)
        more = {"nextToken": str(begin + size)} if begin + size < len(names) else {}
        return {field: names[begin:begin + size], **more}

    def ListClusters(self, given: Given) -> Given:
        return self._page(sorted(self.clusters), given, "clusters")

    def DescribeCluster(self, given: Given) -> Given:
        return {"cluster": self._cluster(given["name"]).told(f"arn:aws:eks:us-east-1:123456789012:cluster/{given['name']}")}

    def DescribeClusterVersions(self, given: Given) -> Given:
        page = self._page(list(VERSIONS), given, "names")
        told = [{"clusterVersion": version, "versionStatus": VERSIONS[version], "endOfStandardSupportDate": 1800000000,
                 "endOfExtendedSupportDate": 1830000000} for version in page.pop("names")]
        return {"clusterVersions": told, **page}

    def DescribeAddonVersions(self, given: Given) -> Given:
        addon, kubernetes = given["addonName"], given["kubernetesVersion"]
        # The catalogue is a cluster's nowhere; a fault of one is that of all.
        offers = next((c.offers(addon) for c in self.clusters.values() if c.faults.get("addon") == addon), Cluster("").offers(addon))
        fitting = sorted((version for version, goes in offers.items() if kubernetes in goes), reverse=True)
        versions = [{"addonVersion": version, "compatibilities": [{"clusterVersion": kubernetes, "defaultVersion": version == fitting[0]}]}
                    for version in fitting]
        return {"addons": [{"addonName": addon, "addonVersions": versions}] if versions else []}

    def ListNodegroups(self, given: Given) -> Given:
        return self._page(sorted(self._cluster(given["clusterName"]).groups), given, "nodegroups")

    def DescribeNodegroup(self, given: Given) -> Given:
        cluster, name = self._cluster(given["clusterName"]), given["nodegroupName"]
        if name not in cluster.groups:
            raise Refused("ResourceNotFoundException", f"No node group found for name: {name}.", 404)
        group = cluster.groups[name]
        is_updating = any(update.name == name for update in cluster.running("nodegroup"))
        template = {"launchTemplate": {"id": "lt-1", "version": "1"}} if group.template else {}
        return {"nodegroup": {"nodegroupName": name, "clusterName": cluster.name, "version": group.version, "amiType": group.ami,
                              "status": "UPDATING" if is_updating else group.status, "health": {"issues": group.issues}, **template}}

    def ListAddons(self, given: Given) -> Given:
        return self._page(sorted(self._cluster(given["clusterName"]).addons), given, "addons")

    def DescribeAddon(self, given: Given) -> Given:
        cluster, name = self._cluster(given["clusterName"]), given["addonName"]
        if name not in cluster.addons:
            raise Refused("ResourceNotFoundException", f"No addon: {name} found in cluster: {cluster.name}", 404)
        version = cluster.addons[name]
        # An add-on that does not go with its cluster is not well: whoever upgrades in the wrong order sees it.
        fits = cluster.version in Cluster("").offers(name).get(version, (cluster.version,))
        status = "UPDATING" if any(u.name == name for u in cluster.running("addon")) else "ACTIVE" if fits else "DEGRADED"
        return {"addon": {"addonName": name, "clusterName": cluster.name, "addonVersion": version, "status": status}}

    def ListFargateProfiles(self, given: Given) -> Given:
        return self._page(self._cluster(given["clusterName"]).profiles, given, "fargateProfileNames")

    def ListInsights(self, given: Given) -> Given:
        cluster = self._cluster(given["clusterName"])
        all_ = [insight for category in given["filter"]["categories"] for insight in cluster.insights(category)]
        begin = int(given.get("nextToken") or 0)
        return {"insights": all_[begin:begin + 1], **({"nextToken": str(begin + 1)} if begin + 1 < len(all_) else {})}

    def StartInsightsRefresh(self, given: Given) -> Given:
        self._cluster(given["clusterName"]).refreshed = self._now()
        return {"status": "IN_PROGRESS", "message": "started"}

    def DescribeInsightsRefresh(self, given: Given) -> Given:
        since = self._cluster(given["clusterName"]).refreshed
        if since is None:
            raise Refused("ResourceNotFoundException", "there was no refresh", 404)
        return {"status": "COMPLETED" if (self._now() - since) * self._speed >= 30 else "IN_PROGRESS", "message": "", "startedAt": since}

    # Updates

    def ListUpdates(self, given: Given) -> Given:
        part = given.get("nodegroupName") or given.get("addonName") or ""
        return self._page([u.id for u in self._cluster(given["name"]).updates if u.name == part], given, "updateIds")

    def DescribeUpdate(self, given: Given) -> Given:
        part = given.get("nodegroupName") or given.get("addonName") or ""
        found = [u for u in self._cluster(given["name"]).updates if u.id == given["updateId"] and u.name == part]
        if not found:
            raise Refused("ResourceNotFoundException", f"No update found for ID: {given['updateId']}", 404)
        return {"update": found[0].told()}

    def _begin(self, cluster: Cluster, kind: str, name: str, type_: str, version: str, given: Given, check: Callable[[], None]) -> Given:
        for earlier in cluster.updates:
            if earlier.token == given["clientRequestToken"]:
                if (earlier.kind, earlier.name, earlier.version) != (kind, name, version):
                    raise Refused("InvalidRequestException", "the token was used for another update")
                return {"update": earlier.told()}
        if cluster.faults.get("in-use", 0) > 0:
            cluster.faults["in-use"] -= 1
            raise Refused("ResourceInUseException", f"Cluster {cluster.name} has another update in progress", 409)
        running = cluster.running()
        if any(kind != "nodegroup" or update.kind != "nodegroup" or update.name == name for update in running):
            raise Refused("ResourceInUseException", f"{cluster.name} already has an update in progress", 409)
        check()
        update = Update(kind, name, type_, version, self._now(), given["clientRequestToken"], bool(given.get("force")))
        cluster.updates.append(update)
        return {"update": update.told()}

    def UpdateClusterVersion(self, given: Given) -> Given:
        cluster, version = self._cluster(given["name"]), given["version"]
        is_rollback = version in VERSIONS and number(version) < number(cluster.version)

        def check() -> None:
            if VERSIONS.get(version, "UNSUPPORTED") == "UNSUPPORTED":
                raise Refused("InvalidParameterException", f"unsupported Kubernetes version {version}")
            readiness = "ROLLBACK_READINESS" if is_rollback else "UPGRADE_READINESS"
            if is_rollback:
                upgrades = [u for u in cluster.updates if u.type == "VersionUpdate" and u.kind == "cluster" and u.status == "Successful"]
                if after(version) != cluster.version or not upgrades or self._now() - upgrades[-1].created > WEEK \
                        or "expired-rollback" in cluster.faults:
                    raise Refused("InvalidRequestException", "the cluster can't be rolled back to this version any more")
                if any(number(group.version) > number(version) for group in cluster.groups.values()):
                    raise Refused("InvalidRequestException", "node groups are newer than the version")
            elif version != after(cluster.version):
                words = f"Unsupported Kubernetes minor version update from {cluster.version} to {version}"
                raise Refused("InvalidParameterException", words)
            elif any(group.version != cluster.version for group in cluster.groups.values() if group.ami != "CUSTOM"):
                raise Refused("InvalidRequestException", "Nodegroups must be updated to match the cluster version first")
            if not given.get("force") and any(i["insightStatus"]["status"] == "ERROR" for i in cluster.insights(readiness)):
                raise Refused("InvalidStateException", "the cluster has insights with errors")

        return self._begin(cluster, "cluster", "", "VersionRollback" if is_rollback else "VersionUpdate", version, given, check)

    def UpdateNodegroupVersion(self, given: Given) -> Given:
        cluster, name = self._cluster(given["clusterName"]), given["nodegroupName"]
        group = cluster.groups[name]

        def check() -> None:
            if group.ami == "CUSTOM":
                raise Refused("InvalidRequestException", "a node group with a custom AMI takes a launch template's version")
            if number(given["version"]) > number(cluster.version):
                raise Refused("InvalidParameterException", "nodes can't be newer than their control plane")

        return self._begin(cluster, "nodegroup", name, "VersionUpdate", given["version"], given, check)

    def UpdateAddon(self, given: Given) -> Given:
        cluster, name, version = self._cluster(given["clusterName"]), given["addonName"], given["addonVersion"]

        def check() -> None:
            if cluster.version not in cluster.offers(name).get(version, ()):
                raise Refused("InvalidParameterException", f"Addon version {version} is not supported for Kubernetes {cluster.version}")

        return self._begin(cluster, "addon", name, "AddonUpdate", version, given, check)

    def DeleteCluster(self, given: Given) -> Given:
        cluster = self._cluster(given["name"])
        if cluster.protected:
            raise Refused("InvalidRequestException", "the cluster has deletion protection")
        if cluster.status == "DELETING":
            raise Refused("ResourceInUseException", "the cluster is being deleted", 409)
        if cluster.groups:
            raise Refused("ResourceInUseException", "Cluster has nodegroups attached", 409)
        cluster.status = "DELETING"
        return self.DescribeCluster(given)
