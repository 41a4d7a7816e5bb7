"""The lab prints what VyOS prints: each captured output, character by character, from the state that it shows.

The captures are those of the Swift tests: VyOS's own code over strongSwan 5.9.8, and FRR 8.4.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from local.vyos import show_bgp, show_ipsec
from local.vyos.ping import ping
from local.vyos.show_bgp import BgpRoute, Neighbor, Summary
from local.vyos.show_interfaces import Interface, format_interfaces
from local.vyos.show_ipsec import Listed
from local.vyos.simulated import Simulated

from .conftest import BRANCH, world

TESTS = Path(__file__).parents[3] / "Tests/SDWANTests"
OLD, PEER, OURS = "peer-203.0.113.2-tunnel-vti", "PEER", "nv-branch1"
AES = {"encr-alg": "AES_CBC", "encr-keysize": "256", "integ-alg": "HMAC_SHA2_256_128"}
ANYWHERE = ["0.0.0.0/0", "::/0"]


def captured(name: str) -> str:
    """`1.3-ipsec-sa-healthy`, or `CASE/FILE` of the field's cases."""
    return (TESTS / "Field" / name if "/" in name else TESTS / "Fixtures" / f"{name}.txt").read_text()


def child(name: str, seconds: int = 16, bytes_: tuple[int, int] = (0, 0), packets: tuple[int, int] = (0, 0), **more: str) -> dict[str, Any]:
    return {"name": name, "state": "INSTALLED", "install-time": str(seconds), "bytes-in": str(bytes_[0]), "bytes-out": str(bytes_[1]),
            "packets-in": str(packets[0]), "packets-out": str(packets[1]), **AES, **more}


def sa(name: str, *children: dict[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
    return name, {"state": "ESTABLISHED", "remote-host": "203.0.113.2", "remote-id": "10.20.1.10", **AES, "dh-group": "MODP_2048",
                  "child-sas": {str(number): c for number, c in enumerate(children)}, **more}


def conn(name: str, children: dict[str, tuple[list[str], list[str]]] | None = None, address: str = "203.0.113.2", version: str = "IKEv2",
         ids: tuple[str, str] = ("10.10.1.10", "10.20.1.10")) -> tuple[str, dict[str, Any]]:
    children = children or {name if name == OLD else f"{name}-vti": (ANYWHERE, ANYWHERE)}
    return name, {"version": version, "remote_addrs": [address], "local-1": {"id": ids[0]} if ids[0] else {}, "remote-1": {"id": ids[1]},
                  "children": {each: {"local-ts": ts[0], "remote-ts": ts[1]} for each, ts in children.items()}}


KB, LONG = 1024, {"seconds": 41 * 60 + 7, "bytes_": (21 * 1024, 22 * 1024), "packets": (301, 322)}
FOREIGN_ID = {"remote-host": "198.51.100.9", "remote-id": "198.51.100.9"}
V6 = {"remote-host": "2001:db8::2", "remote-id": "2001:db8::2"}
DH = {"dh-group": "MODP_2048"}
ASSOCIATIONS: list[tuple[str, str, Listed]] = [
    ("1.3-ipsec-sa-healthy", "1.3", [sa(OLD, child(OLD, 16, (0, KB), (0, 23)))]),
    ("1.3-ipsec-sa-bgp-active-sa-up", "1.3", [sa(OLD, child(OLD, 21, (0, KB), (0, 27)))]),
    ("1.3-ipsec-sa-ifaces-admin-down", "1.3", []),
    ("1.3-ipsec-sa-psk-mismatch", "1.3", []),
    ("1.4-ipsec-sa-healthy", "1.4", [sa(PEER, child("PEER-vti", 15)), sa(PEER, child("PEER-vti", 15, (KB, KB), (24, 25)))]),
    ("1.4-ipsec-sa-bgp-active-sa-up", "1.4", [sa(PEER, child("PEER-vti", 21, (KB, 2 * KB), (27, 29)), child("PEER-vti", 21))]),
    ("1.4-ipsec-sa-ifaces-admin-down", "1.4", []),
    ("1.4-ipsec-sa-psk-mismatch", "1.4", []),
    ("1.5-ipsec-sa-healthy", "1.5", [sa(PEER, child("PEER-vti", 15, (KB, KB), (20, 21)))]),
    ("sa-just-rekeyed-13/ipsec-sa", "1.3", [sa(OLD, child(OLD, 0))]),
    # of two IKE SAs the last one counts
    ("sa-shown-down-13/ipsec-sa", "1.3", [sa(OLD, child(OLD)), sa(OLD)]),
    ("sa-rekeyed-row/ipsec-sa", "1.5", [sa(OURS, child("nv-branch1-vti", **LONG) | {"state": "REKEYED", "install-time": "3590"},
                                           child("nv-branch1-vti", **LONG, **DH) | {"install-time": "8"})]),
    ("sa-foreign-ipv6/ipsec-sa", "1.5", [sa("V6SITE", child("V6SITE-tunnel-0", 1449, **DH), child("V6SITE-tunnel-0", 555, **DH), **V6),
                                         sa(OURS, child("nv-branch1-vti", **LONG))]),
    ("conn-foreign-no-local-id-14/ipsec-sa", "1.4", [
        sa(OURS, child("nv-branch1-vti", **LONG)),
        sa("PARTNER", child("PARTNER-tunnel-1", 7381, (7 << 20, 9 << 20), (8000, 9000)), **FOREIGN_ID)]),
    ("come-up-15/ipsec-sa.1", "1.5", []),
    ("come-up-15/ipsec-sa.2", "1.5", [sa(OURS, child("nv-branch1-vti", **LONG))]),
    ("tunnel-down-15/ipsec-sa", "1.5", [sa(OURS, state="CONNECTING")]),
    ("sa-unreadable-once/ipsec-sa.1", "1.5", [sa(OURS, child("nv-branch1-vti", 0))]),
]


@pytest.mark.parametrize("name, version, sas", ASSOCIATIONS)
def test_associations(name: str, version: str, sas: Listed) -> None:
    assert show_ipsec.sa(version == "1.3", [conn(OLD)], sas) == captured(name)


def test_a_child_that_is_not_the_vtis() -> None:
    first = OLD.replace("vti", "0")
    conns = [conn(first, {first: (ANYWHERE, ANYWHERE), OLD: (ANYWHERE, ANYWHERE)})]
    assert show_ipsec.sa(True, conns, [sa(first, child(first, **LONG))]) == captured("sa-other-child-up-13/ipsec-sa")


@pytest.mark.parametrize("version", ["1.3", "1.4"])
def test_a_dead_daemon(version: str) -> None:
    assert show_ipsec.not_running(version == "1.3") == captured(f"{version}-ipsec-sa-daemon-dead")


UP = sa(PEER, child("PEER-vti"))
OURS_UP, OURS_CONN = sa(OURS, child("nv-branch1-vti")), conn(OURS)
WEAK = {"integ-alg": "HMAC_SHA1_96", "dh-group": "MODP_1024"}
CONNECTIONS: list[tuple[str, Listed, Listed]] = [
    ("1.4-ipsec-connections-healthy", [conn(PEER)], [UP]),
    ("1.4-ipsec-connections-bgp-active-sa-up", [conn(PEER)], [UP, UP]),
    ("1.4-ipsec-connections-ifaces-admin-down", [conn(PEER)], []),
    ("1.4-ipsec-connections-psk-mismatch", [conn(PEER)], []),
    ("1.5-ipsec-connections-healthy", [conn(PEER)], [UP]),
    ("come-up-15/ipsec-connections.1", [OURS_CONN], []),
    ("come-up-15/ipsec-connections.2", [OURS_CONN], [OURS_UP]),
    # of two IKE SAs the first one counts, except for its state
    ("conn-ike-proposal-dash-once/ipsec-connections.1", [OURS_CONN],
     [(OURS, {"state": "CONNECTING", "child-sas": {}}), OURS_UP]),
    ("conn-foreign-ikev1/ipsec-connections",
     [OURS_CONN, conn("OFFICE-B", {"OFFICE-B-tunnel-0": (["192.168.0.0/24"], ["10.0.0.0/21"])}, "198.51.100.20", "IKEv1",
                      ("10.10.1.10", "198.51.100.20"))],
     [OURS_UP, sa("OFFICE-B", child("OFFICE-B-tunnel-0", **WEAK), **WEAK)]),
    ("conn-foreign-no-local-id-14/ipsec-connections",
     [OURS_CONN, conn("PARTNER", {"PARTNER-tunnel-1": (["10.10.0.0/16"], ["172.16.0.0/16"])}, "198.51.100.9", ids=("", "198.51.100.9"))],
     [OURS_UP, sa("PARTNER", child("PARTNER-tunnel-1", **DH))]),
    ("conn-gre-transport/ipsec-connections",
     [OURS_CONN, conn("GRE1", {"GRE1-tunnel-0": (["10.10.1.10/32[gre]"], ["198.51.100.9/32[gre]"])}, "198.51.100.9",
                      ids=("10.10.1.10", "198.51.100.9"))],
     [OURS_UP, sa("GRE1", child("GRE1-tunnel-0"))]),
]


@pytest.mark.parametrize("name, conns, sas", CONNECTIONS)
def test_connections(name: str, conns: Listed, sas: Listed) -> None:
    assert show_ipsec.connections(conns, sas) == captured(name)


def near(heard: int, said: int, seconds: float | None, received: str, sent: str = "0", description: str = "") -> Neighbor:
    return Neighbor("169.254.100.2", "65002", heard, said, seconds, received, sent, description)


HOUR = 4333
SUMMARIES: list[tuple[str, str, int, int, list[Neighbor]]] = [
    ("1.3-bgp-summary-healthy", "1.3", 2, 3, [near(5, 7, 15, "1", "2")]),
    ("1.3-bgp-summary-bgp-active-sa-up", "1.3", 3, 1, [near(5, 8, 6, "Active")]),
    ("1.3-bgp-summary-ifaces-admin-down", "1.3", 1, 1, [near(0, 0, None, "Idle")]),
    ("1.3-bgp-summary-psk-mismatch", "1.3", 1, 1, [near(0, 0, None, "Connect")]),
    ("1.4-bgp-summary-healthy", "1.4", 2, 3, [near(5, 7, 14, "1", "2")]),
    ("1.4-bgp-summary-bgp-active-sa-up", "1.4", 3, 1, [near(5, 8, 5, "Active")]),
    ("1.4-bgp-summary-ifaces-admin-down", "1.4", 1, 1, [near(0, 0, None, "Idle")]),
    ("1.4-bgp-summary-psk-mismatch", "1.4", 1, 1, [near(0, 0, None, "Connect")]),
    # these were captured from FRR 8, which 1.4 has
    ("1.5-bgp-summary-healthy", "1.4", 2, 3, [near(5, 5, 14, "1", "2")]),
    ("bgp-desc-words/bgp-summary", "1.4", 4, 3, [near(118, 121, HOUR, "1", "2", "(main) hub (old)")]),
    ("bgp-own-pfxct/bgp-summary", "1.4", 4, 3, [near(118, 121, 181, "Idle (PfxCt)")]),
    ("bgp-policy-both/bgp-summary", "1.4", 4, 3, [near(118, 121, HOUR, "(Policy)", "(Policy)")]),
    ("bgp-sends-nothing/bgp-summary", "1.4", 4, 3, [near(118, 121, HOUR, "1", "0")]),
    ("bgp-foreign-policy/bgp-summary", "1.4", 4, 3, [
        near(118, 121, HOUR, "1", "2"),
        Neighbor("192.0.2.6", "64502", 118, 121, 212_640, "(Policy)", "(Policy)", "transit")]),
]


@pytest.mark.parametrize("name, version, table, entries, neighbors", SUMMARIES)
def test_summaries(name: str, version: str, table: int, entries: int, neighbors: list[Neighbor]) -> None:
    assert show_bgp.summary(Summary("10.255.0.1", 65001, table, entries, neighbors), version) == captured(name)


def test_wide_neighbors() -> None:
    """An address that is longer than its column widens it."""
    rows = [Neighbor("*192.0.2.201", "64443", 118, 121, 11_171, "3", "6"),
            Neighbor("*2001:db8::192:0:2:202", "64443", 118, 121, 306, "NoNeg", "NoNeg"), near(118, 121, HOUR, "1", "2")]
    printed = show_bgp.summary(Summary("10.255.0.1", 65001, 4, 3, rows), "1.4").splitlines()
    wanted = captured("bgp-dynamic-neighbors/bgp-summary").splitlines()
    start = next(n for n, line in enumerate(wanted) if line.startswith("Neighbor"))
    assert printed[printed.index(wanted[start]):][:4] == wanted[start:start + 4]


def test_no_instance() -> None:
    for version in ("1.3", "1.4"):
        assert show_bgp.NO_INSTANCE == captured(f"{version}-bgp-summary-no-instance")


@pytest.mark.parametrize("name", ["1.3-ip-route-bgp-healthy", "1.4-ip-route-bgp-healthy", "1.5-ip-route-bgp-healthy"])
def test_routes(name: str) -> None:
    """Captured from FRR 8; 7.5, which 1.3 has, knows fewer codes."""
    route = BgpRoute("10.255.1.1/32", "169.254.100.2", "vti0", 13)
    assert show_bgp.routes([route], "1.4") == captured(name)
    assert show_bgp.routes([route], "1.3") == captured(name).replace("       t - trapped, o - offload failure\n", "")


LO = Interface("lo", ["127.0.0.1/8", "10.255.0.1/32", "::1/128"], "00:00:00:00:00:00", "65536", "u/u", "")


def rows(macs: tuple[str, str] = ("02:00:00:00:00:01", "02:00:00:00:00:02"), inside: str = "u/u", vti: str = "u/u", named: bool = True,
         mtu: str = "1500", description: str = "nv-branch1") -> list[Interface]:
    return [Interface("eth0", ["10.10.1.10/24"], macs[0], "1500", "u/u", "OUTSIDE" if named else ""),
            Interface("eth1", ["-"], macs[1], "1500", inside, "INSIDE" if named else ""), LO,
            Interface("vti0", ["169.254.100.1/30"], "n/a", mtu, vti, description)]


LIVE = {"mtu": "1400", "description": ""}
FIRST, SECOND = ("e2:13:a2:f5:66:25", "62:20:3d:87:3e:c0"), ("be:88:79:ac:30:2f", "e2:1d:2c:c8:03:49")
THIRD = ("46:09:13:e5:52:e3", "ce:b4:cb:d5:63:06")
INTERFACES: list[tuple[str, str, list[Interface]]] = [
    ("1.3-interfaces-healthy", "1.3", rows(description="")),
    ("1.3-interfaces-bgp-active-sa-up", "1.3", rows(description="")),
    ("1.3-interfaces-ifaces-admin-down", "1.3", rows(inside="A/D", vti="A/D", named=False, description="")),
    ("1.4-interfaces-healthy", "1.4", rows(FIRST, **LIVE)),
    ("1.4-interfaces-ifaces-admin-down", "1.4", rows(SECOND, inside="A/D", vti="A/D", named=False, **LIVE)),
    ("1.5-interfaces-healthy", "1.5", rows(THIRD, **LIVE)),
    ("come-up-15/interfaces.1", "1.5", rows(vti="A/D")),
    ("come-up-15/interfaces.2", "1.5", rows()),
    ("tunnel-down-15/interfaces", "1.5", rows(vti="A/D")),
    ("vti-stranded-15/interfaces", "1.5", rows(vti="A/D")),
]


@pytest.mark.parametrize("name, version, shown", INTERFACES)
def test_interfaces(name: str, version: str, shown: list[Interface]) -> None:
    assert format_interfaces(shown, version == "1.3") == captured(name)


def lines_of(text: str, beginning: str, count: int) -> list[str]:
    found = text.splitlines()
    start = next(n for n, line in enumerate(found) if line.startswith(beginning))
    return found[start:start + count]


def test_rows_over_several_lines() -> None:
    words = "uplink to the customer premises router in the cellar of building seven, cross the yard and then to the left, second door"
    wrapped = format_interfaces([Interface("eth2", ["192.0.2.1/24"], "", "1500", "u/u", words)], True)
    wanted = lines_of(captured("if-desc-wraps-13/interfaces"), "eth2", 9)
    assert len(set(lines_of(wrapped, "eth2", 99)[1:])) == 1 and lines_of(wrapped, "eth2", 9) == wanted
    long = format_interfaces([Interface("dum6", ["2001:db8:1f18:4a00:7c3e:91ff:fe52:aa10/128"], "", "1500", "u/u", "v6 loopback")], True)
    assert lines_of(long, "dum6", 2) == lines_of(captured("if-ipv6-only-13/interfaces"), "dum6", 2)


def test_pings() -> None:
    net, hub, _ = world("1.5")
    times = re.compile(r"time=\S+|= [\d./]+ ms")
    answered = ping(net, hub, ["-c", "3", "-W", "2", BRANCH["loopback"]])[1]
    assert times.sub("", answered) == times.sub("", captured("come-up-control-15/ping-10.255.1.1.2"))
    net, hub, _ = world("1.5", branch_changes=("-vpn ipsec interface eth0",))
    lost = ping(net, hub, ["-c", "3", "-W", "2", BRANCH["vti"]])[1]
    # iputils ends with the empty line, which only one of the captures has kept
    assert lost == captured("tunnel-down-15/ping-169.254.100.2") + "\n"
    assert lost.replace("2040", "406") == captured("ping-fail")


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_a_vti_without_an_sa_is_down_and_with_one_is_up(version: str) -> None:
    """What the simulated router shows of its VTI is what the captures show of a tunnel that comes up."""
    for listening, state in ((True, "u/u"), (False, "A/D")):
        where = "vpn ipsec ipsec-interfaces interface eth0" if version == "1.3" else "vpn ipsec interface eth0"
        net, hub, _ = world(version, branch_changes=() if listening else (f"-{where}",))
        assert re.search(rf"^vti0 .* {state}", Simulated(net, hub).interfaces(), re.MULTILINE)
