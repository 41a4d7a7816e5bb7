"""One hub with many branches: the answers of a busy router, which are long."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.host import Prepare, Sandbox, router_host
from fakes.router import Texts
from harness import Lab
from network import Router, populate

BRANCHES = 40


def star() -> tuple[Router, list[Router]]:
    hub = Router("nv-hub", "us-east-1", "sdwan", "10.255.0.1", 65001, "", "", "i-0a1b2c3d4e5f70000", "203.0.113.1", "10.10.1.10")
    branches = [
        Router(f"nv-branch{number}", "us-east-1", "branch", f"10.255.{number}.1", 65002, f"169.254.{number}.2", "nv-hub",
               f"i-0a1b2c3d4e5f7{number:04x}", f"198.51.100.{number}", f"10.{number}.1.10")
        for number in range(100, 100 + BRANCHES)]
    return hub, branches


def hub_side(hub: Router, branch: Router) -> Router:
    return replace(hub, vti=branch.vti[:-1] + "1")


def topology(hub: Router, branches: list[Router]) -> str:
    return json.dumps({
        "routers": {one.name: {"region": one.region, "role": one.role, "loopback": f"{one.loopback}/32", "asn": one.asn}
                    for one in (hub, *branches)},
        "tunnels": [{"name": branch.name, "ends": [
            {"router": hub.name, "vti": f"vti{number}", "address": f"{hub_side(hub, branch).vti}/30"},
            {"router": branch.name, "vti": "vti0", "address": f"{branch.vti}/30"}]}
            for number, branch in enumerate(branches)]})


def hub_texts(version: str, hub: Router, branches: list[Router]) -> Texts:
    """The texts of the first tunnel, with the rows of the others set in behind its own."""
    tunnels = [Texts(version, hub_side(hub, branch), branch) for branch in branches]
    merged = tunnels[0]
    for command, (text, _) in list(merged.answers.items()):
        lines = []
        for line in text.splitlines(True):
            if not _of_the_tunnel(line, merged):
                lines.append(re.sub(r"(neighbors|Peers) 1\b", rf"\g<1> {BRANCHES}", line))
            elif not any(_of_the_tunnel(seen, merged) for seen in lines):
                for number, tunnel in enumerate(tunnels):
                    rows = [row for row in tunnel.answers[command][0].splitlines(True) if _of_the_tunnel(row, tunnel)]
                    lines += [re.sub(r"vti0\b", f"vti{number}", row) for row in rows]
        merged.say(command, "".join(lines))
    return merged


def _of_the_tunnel(line: str, texts: Texts) -> bool:
    words = (texts.peer.eip, texts.peer.vti, texts.router.vti)
    return any(re.search(rf"(?<![\d.]){re.escape(word)}(?![\d.])", line) for word in words)


# Stands in front of the stand-in for lxc: how many pings are on their way when one begins.
COUNTING = """\
#!/bin/bash
set -e
if [[ $4 == ping ]]; then
  mkdir -p "$SANDBOX/pings"
  touch "$SANDBOX/pings/$$"
  ls "$SANDBOX/pings" | wc -l >>"$SANDBOX/at-once"
  sleep 0.2
fi
status=0
lxc-router "$@" || status=$?
rm -f "$SANDBOX/pings/$$"
exit $status
"""
PINGS_AT_ONCE = 32


def counting(prepare: Prepare) -> Prepare:
    def furnish(home: Path, instance_id: str) -> None:
        prepare(home, instance_id)
        (home / "bin/lxc").rename(home / "bin/lxc-router")
        (home / "bin/lxc").write_text(COUNTING)
        (home / "bin/lxc").chmod(0o755)
    return furnish


def hosts_of(lab: Lab, version: str, hub: Router, branches: list[Router], change: Callable[[Prepare], Prepare] = lambda same: same) -> None:
    """The hosts of a star in the lab, and nobody else."""
    lab.ssm.parameters.clear()
    lab.ssm.hosts.clear()
    populate(lab.ssm, {one.name: one for one in (hub, *branches)})
    by_instance = {one.instance_id: one for one in branches}
    addresses = {address for one in (hub, *branches) for address in (one.loopback, one.vti)}
    addresses |= {hub_side(hub, branch).vti for branch in branches}

    def texts(instance_id: str) -> Texts:
        if instance_id == hub.instance_id:
            return hub_texts(version, hub, branches)
        branch = by_instance[instance_id]
        return Texts(version, branch, hub_side(hub, branch))
    for host in lab.ssm.hosts.values():
        host.executor = Sandbox(lab.folder / "hosts", change(router_host(addresses, texts)))


@pytest.mark.parametrize("version", ["1.3", "1.4"])
def test_a_busy_hub_is_healthy(lab: Lab, version: str) -> None:
    hub, branches = star()
    hosts_of(lab, version, hub, branches)
    function = lab.start("phase3", VYOS_VERSION=version, SDWAN_TOPOLOGY=topology(hub, branches), SDWAN_REGIONS="us-east-1")
    result = function.invoke({"instances": ["nv-hub", branches[0].name, branches[-1].name]}).response
    assert result["failed"] == [], result["summary"]


def test_a_host_sends_32_pings_at_a_time(lab: Lab) -> None:
    hub, branches = star()
    hosts_of(lab, "1.3", hub, branches, counting)
    function = lab.start("phase3", SDWAN_TOPOLOGY=topology(hub, branches), SDWAN_REGIONS="us-east-1")
    result = function.invoke({"instances": ["nv-hub"]}).response
    assert result["failed"] == [], result["summary"]
    (seen,) = (lab.folder / "hosts").glob(f"{hub.instance_id}-*/at-once")
    counts = [int(line) for line in seen.read_text().split()]
    # two small ones and one of full size for each branch
    assert len(counts) == 3 * BRANCHES and 1 < max(counts) <= PINGS_AT_ONCE
