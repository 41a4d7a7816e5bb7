"""Two routers with real daemons: what is configured comes up, and what is broken shows."""

import json
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.dataplane import start as dataplane
from local.dataplane.operator import Operator, Workshop
from local.dataplane.places import host_folder
from local.fleet import faults
from local.processes import Daemons
from local.vyos.machine import Failed, Machine

from .conftest import BRANCH, HUB, lines
from .routers import Lab, eventually

OBSTACLE = dataplane.obstacle()
if OBSTACLE:
    # shown at the end of every test run, unlike the reason of a skipped test
    warnings.warn(f"NO REAL DATA PLANE IS TESTED HERE: {OBSTACLE}", stacklevel=1)
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=f"no real data plane: {OBSTACLE}")
ENDS = (HUB, BRANCH)
QUESTIONS = ("interfaces", "vpn ipsec sa", "vpn ike sa")


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
            lab.alone = lab.alone or {words: lab.show(near["name"], *words.split()) for words in QUESTIONS}
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


def test_a_vti_is_down_until_its_first_sa(lab: tuple[str, Lab]) -> None:
    """The fixture looked at the hub before there was a branch."""
    version, net = lab
    assert re.search(r"^vti0 .*169\.254\.100\.1/30 .*A/D", net.alone["interfaces"], re.MULTILINE), net.alone
    if version == "1.3":
        assert net.alone["vpn ipsec sa"].splitlines()[2].split()[:3] == ["peer-203.0.113.2-tunnel-vti", "down", "N/A"]
        assert "    down   IKEv2   n/a " in net.alone["vpn ike sa"]
    else:
        assert len(net.alone["vpn ipsec sa"].splitlines()) == 2 and "    down   IKEv2   n/a " in net.alone["vpn ike sa"]


def test_the_full_size_of_a_tunnel(lab: tuple[str, Lab]) -> None:
    """1,422 bytes are what ESP in UDP leaves of 1,500; iputils says what is too long."""
    _, net = lab
    def large(size: int) -> str:
        answer = net.shells["hub"](f"lxc exec router -- ping -c 1 -W 2 -M do -s {size} {BRANCH['vti']}")
        return answer.stdout + answer.stderr
    eventually(lambda: large(1394), "1402 bytes from", " 0% packet loss")
    assert "ping: local error: message too long, mtu=1422" in large(1395)
    net.machines["branch"].disturb("mtu")
    assert "100% packet loss" in large(1394) and "error" not in large(1394)
    assert " 0% packet loss" in net.ping("hub", BRANCH["loopback"])
    net.operator.repair()
    eventually(lambda: large(1394), " 0% packet loss")


def test_the_ike_sa_and_the_log(lab: tuple[str, Lab]) -> None:
    version, net = lab
    shown = net.show("hub", "vpn ike sa")
    assert ("    up     IKEv2   aes256   sha256_128 14(MODP_2048)  no " if version == "1.3" else
            "    up     IKEv2   AES_CBC_256  HMAC_SHA2_256_128 MODP_2048      yes ") in shown, shown
    own, other = ("log vpn ipsec", "log ipsec") if version == "1.3" else ("log ipsec", "log vpn ipsec")
    assert re.search(r"^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d charon.* IKE_SA \S+ established between 10\.10\.1\.10\[10\.10\.1\.10\]",
                     net.show("hub", *own.split()), re.MULTILINE)
    assert f"Invalid command: [show {other}]" in net.show("hub", *other.split())
    assert "established between 10.10.1.10[10.10.1.10]" in net.show("hub", "log")


def test_the_whole_routing_table(lab: tuple[str, Lab]) -> None:
    version, net = lab
    eventually(lambda: net.show("hub", "ip route"), "B>*")
    shown = net.show("hub", "ip route")
    assert re.search(rf"^B>\* {BRANCH['loopback']}/32 \[20/0\] via {BRANCH['vti']}, vti0", shown, re.MULTILINE), shown
    assert re.search(r"^C>\* 169\.254\.100\.0/30 is directly connected, vti0", shown, re.MULTILINE), shown
    assert ("t - trapped" in shown) == (version != "1.3")


def test_the_layout_is_the_captured_one(lab: tuple[str, Lab]) -> None:
    version, net = lab
    summary = net.show("hub", "ip bgp summary").splitlines()
    assert summary[1] == "IPv4 Unicast Summary:" and summary[2].endswith(" vrf-id 0" if version == "1.3" else " VRF default vrf-id 0")
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
    def tunnels() -> str:
        return net.show("hub", "vpn ipsec sa") + net.show("branch", "vpn ipsec sa")

    def broken() -> str:
        net.machines["hub"].run("swanctl", "--terminate", "--ike", "peer-203-0-113-2" if version == "1.3" else "branch", "--timeout", "5")
        return "some" if " up " in tunnels() else "none"

    def tried() -> str:
        # strongSwan does not try again by itself when only a secret has changed
        net.machines["branch"].run("swanctl", "--initiate", "--timeout", "10", "--child",
                                   "peer-203-0-113-1-tunnel-vti" if version == "1.3" else "hub-vti")
        return net.show("hub", "vpn ipsec sa")

    assert net.set("branch", f"set {path} another-key")[0] == 0
    eventually(broken, "none")
    assert "100% packet loss" in net.ping("hub", BRANCH["vti"])
    assert net.set("branch", f"set {path} same-key")[0] == 0
    eventually(tried, " up ")
    eventually(lambda: net.ping("hub", BRANCH["loopback"]), " 0% packet loss")


def test_the_internet_can_be_disturbed_and_repaired(lab: tuple[str, Lab]) -> None:
    _, net = lab
    hub = net.machines["hub"]
    hub.disturb("nat-gone")
    assert "100% packet loss" in net.ping("hub", BRANCH["vti"])
    net.operator.repair()
    eventually(lambda: net.ping("hub", BRANCH["vti"]), " 0% packet loss")
    hub.disturb("link-down")
    eventually(lambda: re.sub(r" +", " ", net.show("hub", "interfaces")), "u/D OUTSIDE" )
    net.operator.repair()
    eventually(lambda: net.ping("hub", BRANCH["loopback"]), " 0% packet loss")
    hub.disturb("packet-loss")
    lost = hub.run("ping", "-c", "40", "-i", "0.02", "-W", "1", BRANCH["vti"]).out
    assert 0 < int(re.search(r"(\d+)% packet loss", lost)[1]) < 100, lost
    net.operator.repair()


def misdeed(net: Lab, kind: str) -> None:
    net.machines["hub"].do("bash", "-c", (faults.MISDEEDS / f"{kind}.sh").read_text())


def test_what_is_no_matter_shows_and_breaks_nothing(lab: tuple[str, Lab]) -> None:
    version, net = lab
    misdeed(net, "two-ike-sas")
    if version == "1.3":
        eventually(lambda: net.show("hub", "vpn ipsec sa"), "peer-203.0.113.2-tunnel-vti  down     N/A ")
    else:
        eventually(lambda: net.show("branch", "vpn ipsec connections"), "hub-vti       down ")
        assert " up " in net.show("branch", "vpn ipsec sa")
    misdeed(net, "foreign-neighbors")
    assert "2001:db8::192:0:2:202" in net.show("hub", "ip bgp summary") and "dum6 " in net.show("hub", "interfaces")
    if version != "1.3":
        assert "C=DE, O=Partner, CN=office" in net.show("hub", "vpn ipsec connections")
    eventually(lambda: net.show("branch", "ip route bgp"), "B>* 10.255.0.1/32")
    eventually(lambda: net.ping("hub", BRANCH["loopback"]), " 0% packet loss")
    eventually(lambda: net.ping("branch", HUB["loopback"]), " 0% packet loss")


def test_bgp_that_sends_nothing_and_bgp_without_a_policy(lab: tuple[str, Lab]) -> None:
    _, net = lab
    def row(name: str, neighbor: str) -> str:
        return next((line for line in net.show(name, "ip", "bgp", "summary").splitlines() if line.startswith(f"{neighbor} ")), "")
    misdeed(net, "sends-nothing")
    eventually(lambda: " ".join(row("hub", BRANCH["vti"]).split()[9:11]), "1 0")
    eventually(lambda: " ".join(row("branch", HUB["vti"]).split()[9:11]), "0 1")
    misdeed(net, "policy")
    eventually(lambda: row("hub", BRANCH["vti"]), "    (Policy) ")


def test_a_vti_goes_down_with_its_last_sa_and_can_be_left_down(lab: tuple[str, Lab]) -> None:
    version, net = lab
    def vti() -> str:
        return next(line for line in net.show("hub", "interfaces").splitlines() if line.startswith("vti0"))
    ike = "peer-203-0-113-2" if version == "1.3" else "branch"
    net.machines["hub"].run("swanctl", "--terminate", "--ike", ike, "--timeout", "5")
    eventually(vti, "A/D")
    child = f"{ike}-tunnel-vti" if version == "1.3" else f"{ike}-vti"
    net.machines["hub"].do("swanctl", "--initiate", "--child", child, "--timeout", "10")
    eventually(vti, "u/u")
    misdeed(net, "stale-vti")
    assert "A/D" in vti() and " up " in net.show("hub", "vpn ipsec sa")


def test_an_ike_sa_without_its_child(lab: tuple[str, Lab]) -> None:
    version, net = lab
    misdeed(net, "ike-without-child")
    assert " up " not in net.show("hub", "vpn ipsec sa") and "    up     IKEv2 " in net.show("hub", "vpn ike sa")
    log = ("log", "vpn", "ipsec") if version == "1.3" else ("log", "ipsec")
    assert "received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built" in net.show("hub", *log)
    assert "no acceptable proposal found" in net.show("branch", *log)


def test_a_stopped_router_leaves_nothing_running(lab: tuple[str, Lab]) -> None:
    _, net = lab
    assert net.shells["branch"]("lxc stop router --force && lxc start router").returncode == 0
    assert "not running" in net.show("branch", "vpn ipsec sa").lower()
    assert net.machines["branch"].run("vtysh", "-c", "show ip bgp summary").out == "% BGP instance not found\n"


CARD = {"id": "eni-1", "region": "r", "mac": "", "address": "10.0.0.10/24"}


def lonely(folder: Path) -> tuple[Machine, Workshop]:
    """A host with one card: what it can do there itself, and what the operator can."""
    operator = Operator(folder)
    operator.admit("lonely", {"ens6": CARD})
    return Machine(host_folder(folder, "lonely"), "eni-1"), operator.machine("eni-1")


def test_a_new_router_has_a_good_line(tmp_path: Path) -> None:
    daemons = Daemons()
    dataplane.start(daemons, tmp_path)
    try:
        machine, workshop = lonely(tmp_path)
        for disturbed in (True, False):
            machine.plug({"eth0": CARD})
            workshop.do("ip", "link", "set", "eth0", "up")
            if disturbed:
                workshop.disturb("link-down")
            link = json.loads(workshop.do("ip", "-json", "link", "show", "eth0"))[0]
            assert ("NO-CARRIER" in link["flags"]) is disturbed
            machine.unplug()
        with pytest.raises(Failed, match="there is no"):
            workshop.run("true")
    finally:
        daemons.stop()


def test_nothing_outlives_the_run(tmp_path: Path) -> None:
    daemons = Daemons()
    dataplane.start(daemons, tmp_path)
    machine, workshop = lonely(tmp_path)
    machine.plug({"eth0": CARD})
    space = workshop.do("readlink", "/proc/self/ns/net").strip()
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
