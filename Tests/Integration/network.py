"""The routers that the tests speak of, and what Parameter Store and Systems Manager know of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fakes.run_command import Host
from fakes.ssm import FakeSSM


@dataclass(frozen=True)
class Router:
    name: str
    region: str
    role: str
    loopback: str
    asn: int
    vti: str
    peer: str
    instance_id: str
    eip: str
    private_ip: str

    def parameters(self) -> dict[str, str]:
        return {f"/sdwan/{self.name}/instance-id": self.instance_id,
                f"/sdwan/{self.name}/outside-eip": self.eip,
                f"/sdwan/{self.name}/outside-private-ip": self.private_ip}


ROUTERS = {router.name: router for router in (
    Router("nv-sdwan", "us-east-1", "sdwan", "10.255.0.1", 65001, "169.254.100.1", "nv-branch1",
           "i-0a1b2c3d4e5f60001", "203.0.113.1", "10.10.1.10"),
    Router("nv-branch1", "us-east-1", "branch", "10.255.1.1", 65002, "169.254.100.2", "nv-sdwan",
           "i-0a1b2c3d4e5f60002", "203.0.113.2", "10.20.1.10"),
    Router("fra-sdwan", "eu-central-1", "sdwan", "10.255.10.1", 65001, "169.254.100.13", "fra-branch1",
           "i-0a1b2c3d4e5f60003", "198.51.100.3", "10.30.1.10"),
    Router("fra-branch1", "eu-central-1", "branch", "10.255.11.1", 65002, "169.254.100.14", "fra-sdwan",
           "i-0a1b2c3d4e5f60004", "198.51.100.4", "10.40.1.10"),
)}
NAMES = list(ROUTERS)


def populate(ssm: FakeSSM, routers: dict[str, Router]) -> None:
    """Parameters and online hosts for these routers."""
    for router in routers.values():
        ssm.parameters.setdefault(router.region, {}).update(router.parameters())
        ssm.hosts[router.instance_id] = Host(router.instance_id, router.region)


def topology(routers: dict[str, Router]) -> str:
    """The value of SDWAN_TOPOLOGY for these routers, a tunnel for each pair."""
    tunnels = [
        {"name": f"tunnel{number}", "ends": [
            {"router": end.name, "vti": "vti0", "address": f"{end.vti}/30"} for end in (router, routers[router.peer])]}
        for number, router in enumerate(routers.values()) if router.role == "sdwan"]
    return json.dumps({"routers": {router.name: {
        "region": router.region, "role": router.role, "loopback": f"{router.loopback}/32", "asn": router.asn,
    } for router in routers.values()}, "tunnels": tunnels})
