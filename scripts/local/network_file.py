"""The network of a run: the root's own, or that of a file of Terraform variables."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The hosts of a large network, for the emulator's process.
HOSTS = "paper-hosts.json"
# What a host on paper takes for a phase's command where time is to be real: from … to … seconds.
REAL_SECONDS = {"phase1": (180, 300), "phase2": (20, 40), "phase3": (10, 20)}
REPO = Path(__file__).resolve().parents[2]
FOUR_ROUTERS = REPO / "examples/four.json"
# More hosts than this don't get a sandbox each.
LARGEST_SANDBOXED = 50
KNOWN = {"topology", "waves"}
# What routers are that nobody has made: `--routers` of such a network.
ON_PAPER = "on paper"


class Unusable(Exception):
    """There is no network to run; the text says why."""


@dataclass(frozen=True)
class Network:
    """What a run hands to Terraform beside what every run does."""

    given: dict[str, Any] = field(default_factory=dict)
    in_real_time: bool = False

    @property
    def is_on_paper(self) -> bool:
        return self.in_real_time or len(self._routers) > LARGEST_SANDBOXED

    @property
    def kind(self) -> dict[str, Any]:
        """What tells a run with this network from others."""
        return {"orchestration": self.given.get("orchestration", "synchronous"), "waves": len(self.given.get("waves", [])),
                "real_time": self.in_real_time}

    @property
    def topology(self) -> dict[str, Any]:
        """The network's own; without a file the root's."""
        return self.given.get("topology") or json.loads(FOUR_ROUTERS.read_text())["topology"]

    @property
    def _routers(self) -> dict[str, Any]:
        return self.topology["routers"]

    def variables(self, folder: Path, version: str) -> dict[str, Any]:
        """The variables; where the hosts are on paper they are invented."""
        if not self.is_on_paper:
            return self.given
        seconds = REAL_SECONDS if self.in_real_time else {}
        return self.given | {"existing_hosts": invent(folder, self._routers, version, seconds)}


def read(file: Path | None, orchestration: str | None, waves: bool, in_real_time: bool = False) -> Network:
    """The network of a file; without one the root's own, which on paper has to be said."""
    given: dict[str, Any] = {}
    file = file or (FOUR_ROUTERS if in_real_time else None)
    if file is not None:
        try:
            given = json.loads(file.read_text())
        except (OSError, ValueError) as error:
            raise Unusable(f"--topology {file}: {error}") from error
        if not isinstance(given, dict) or "topology" not in given or given.keys() - KNOWN:
            raise Unusable(f"--topology {file}: it must have `topology`, may have `waves`, and nothing else")
        if flaw := _flaw(given["topology"]):
            raise Unusable(f"--topology {file}: {flaw}")
    if waves and not given.get("waves"):
        raise Unusable("--waves: --topology names no file with `waves` in it")
    if waves and orchestration == "synchronous":
        raise Unusable("--waves: the synchronous machine knows none; leave out --orchestration")
    if waves:
        orchestration = "rollout"
    else:
        given.pop("waves", None)
    if orchestration:
        given["orchestration"] = orchestration
    return Network(given, in_real_time)


def _flaw(topology: Any) -> str | None:
    """What makes it no topology at all. The rest, addresses among it, is for Terraform to judge, which knows it exactly."""
    if not isinstance(topology, dict) or not isinstance(topology.get("routers"), dict) or not topology["routers"]:
        return "`topology` has no `routers`"
    for name, router in topology["routers"].items():
        if not isinstance(router, dict) or router.get("role") not in ("sdwan", "branch"):
            return f"router {name}: its role is neither sdwan nor branch"
        if not isinstance(router.get("region"), str) or not isinstance(router.get("loopback"), str):
            return f"router {name}: it needs a `region` and a `loopback`"
    tunnels = topology.get("tunnels", [])
    if not isinstance(tunnels, list):
        return "`tunnels` is no list"
    for number, tunnel in enumerate(tunnels, 1):
        name = tunnel.get("name", f"number {number}") if isinstance(tunnel, dict) else f"number {number}"
        ends = tunnel.get("ends") if isinstance(tunnel, dict) else None
        if not isinstance(ends, list) or len(ends) != 2 or not all(isinstance(end, dict) for end in ends):
            return f"tunnel {name}: it needs two `ends`"
        for end in ends:
            if end.get("router") not in topology["routers"]:
                return f"tunnel {name}: there is no router {end.get('router')}"
    return None


def invent(folder: Path, routers: dict[str, dict[str, Any]], version: str,
           seconds: dict[str, tuple[int, int]], networks: dict[str, str] | None = None) -> dict[str, dict[str, str]]:
    """Writes down a host for each router; returns them as Terraform's `existing_hosts`. `networks` are the names of those
    networks that are not called as usual, by router."""
    hosts = {}
    for number, name in enumerate(sorted(routers), 1):
        high, low = divmod(number, 250)
        hosts[name] = {"instance_id": f"i-{number:017x}", "outside_eip": f"198.18.{high}.{low + 1}",
                       "outside_private_ip": f"10.{64 + high}.{low}.10"}
    entries = [{"name": name, "region": routers[name]["region"], "network": (networks or {}).get(name, "sdwan"), **host}
               for name, host in hosts.items()]
    (folder / HOSTS).write_text(json.dumps({"version": version, "seconds": seconds, "hosts": entries}))
    return hosts
