"""How EKS is called: which operation a request is, and its input, held against the service's model."""

import json
import re
from typing import Any

from ...contract import services

Given = dict[str, Any]
ROUTES = [(method, re.compile(pattern + "$"), operation) for method, pattern, operation in (
    ("GET", "/clusters", "ListClusters"), ("GET", "/clusters/([^/]+)", "DescribeCluster"), ("DELETE", "/clusters/([^/]+)", "DeleteCluster"),
    ("GET", "/cluster-versions", "DescribeClusterVersions"), ("GET", "/addons/supported-versions", "DescribeAddonVersions"),
    ("GET", "/clusters/([^/]+)/node-groups", "ListNodegroups"), ("GET", "/clusters/([^/]+)/node-groups/([^/]+)", "DescribeNodegroup"),
    ("POST", "/clusters/([^/]+)/node-groups/([^/]+)/update-version", "UpdateNodegroupVersion"),
    ("GET", "/clusters/([^/]+)/addons", "ListAddons"), ("GET", "/clusters/([^/]+)/addons/([^/]+)", "DescribeAddon"),
    ("POST", "/clusters/([^/]+)/addons/([^/]+)/update", "UpdateAddon"),
    ("GET", "/clusters/([^/]+)/fargate-profiles", "ListFargateProfiles"), ("POST", "/clusters/([^/]+)/insights", "ListInsights"),
    ("POST", "/clusters/([^/]+)/insights-refresh", "StartInsightsRefresh"),
    ("GET", "/clusters/([^/]+)/insights-refresh", "DescribeInsightsRefresh"),
    ("GET", "/clusters/([^/]+)/updates", "ListUpdates"), ("POST", "/clusters/([^/]+)/updates", "UpdateClusterVersion"),
    ("GET", "/clusters/([^/]+)/updates/([^/]+)", "DescribeUpdate"))]


class Refused(Exception):
    """An error of the service's own."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def read(method: str, path: str, query: dict[str, str], body: bytes, violations: list[str]) -> tuple[str, Given]:
    """The operation and its input, wherever its members stood; what no correct caller does is told."""
    for route, pattern, operation in ROUTES:
        found = pattern.match(path)
        if route != method or not found:
            continue
        shape = services.model("eks").operation_model(operation).input_shape
        given: Given = json.loads(body) if body else {}
        places = {member: (part.serialization.get("location"), part.serialization.get("name", member), part.type_name)
                  for member, part in shape.members.items()}
        names = iter(found.groups())
        # In the path's order, which is that of the model's required members.
        for member in shape.required_members:
            if places[member][0] == "uri":
                given[member] = next(names)
        for name, text in query.items():
            known = [(member, kind) for member, (where, called, kind) in places.items() if where == "querystring" and called == name]
            if not known:
                violations.append(f"{operation}: there is no {name} in the query")
            for member, kind in known:
                given[member] = int(text) if kind == "integer" else text == "true" if kind == "boolean" else text
        wrong = [f"{operation}: {problem}" for problem in services.value_problems("eks", operation, given)]
        if method == "POST" and operation.startswith("Update") and not given.get("clientRequestToken"):
            wrong.append(f"{operation} without a token could happen twice")
        violations += wrong
        if wrong:
            raise Refused("InvalidParameterException", "; ".join(wrong))
        return operation, given
    violations.append(f"nobody of ours calls {method} {path}")
    raise Refused("UnknownOperationException", f"{method} {path}", 404)
