"""When a tunnel, a session and a ping are up, and above all when they are not."""

import pytest

from local.vyos.network import Worlds
from local.vyos.ping import ping
from local.vyos.simulated import Simulated

from .conftest import BRANCH, COMMITTED, HUB, world

VERSIONS = ("1.3", "1.4", "1.5")
PEER = {"1.3": f"vpn ipsec site-to-site peer {HUB['eip']}", "1.4": "vpn ipsec site-to-site peer hub"}
BGP = {"1.3": "protocols bgp 65002", "1.4": "protocols bgp"}

# (release, changes at the branch, SA up?, BGP state at the hub, does the hub's ping reach the loopback?)
TRUTH = [
    ("1.3", (), True, "Established", True),
    ("1.4", (), True, "Established", True),
    ("1.5", (), True, "Established", True),
    ("1.3", (f"+{PEER['1.3']} authentication pre-shared-secret other-key",), False, "Active", False),
    ("1.4", ("+vpn ipsec authentication psk K secret other-key",), False, "Active", False),
    ("1.3", ("-vpn ipsec ipsec-interfaces interface eth0",), False, "Active", False),
    ("1.4", ("-vpn ipsec interface eth0",), False, "Active", False),
    ("1.3", (f"+{PEER['1.3']} authentication id 10.20.1.99",), False, "Active", False),
    ("1.3", (f"+{PEER['1.3']} authentication remote-id 10.10.1.99",), False, "Active", False),
    ("1.4", (f"+{PEER['1.4']} authentication local-id 10.20.1.99",), False, "Active", False),
    ("1.3", (f"+{PEER['1.3']} local-address 10.20.1.99",), False, "Active", False),
    ("1.3", ("+vpn ipsec ike-group IKE proposal 1 encryption aes128",), False, "Active", False),
    ("1.3", ("+vpn ipsec ike-group IKE proposal 1 dh-group 19",), False, "Active", False),
    ("1.3", ("+vpn ipsec esp-group ESP proposal 1 hash sha512",), False, "Active", False),
    ("1.3", ("+vpn ipsec esp-group ESP pfs disable",), False, "Active", False),
    ("1.3", ("+vpn ipsec ike-group IKE key-exchange ikev1",), False, "Active", False),
    ("1.3", (f"+{PEER['1.3']} connection-type respond",), True, "Established", True),
    ("1.3", ("+interfaces ethernet eth0 disable",), False, "Active", False),
    ("1.3", ("-interfaces ethernet eth0 address dhcp",), False, "Active", False),
    ("1.3", (f"+{BGP['1.3']} neighbor {HUB['vti']} remote-as 65009",), True, "Active", False),
    ("1.3", (f"+{BGP['1.3']} neighbor {HUB['vti']} update-source {BRANCH['loopback']}",), True, "Active", False),
    ("1.3", (f"+{BGP['1.3']} neighbor {HUB['vti']} password x",), True, "Active", False),
    ("1.3", (f"-{BGP['1.3']}",), True, "Active", False),
    ("1.4", (f"-{BGP['1.4']} neighbor {HUB['vti']} address-family",), True, "Active", False),
    ("1.3", (f"-{BGP['1.3']} address-family",), True, "Established", False),
    ("1.3", (f"-interfaces loopback lo address {BRANCH['loopback']}/32",), True, "Established", False),
]


@pytest.mark.parametrize("version, changes, tunnel, state, reaches", TRUTH)
def test_truth(version: str, changes: tuple[str, ...], tunnel: bool, state: str, reaches: bool) -> None:
    net, hub, _ = world(version, branch_changes=changes)
    assert bool(net.tunnels(hub)) is tunnel
    assert [s.state for s in net.sessions(hub)] == [state]
    status, out, _ = ping(net, hub, ["-c", "3", "-W", "2", BRANCH["loopback"]])
    assert (status == 0) is reaches and (" 0% packet loss" in out) is reaches
    assert (ping(net, hub, [BRANCH["vti"]])[0] == 0) is tunnel


def test_a_disabled_vti_has_its_sa_and_carries_nothing() -> None:
    net, hub, branch = world("1.3", branch_changes=("+interfaces vti vti0 disable",))
    assert net.tunnels(hub) and net.tunnels(branch)
    assert (net.link_is_up(hub, "vti0"), net.link_is_up(branch, "vti0")) == (True, False)
    assert net.sessions(hub)[0].state == "Active" and ping(net, hub, [BRANCH["vti"]])[0] == 1


def test_both_ends_see_the_same_tunnel() -> None:
    net, hub, branch = world("1.3")
    assert [t.far.id for t in net.tunnels(hub)] == [branch.id]
    assert [t.far.id for t in net.tunnels(branch)] == [hub.id]


def test_two_responders_never_meet() -> None:
    respond = "vpn ipsec site-to-site peer {} connection-type respond"
    net, hub, _ = world("1.3", ("+" + respond.format(BRANCH["eip"]),), ("+" + respond.format(HUB["eip"]),))
    assert not net.tunnels(hub)


def test_elastic_ip_must_lead_to_the_peer() -> None:
    net, hub, _ = world("1.3")
    del net.elastic_ips[BRANCH["eip"]]
    assert not net.tunnels(hub)


def test_a_stopped_peer_is_gone() -> None:
    net, hub, branch = world("1.3")
    del net.routers[branch.id]
    assert not net.tunnels(hub) and net.sessions(hub)[0].state == "Active"


def test_daemons_take_their_time() -> None:
    for later, tunnels, state in ((0.0, 0, "Active"), (0.5, 1, "Active"), (2.0, 1, "Established")):
        net, hub, _ = world("1.3", now=COMMITTED + later)
        assert (len(net.tunnels(hub)), net.sessions(hub)[0].state) == (tunnels, state)


def test_own_as_in_a_path_is_refused() -> None:
    # The branch would learn the hub's prefix back from itself; nobody learns a route of his own.
    net, hub, branch = world("1.3")
    assert [r.prefix for r in net.routes(hub)] == [f"{BRANCH['loopback']}/32"]
    assert [r.prefix for r in net.routes(branch)] == [f"{HUB['loopback']}/32"]


HEALTHY_SUMMARY = """
IPv4 Unicast Summary{title}:
BGP router identifier 10.255.0.1, local AS number 65001 {vrf}vrf-id 0
BGP table version 2
RIB entries 3, using 576 bytes of memory
Peers 1, using 724 KiB of memory

Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt{desc}
169.254.100.2   4      65002         4         4        0    0    0 00:00:14            1        2{na}

Total number of neighbors 1
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_bgp_summary(version: str) -> None:
    net, hub, _ = world(version)
    more = {"title": " (VRF default)" if version == "1.4" else "", "vrf": "VRF default " if version == "1.5" else "",
            "desc": "" if version == "1.3" else " Desc", "na": "" if version == "1.3" else " N/A"}
    assert Simulated(net, hub).bgp_summary() == HEALTHY_SUMMARY.format(**more)


def test_bgp_absent() -> None:
    net, hub, _ = world("1.3", ("-protocols",))
    assert Simulated(net, hub).bgp_summary() == "% BGP instance not found\n" and Simulated(net, hub).bgp_routes() == ""


def test_a_prefix_that_the_peer_does_not_have_is_not_announced() -> None:
    net, hub, _ = world("1.3", branch_changes=(f"-interfaces loopback lo address {BRANCH['loopback']}/32",))
    assert net.routes(hub) == []
    row = next(line for line in Simulated(net, hub).bgp_summary().splitlines() if line.startswith(BRANCH["vti"]))
    assert row.split()[9:] == ["0", "1"]


def test_routes() -> None:
    net, hub, _ = world("1.3")
    assert Simulated(net, hub).bgp_routes().endswith("\n\nB>* 10.255.1.1/32 [20/0] via 169.254.100.2, vti0, weight 1, 00:00:14\n")


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_all_routes_by_prefix(version: str) -> None:
    net, hub, _ = world(version)
    shown = Simulated(net, hub).routes()
    assert ("t - trapped" in shown) == (version != "1.3")
    assert [line.split(", ")[0] for line in shown.splitlines() if line[1:3] == ">*"] == [
        "C>* 10.10.1.0/24 is directly connected", "C>* 10.255.0.1/32 is directly connected",
        "B>* 10.255.1.1/32 [20/0] via 169.254.100.2", "C>* 169.254.100.0/30 is directly connected"]


def test_sa_rows_of_1_3() -> None:
    net, hub, _ = world("1.3")
    head, dashes, row = Simulated(net, hub).sa().splitlines()
    assert head.split() == "Connection State Uptime Bytes In/Out Packets In/Out Remote address Remote ID Proposal".split()
    assert row.split() == ["peer-203.0.113.2-tunnel-vti", "up", "15s", "1K/1K", "23/23", "203.0.113.2", "10.20.1.10",
                           "AES_CBC_256/HMAC_SHA2_256_128"]
    assert [len(d) for d in dashes.split("  ") if d] == [27, 7, 8, 14, 16, 16, 11, 29]


def test_sa_rows_are_double_on_1_4_when_both_initiate() -> None:
    net, hub, _ = world("1.4")
    assert [r.split()[:2] for r in Simulated(net, hub).sa().splitlines()[2:]] == [["branch-vti", "up"]] * 2
    net, hub, _ = world("1.4", branch_changes=("+vpn ipsec site-to-site peer hub connection-type respond",))
    assert len(Simulated(net, hub).sa().splitlines()) == 3


def test_no_sa_is_an_empty_table_and_no_vpn_a_sentence() -> None:
    net, hub, _ = world("1.3", ("+vpn ipsec site-to-site peer 203.0.113.2 authentication pre-shared-secret x",))
    assert len(Simulated(net, hub).sa().splitlines()) == 2
    for version, sentence in (("1.3", "IPSec Process NOT Running\n\n"), ("1.4", "IPsec process not running\n")):
        net, hub, _ = world(version, ("-vpn",))
        assert Simulated(net, hub).sa() == sentence


@pytest.mark.parametrize("changes, state, proposal", [
    ((), "up", "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"), (("+vpn ipsec authentication psk K secret x",), "down", "-")])
def test_connections(changes: tuple[str, ...], state: str, proposal: str) -> None:
    net, hub, _ = world("1.4", changes)
    ike, esp, more = [r.split() for r in Simulated(net, hub).connections().splitlines()[2:]]
    assert ike == ["branch", state, "IKEv2", "203.0.113.2", "-", "-", "10.10.1.10", "10.20.1.10", proposal]
    assert esp[:6] == ["branch-vti", state, "IPsec", "203.0.113.2", "0.0.0.0/0", "0.0.0.0/0"] and more == ["::/0", "::/0"]


@pytest.mark.parametrize("version, sentence", [("1.3", "IPSec Process NOT Running\n\n"), ("1.4", "IPsec not initialized\n")])
def test_no_connections_without_a_daemon(version: str, sentence: str) -> None:
    net, hub, _ = world(version, ("-vpn",))
    assert Simulated(net, hub).connections() == sentence


def test_interfaces_of_1_3() -> None:
    net, hub, _ = world("1.3", ("+interfaces vti vti0 disable",))
    assert Simulated(net, hub).interfaces() == """\
Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down
Interface        IP Address                        S/L  Description
---------        ----------                        ---  -----------
eth0             10.10.1.10/24                     u/u  OUTSIDE
eth1             -                                 u/u  INSIDE
lo               127.0.0.1/8                       u/u  
                 10.255.0.1/32                          
                 ::1/128                                
vti0             169.254.100.1/30                  A/D  
"""


def test_interfaces_of_1_4() -> None:
    net, hub, _ = world("1.4")
    assert Simulated(net, hub).interfaces() == """\
Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down
Interface    IP Address        MAC                VRF        MTU  S/L    Description
-----------  ----------------  -----------------  -------  -----  -----  -------------
eth0         10.10.1.10/24     02:00:00:00:00:01  default   1500  u/u    OUTSIDE
eth1         -                 02:00:00:00:00:02  default   1500  u/u    INSIDE
lo           127.0.0.1/8       00:00:00:00:00:00  default  65536  u/u
             10.255.0.1/32
             ::1/128
vti0         169.254.100.1/30  n/a                default   1500  u/u
"""


def test_the_world_of_the_same_routers_is_the_same_until_one_is_another() -> None:
    net, hub, branch = world("1.3")
    worlds = Worlds(net.elastic_ips)
    first = worlds.of([hub, branch])
    assert [session.state for session in first.sessions(hub)] == ["Established"]
    assert worlds.of([hub, branch]) is first
    _, _, broken = world("1.3", branch_changes=("-vpn ipsec ipsec-interfaces interface eth0",))
    second = worlds.of([hub, broken])
    assert second is not first and not second.tunnels(hub) and second.sessions(hub)[0].state == "Active"


def test_what_is_not_up_yet_is_looked_at_again() -> None:
    net, hub, branch = world("1.3")
    net.now = min(hub.changed.values())
    assert not net.tunnels(hub) and net.sessions(hub)[0].state != "Established"
    net.now = max(*hub.changed.values(), *branch.changed.values()) + 60
    assert net.tunnels(hub) and net.sessions(hub)[0].state == "Established"
