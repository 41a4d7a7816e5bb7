"""The network of a run: the root's own, or that of a file of Terraform variables."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

# The hosts of a large network, for the emulator's process.
HOSTS = "paper-hosts.json"
# More hosts than this don't get a sandbox each.
LARGEST_SANDBOXED = 50
KNOWN = {"topology", "waves"}


class Unusable(Exception):
    """The file is no network; the text says why."""


@dataclass(frozen=True)
class Network:
    """What a run hands to Terraform beside what every run does."""

    given: dict[str, Any] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        return len(self._routers) > LARGEST_SANDBOXED

    @property
    def _routers(self) -> dict[str, Any]:
        return self.given.get("topology", {}).get("routers", {})

    def variables(self, folder: Path, version: str) -> dict[str, Any]:
        """The variables; of a large network the hosts are invented."""
        hosts = {"existing_hosts": invent(folder, self._routers, version)} if self.is_large else {}
        return self.given | hosts


def read(file: Optional[Path], orchestration: Optional[str], waves: bool) -> Network:
    given: dict[str, Any] = {}
    if file is not None:
        try:
            given = json.loads(file.read_text())
        except (OSError, ValueError) as error:
            raise Unusable(f"--topology {file}: {error}") from error
        if not isinstance(given, dict) or "topology" not in given or given.keys() - KNOWN:
            raise Unusable(f"--topology {file}: it must have `topology`, may have `waves`, and nothing else")
    if waves and not given.get("waves"):
        raise Unusable("--waves: --topology names no file with `waves` in it")
    if not waves:
        given.pop("waves", None)
    if orchestration:
        given["orchestration"] = orchestration
    return Network(given)


def invent(folder: Path, routers: dict[str, dict[str, Any]], version: str) -> dict[str, dict[str, str]]:
    """Writes down a host for each router; returns them as Terraform's `existing_hosts`."""
    hosts = {}
    for number, name in enumerate(sorted(routers), 1):
        high, low = divmod(number, 250)
        hosts[name] = {"instance_id": f"i-{number:017x}", "outside_eip": f"198.18.{high}.{low + 1}",
                       "outside_private_ip": f"10.{64 + high}.{low}.10"}
    entries = [{"name": name, "region": routers[name]["region"], **host} for name, host in hosts.items()]
    (folder / HOSTS).write_text(json.dumps({"version": version, "hosts": entries}))
    return hosts
