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
    def _routers(self) -> dict[str, Any]:
        return self.given.get("topology", {}).get("routers", {})

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


def invent(folder: Path, routers: dict[str, dict[str, Any]], version: str,
           seconds: dict[str, tuple[int, int]]) -> dict[str, dict[str, str]]:
    """Writes down a host for each router; returns them as Terraform's `existing_hosts`."""
    hosts = {}
    for number, name in enumerate(sorted(routers), 1):
        high, low = divmod(number, 250)
        hosts[name] = {"instance_id": f"i-{number:017x}", "outside_eip": f"198.18.{high}.{low + 1}",
                       "outside_private_ip": f"10.{64 + high}.{low}.10"}
    entries = [{"name": name, "region": routers[name]["region"], **host} for name, host in hosts.items()]
    (folder / HOSTS).write_text(json.dumps({"version": version, "seconds": seconds, "hosts": entries}))
    return hosts
