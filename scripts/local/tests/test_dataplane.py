"""Two routers with real daemons: what is configured comes up, and what is broken shows."""

import json
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.dataplane import start as dataplane
from local.processes import Daemons
from local.vyos.machine import Failed, Machine, ask

from .conftest import BRANCH, HUB, lines
from .routers import Lab, eventually

OBSTACLE = dataplane.obstacle()
if OBSTACLE:
    # shown at the end of every test run, unlike the reason of a skipped test
    warnings.warn(f"NO REAL DATA PLANE IS TESTED HERE: {OBSTACLE}", stacklevel=1)
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")
ENDS = (HUB, BRANCH)


@pytest.fixture(scope="module", params=["1.3", "1.5"])
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Lab]]:
    folder, daemons = tmp_path_factory.mktemp("lab"), Daemons()
    dataplane.start(daemons, folder)
    try:
        lab = Lab(folder, request.param, ENDS)
        for near, far in ((HUB, BRANCH), (BRANCH, HUB)):
            lab.make(near["name"])
            status, text = lab.set(near["name"], *(f"set {line}" for line in lines(request.param, near, far)))
            assert status == 0, text
        yield request.param, lab
    finally:
        daemons.stop()


def test_it_carries_traffic(lab: tuple[str, Lab]) -> None:
    version, net = lab
    sa = eventually(lambda: net.show("hub", "vpn ipsec sa"), " up ", BRANCH["eip"], BRANCH["private"], "AES_CBC_256/HMAC_SHA2_256_128")
    assert ("peer-203.0.113.2-tunnel-vti" if version == "1.3" else "branch-vti") in sa
    eventually(lambda: net.show("hub", "ip bgp summary"), "169.254.100.2   4      65002", "            1        2")
    assert "B>* 10.255.1.1/32 [20/0] via 169.254.100.2, vti0" in net.show("hub", "ip route bgp")
    for target in (BRANCH["vti"], BRANCH["loopback"]):
        assert "3 received, 0% packet loss" in net.ping("hub", target)
    shown = net.show("hub", "interfaces")
    assert re.search(r"^eth0 .*10\.10\.1\.10/24 .*u/u +OUTSIDE", shown, re.MULTILINE), shown
    assert re.search(r"^vti0 .*169\.254\.100\.1/30 .*u/u", shown, re.MULTILINE), shown


def test_the_layout_is_the_captured_one(lab: tuple[str, Lab]) -> None:
    version, net = lab
    summary = net.show("hub", "ip bgp summary").splitlines()
    assert summary[1] == ("IPv4 Unicast Summary:" if version == "1.3" else "IPv4 Unicast Summary (VRF default):")
    assert summary[7].endswith("PfxSnt" if version == "1.3" else "PfxSnt Desc")
    assert summary[8].endswith("N/A") is (version != "1.3")
    if version != "1.3":
        rows = net.show("hub", "vpn ipsec connections").splitlines()
        assert rows[2].split()[:4] == ["branch", "up", "IKEv2", BRANCH["eip"]] and "MODP_2048" in rows[2]
        assert rows[3].split()[:2] == ["branch-vti", "up"] and rows[3].endswith("/None")


def test_a_commit_that_strongswan_refuses_fails(lab: tuple[str, Lab]) -> None:
    version, net = lab
    before = net.show("hub", "configuration")
    status, text = net.set("hub", "set vpn ipsec esp-group ESP proposal 1 encryption aes256gcm999")
    assert status == 1 and "[[vpn]] failed" in text and "Commit failed" in text, text
    assert net.show("hub", "configuration") == before


def test_a_wrong_key_shows_and_its_repair_too(lab: tuple[str, Lab]) -> None:
    version, net = lab
    path = f"vpn ipsec site-to-site peer {HUB['eip']} authentication pre-shared-secret" if version == "1.3" \
        else "vpn ipsec authentication psk K secret"
    net.machines["hub"].do("swanctl", "--terminate", "--ike", "peer-203-0-113-2" if version == "1.3" else "branch")
    assert net.set("branch", f"set {path} another-key")[0] == 0
    eventually(lambda: "none" if " up " not in net.show("hub", "vpn ipsec sa") + net.show("branch", "vpn ipsec sa") else "some", "none")
    assert "100% packet loss" in net.ping("hub", BRANCH["vti"])
    assert net.set("branch", f"set {path} same-key")[0] == 0
    # strongSwan does not try again by itself when only a secret has changed
    net.machines["branch"].run("swanctl", "--initiate", "--timeout", "10", "--child",
                               "peer-203-0-113-1-tunnel-vti" if version == "1.3" else "hub-vti")
    eventually(lambda: net.show("hub", "vpn ipsec sa"), " up ")
    eventually(lambda: net.ping("hub", BRANCH["loopback"]), " 0% packet loss")


def test_the_internet_can_be_disturbed_and_repaired(lab: tuple[str, Lab]) -> None:
    _, net = lab
    hub = net.machines["hub"]
    hub.disturb("nat-gone")
    assert "100% packet loss" in net.ping("hub", BRANCH["vti"])
    ask(net.wire, op="repair")
    eventually(lambda: net.ping("hub", BRANCH["vti"]), " 0% packet loss")
    hub.disturb("link-down")
    eventually(lambda: re.sub(r" +", " ", net.show("hub", "interfaces")), "u/D OUTSIDE" )
    ask(net.wire, op="repair")
    eventually(lambda: net.ping("hub", BRANCH["loopback"]), " 0% packet loss")
    hub.disturb("packet-loss")
    lost = hub.run("ping", "-c", "40", "-i", "0.02", "-W", "1", BRANCH["vti"]).out
    assert 0 < int(re.search(r"(\d+)% packet loss", lost)[1]) < 100, lost
    ask(net.wire, op="repair")


def test_a_stopped_router_leaves_nothing_running(lab: tuple[str, Lab]) -> None:
    _, net = lab
    assert net.shells["branch"]("lxc stop router --force && lxc start router").returncode == 0
    assert "not running" in net.show("branch", "vpn ipsec sa").lower()
    assert net.machines["branch"].run("vtysh", "-c", "show ip bgp summary").out == "% BGP instance not found\n"


def test_a_new_router_has_a_good_line(tmp_path: Path) -> None:
    daemons = Daemons()
    dataplane.start(daemons, tmp_path)
    try:
        machine = Machine(tmp_path / "wire", "eni-1")
        for disturbed in (True, False):
            machine.plug("lonely", {"eth0": {"id": "eni-1", "region": "r", "mac": "", "address": "10.0.0.10/24"}})
            machine.do("ip", "link", "set", "eth0", "up")
            if disturbed:
                machine.disturb("link-down")
            link = json.loads(machine.do("ip", "-json", "link", "show", "eth0"))[0]
            assert ("NO-CARRIER" in link["flags"]) is disturbed
            machine.unplug()
        with pytest.raises(Failed, match="there is no"):
            machine.run("true")
    finally:
        daemons.stop()


def test_nothing_outlives_the_run(tmp_path: Path) -> None:
    daemons = Daemons()
    dataplane.start(daemons, tmp_path)
    cards = {"eth0": {"id": "eni-1", "region": "r", "mac": "", "address": "10.0.0.10/24"}}
    machine = Machine(tmp_path / "wire", "eni-1")
    machine.plug("lonely", cards)
    space = machine.do("readlink", "/proc/self/ns/net").strip()
    assert space in namespaces()
    daemons.stop()
    assert space not in namespaces()


def namespaces() -> set[str]:
    """The network namespaces of all processes."""
    found = set()
    for process in Path("/proc").glob("[0-9]*/ns/net"):
        try:
            found.add(os.readlink(process))
        except OSError:
            pass
    return found
