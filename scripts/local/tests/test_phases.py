"""The phases as functions, over routers with real daemons: plan, confirm, and a topology that changes."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from local.dataplane import start as dataplane
from local.fleet import faults
from local.network_file import REPO
from local.processes import Daemons

from .deployed import BRANCH, FOREIGN, HUB, SHOW, Network

OBSTACLE = dataplane.obstacle()
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    daemons, folder = Daemons(), tmp_path_factory.mktemp("phases")
    plugins = REPO / ".local/terraform-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        if "TF_PLUGIN_CACHE_DIR" not in os.environ:
            environment.setenv("TF_PLUGIN_CACHE_DIR", str(plugins))
        try:
            yield Network(folder, daemons, environment)
        finally:
            daemons.stop()


def succeeded(results: dict[str, dict[str, Any]], configuration: str) -> bool:
    return all(result["status"] == "Success" and result["details"]["configuration"] == configuration
               for result in results.values())


def renumber(topology: dict[str, Any]) -> None:
    """The tunnel gets another /30."""
    tunnel = next(t for t in topology["tunnels"] if any(end["router"] == HUB for end in t["ends"]))
    for end, last in zip(tunnel["ends"], (41, 42)):
        end["address"] = f"169.254.100.{last}/30"


def without_tunnel(topology: dict[str, Any]) -> None:
    topology["tunnels"] = [t for t in topology["tunnels"] if all(end["router"] != HUB for end in t["ends"])]


def test_a_plan_changes_nothing(net: Network) -> None:
    net.fresh()
    assert succeeded(net.invoke("phase2"), "committed")
    net.wait_for_tunnel()
    before, tunnels = net.configurations(), {router: net.associations(router) for router in (BRANCH, HUB)}
    for phase, recreate, diff in (("phase1", "never", []), ("phase1", "changed", []), ("phase2", "always", []),
                                  ("phase1", "always", ["- container router", "+ container router"])):
        for result in net.invoke(phase, mode="plan", recreate=recreate).values():
            assert result["status"] == "Success" and result["stdout"].startswith("#!/bin/bash"), result
            assert result["details"]["diff"][:2] == diff, (phase, recreate, result["details"])
    # what phase 1 would leave is an empty router, whatever runs now
    anew = {router: {"details": {"container": "anew"}} for router in (BRANCH, HUB)}
    for result in net.invoke("phase2", mode="plan", phase1_result={"results": anew}).values():
        assert "+ protocols bgp" in str(result["details"]["diff"]) and not [line for line in result["details"]["diff"] if line[0] != "+"]
    net.use_topology(renumber)
    planned = net.invoke("phase2", mode="plan")
    assert net.configurations() == before
    # the end that was done last may have asked while the other was still trying: then there are two, but none has gone
    assert all(spis <= net.associations(router) for router, spis in tunnels.items())
    # what was planned is what is done then
    for result in planned.values():
        assert result["status"] == "Success" and result["details"]["diff"], result
    assert succeeded(net.invoke("phase2"), "committed")
    for router, result in planned.items():
        changes = [line.replace("'", "") for line in result["details"]["diff"]]
        added, gone = ({line[2:] for line in changes if line[0] == sign} for sign in "+-")
        after = net.committed(router)
        assert added == after - before[router][0], (router, changes)
        removed = before[router][0] - after
        assert removed and all(any(line.startswith(node) for node in gone) for line in removed), (router, changes, removed)


# What the version before this one left: both ends initiate, with one IKE group, through a VTI as large as a card.
OLDER = ("my_delete interfaces vti vti0 mtu", "my_delete firewall options", "my_delete vpn ipsec disable-uniqreqids",
         "my_delete vpn ipsec ike-group SDWAN-IKE-ANSWER", "my_delete vpn ipsec ike-group SDWAN-IKE close-action",
         "my_set vpn ipsec site-to-site peer {peer} ike-group SDWAN-IKE",
         "my_set vpn ipsec site-to-site peer {peer} connection-type initiate")


def test_an_earlier_versions_routers_are_brought_to_this_one(net: Network) -> None:
    net.fresh()
    assert succeeded(net.invoke("phase2"), "committed")
    wanted = {router: net.committed(router) for router in (BRANCH, HUB)}
    for router in (BRANCH, HUB):
        peer = next(line.split()[4] for line in wanted[router] if "site-to-site peer" in line)
        net.by_hand(router, *(line.format(peer=peer) for line in OLDER))
    net.wait_for_tunnel()
    for router, result in net.invoke("phase2", mode="plan").items():
        diff = result["details"]["diff"]
        assert "+ interfaces vti vti0 mtu 1422" in diff and ("respond" in str(diff)) is (router == HUB), diff
    assert succeeded(net.invoke("phase2"), "committed")
    net.wait_for_tunnel()
    for router in (BRANCH, HUB):
        assert net.committed(router) == wanted[router]
    assert not any(result["details"]["diff"] for result in net.invoke("phase2", mode="plan").values())


def test_a_tunnel_comes_up_whichever_end_is_done_last(net: Network) -> None:
    for first, last in ((BRANCH, HUB), (HUB, BRANCH)):
        net.fresh()
        for router in (first, last):
            result = net.invoke("phase2", instances=[router])[router]
            assert result["status"] == "Success", result
            if router == first:
                # A peer that runs and does not know it yet says so, and strongSwan does not try again then.
                peer = next(line.split()[4] for line in net.committed(router) if "site-to-site peer" in line)
                net.shell(router, f"lxc exec router -- swanctl --terminate --ike peer-{peer}-tunnel-vti --force --timeout 1")
        assert net.associations(last) and net.associations(first), (first, last)


def test_an_unconfirmed_configuration_goes_away_again(net: Network) -> None:
    net.fresh()
    before = {router: net.committed(router) for router in (BRANCH, HUB)}
    faults.write(net.folder, faults.of_kind("psk-mismatch", BRANCH))
    for router, result in net.invoke("phase2", confirm=True).items():
        assert result["status"] == "Failed", result
        assert "not confirmed: no tunnel to" in result["stderr"] and "the previous configuration is back" in result["stderr"]
        assert net.committed(router) == before[router]
        assert "vti0" not in net.saved(router)
        assert not net.associations(router)
    faults.write(net.folder, faults.Faults())
    assert succeeded(net.invoke("phase2", confirm=True), "committed")
    for router in (BRANCH, HUB):
        assert net.associations(router) and "vti0" in net.saved(router)
        assert before[router] < net.committed(router)
    assert succeeded(net.invoke("phase2", confirm=True), "unchanged")


def test_what_is_no_longer_wanted_goes_and_an_operators_lines_stay(net: Network) -> None:
    net.fresh()
    assert succeeded(net.invoke("phase2"), "committed")
    net.wait_for_tunnel()
    net.use_topology(without_tunnel)
    assert succeeded(net.invoke("phase2"), "committed")
    for router in (BRANCH, HUB):
        left = net.committed(router)
        assert set(FOREIGN) <= left
        assert not [line for line in left if "vti" in line or "site-to-site" in line or "neighbor" in line]
        assert not net.associations(router)
        shown = net.shell(router, f"{SHOW} interfaces")
        assert "vti0" not in shown and "192.0.2.9/32" in shown, shown
        assert "169.254.100" not in net.shell(router, f"{SHOW} ip bgp summary")
    net.use_topology(lambda _: None)
    assert succeeded(net.invoke("phase2", confirm=True), "committed")
    assert set(FOREIGN) <= net.committed(BRANCH)
