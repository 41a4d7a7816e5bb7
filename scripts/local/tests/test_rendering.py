"""What a committed tree becomes for strongSwan and FRR, and what their answers become for VyOS."""

import json
import re
from typing import Any

import pytest

from local.dataplane import connections
from local.vyos import frr, swanctl
from local.vyos.live import Live, parse_raw
from local.vyos.machine import Answer
from local.vyos.model import Router

from .conftest import BRANCH, HUB, configure, lines, router

PEER = {"1.3": f"vpn ipsec site-to-site peer {BRANCH['eip']}", "1.5": "vpn ipsec site-to-site peer branch"}
NAME = {"1.3": "peer-203-0-113-2", "1.5": "branch"}
BGP = {"1.3": "protocols bgp 65001", "1.5": "protocols bgp"}
VERSIONS = ("1.3", "1.5")


def rendered(version: str, *more: str) -> str:
    return written(router(version, HUB, configure(version, lines(version, HUB, BRANCH) + list(more))))


def written(near: Router) -> str:
    """The connections of a router's first VTI as strongSwan reads them."""
    return connections.text(connections.checked(swanctl.render(near, "vti0"), "vti0", near.version))


def routing(version: str, *more: str, without: str = "") -> frr.Config:
    paths = [line for line in lines(version, HUB, BRANCH) + list(more) if not without or without not in line]
    return frr.render(router(version, HUB, configure(version, paths)))


@pytest.mark.parametrize("version", VERSIONS)
def test_a_peer_is_a_connection(version: str) -> None:
    text = re.sub(r"\s+", " ", rendered(version))
    assert f"connections {{ {NAME[version]} {{ version = 2 local_addrs = 10.10.1.10 remote_addrs = 203.0.113.2" in text
    assert "proposals = aes256-sha256-modp2048" in text and "esp_proposals = aes256-sha256-modp2048" in text
    assert "remote { auth = psk id = 10.20.1.10 }" in text and "start_action = start" in text
    assert 'ike-1 { id-1 = 10.10.1.10 id-2 = 10.20.1.10 secret = "same-key" }' in text


@pytest.mark.parametrize("version, line, expected", [
    ("1.3", "vpn ipsec esp-group ESP pfs disable", "esp_proposals = aes256-sha256\n"),
    ("1.5", "vpn ipsec ike-group IKE proposal 1 dh-group 19", "proposals = aes256-sha256-ecp256\n"),
    ("1.3", "vpn ipsec ike-group IKE lifetime 1000", "rekey_time = 1000s\n"),
    ("1.3", "vpn ipsec ike-group IKE dead-peer-detection action restart", "dpd_action = restart\n"),
    ("1.3", f"{PEER['1.3']} connection-type respond", "start_action = trap\n"),
    ("1.5", f"{PEER['1.5']} connection-type none", "start_action = none\n"),
    ("1.5", f"{PEER['1.5']} connection-type respond", "start_action = trap\n"),
    ("1.3", f"{PEER['1.3']} connection-type respond", "keyingtries = 1\n"),
    ("1.5", f"{PEER['1.5']} connection-type none", "keyingtries = 1\n"),
    ("1.3", "vpn ipsec disable-uniqreqids", "unique = no\n"),
    ("1.3", "vpn ipsec ike-group IKE close-action restart", "close_action = start\n"),
    ("1.5", "vpn ipsec ike-group IKE close-action start", "close_action = start\n"),
    ("1.3", f"{PEER['1.3']} local-address any", "local_addrs = %any\n"),
    ("1.3", f"{PEER['1.3']} authentication pre-shared-secret a\\b", 'secret = "a\\\\b"\n'),
    ("1.5", "vpn ipsec authentication psk K secret a\\b", 'secret = "a\\b"\n'),
])
def test_a_line_changes_the_connection(version: str, line: str, expected: str) -> None:
    assert expected not in rendered(version) and expected in rendered(version, line)


def test_one_of_two_ike_sas_goes_on_1_3_only() -> None:
    assert "unique = replace" in rendered("1.3") and "unique = no" in rendered("1.5")
    assert "unique = no" in rendered("1.5", "vpn ipsec disable-uniqreqids")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_peer_initiates_unless_it_is_told_not_to(version: str) -> None:
    paths = [line for line in lines(version, HUB, BRANCH) if "connection-type" not in line]
    near = router(version, HUB, configure(version, paths))
    assert "start_action = start" in written(near) and near.peers()[0].initiates


@pytest.mark.parametrize("version", VERSIONS)
def test_no_ipsec_on_the_outside_card_is_no_connection(version: str) -> None:
    listening = "ipsec-interfaces interface eth0" if version == "1.3" else "vpn ipsec interface eth0"
    paths = [line for line in lines(version, HUB, BRANCH) if listening not in line]
    assert swanctl.render(router(version, HUB, configure(version, paths)), "vti0") == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_bgp(version: str) -> None:
    config = routing(version)
    place = ("router bgp 65001",)
    for line in ("bgp router-id 10.255.0.1", "neighbor 169.254.100.2 remote-as 65002", "neighbor 169.254.100.2 ebgp-multihop 2",
                 "neighbor 169.254.100.2 update-source 169.254.100.1", "no bgp ebgp-requires-policy"):
        assert line in config[place]
    assert config[(*place, frr.FAMILY)] == ["network 10.255.0.1/32", "neighbor 169.254.100.2 activate"]


def test_without_its_family_a_neighbor_of_1_5_is_not_active() -> None:
    config = routing("1.5", without="address-family ipv4-unicast")
    assert ("router bgp 65001", frr.FAMILY) not in {place for place, found in config.items() if found}


@pytest.mark.parametrize("old, new, expected", [
    ({}, {}, ""),
    ({("router bgp 1",): ["a"]}, {}, "no router bgp 1\n"),
    ({}, {("router bgp 1",): ["a"]}, "router bgp 1\na\nexit\n"),
    ({("router bgp 1", frr.FAMILY): ["network x", "b"]}, {("router bgp 1", frr.FAMILY): ["b", "network y"]},
     f"router bgp 1\n{frr.FAMILY}\nno network x\nnetwork y\nexit-address-family\nexit\n"),
    ({("router bgp 1",): ["neighbor n remote-as 2", "neighbor n description d"]}, {("router bgp 1",): ["z"]},
     "router bgp 1\nno neighbor n\nz\nexit\n"),
    ({("router bgp 1",): ["neighbor n remote-as 2"], ("router bgp 1", frr.FAMILY): ["neighbor n activate", "network x"]},
     {("router bgp 1",): ["z"], ("router bgp 1", frr.FAMILY): ["network x"]},
     "router bgp 1\nno neighbor n\nz\nexit\n"),
    ({("router bgp 1",): ["neighbor n remote-as 2"]}, {("router bgp 1",): ["neighbor n remote-as 3"]},
     "router bgp 1\nneighbor n remote-as 3\nexit\n"),
    ({(): ["ip route 10.0.0.0/8 1.2.3.4"]}, {(): ["ip route 10.0.0.0/8 blackhole"]},
     "no ip route 10.0.0.0/8 1.2.3.4\nip route 10.0.0.0/8 blackhole\n"),
])
def test_only_changes_reach_frr(old: frr.Config, new: frr.Config, expected: str) -> None:
    assert frr.commands(old, new) == expected


def test_policies_reach_frr() -> None:
    config = routing("1.3", "policy prefix-list P rule 5 action permit", "policy prefix-list P rule 5 prefix 10.0.0.0/8",
                     "policy prefix-list P rule 5 le 32", "policy route-map M rule 1 action permit",
                     "policy route-map M rule 1 match ip address prefix-list P",
                     f"{BGP['1.3']} neighbor 169.254.100.2 address-family ipv4-unicast route-map import M")
    assert "ip prefix-list P seq 5 permit 10.0.0.0/8 le 32" in config[()]
    assert config[("route-map M permit 1",)] == ["match ip address prefix-list P"]
    assert "neighbor 169.254.100.2 route-map M in" in config[("router bgp 65001", frr.FAMILY)]


# As strongSwan 5.9.8 prints them, for the states of the captured outputs.
CHILD = ("{name} {{name={child} uniqueid=2 reqid=1 state={state} mode=TUNNEL protocol=ESP encap=yes encr-alg=AES_CBC encr-keysize=256 "
         "integ-alg=HMAC_SHA2_256_128 bytes-in={bytes_in} packets-in={packets_in} bytes-out={bytes_out} packets-out={packets_out} "
         "rekey-time=3261 life-time=3959 install-time=16 local-ts=[0.0.0.0/0 ::/0] remote-ts=[0.0.0.0/0 ::/0]}}")
IKE = ("list-sa event {{{name} {{uniqueid=2 version=2 state={state} local-host=10.10.1.10 remote-host=203.0.113.2 remote-id=10.20.1.10 "
       "initiator=yes tasks-active=[IKE_VENDOR IKE_INIT] encr-alg=AES_CBC encr-keysize=256 integ-alg=HMAC_SHA2_256_128 "
       "prf-alg=PRF_HMAC_SHA2_256 dh-group=MODP_2048 established=16 child-sas {{{children}}}}}}}\n")
CONN = ("list-conn event {{{name} {{local_addrs=[10.10.1.10] remote_addrs=[203.0.113.2] version=IKEv2 reauth_time=0 unique=UNIQUE_NO "
        "local-1 {{id=10.10.1.10 class=pre-shared key groups=[] certs=[]}} remote-1 {{id=10.20.1.10 class=pre-shared key groups=[]}} "
        "children {{{name}-vti {{mode=TUNNEL rekey_time=3600 local-ts=[0.0.0.0/0 ::/0] remote-ts=[0.0.0.0/0 ::/0]}}}}}}}}\n")


OLD_CONN = CONN.replace("{name}-vti {{", "{name}-tunnel-vti {{").format(name="peer-203-0-113-2")


def ike(name: str, children: list[dict[str, object]], state: str = "ESTABLISHED") -> str:
    texts = [CHILD.format(**{"name": f"c-{n}", "state": "INSTALLED", "bytes_in": 0, "packets_in": 0, "bytes_out": 0,
                             "packets_out": 0, **child}) for n, child in enumerate(children)]
    return IKE.format(name=name, state=state, children=" ".join(texts))


class Answers:
    """A machine whose programs answer with prepared texts."""

    def __init__(self, **answers: str) -> None:
        self._answers = answers

    def swanctl(self, _: str, question: str, __: str) -> Answer:
        return self._answer(question.removeprefix("--").replace("-", "_"))

    def routes(self, _: str) -> Answer:
        return self._answer("vtysh")

    def links(self) -> list[dict[str, Any]]:
        return json.loads(self._answers["addr"])

    def _answer(self, to: str) -> Answer:
        return Answer(0, self._answers[to], "") if to in self._answers else Answer(1, "", "no")


def live(version: str, **answers: str) -> Live:
    return Live(Answers(**answers), router(version, HUB, configure(version, lines(version, HUB, BRANCH))))  # type: ignore[arg-type]


def test_sa_as_captured_on_1_3() -> None:
    child = {"child": "peer-203-0-113-2-tunnel-vti", "bytes_out": 1800, "packets_out": 23}
    assert live("1.3", list_sas=ike("peer-203-0-113-2", [child]) + "list-sas reply {}\n", list_conns=OLD_CONN).sa().splitlines() == [
        "Connection                   State    Uptime    Bytes In/Out    Packets In/Out    Remote address    Remote ID    Proposal",
        "---------------------------  -------  --------  --------------  ----------------  ----------------  -----------  -----------------------------",
        "peer-203.0.113.2-tunnel-vti  up       16s       0B/1K           0/23              203.0.113.2       10.20.1.10   AES_CBC_256/HMAC_SHA2_256_128",
    ]


def test_sa_as_captured_on_1_5() -> None:
    children = [{"child": "branch-vti"}, {"child": "branch-vti", "bytes_in": 1900, "packets_in": 24, "bytes_out": 2100, "packets_out": 1500}]
    rows = live("1.5", list_sas=ike("branch", children)).sa().splitlines()[2:]
    assert [row.split() for row in rows] == [
        ["branch-vti", "up", "16s", "0B/0B", "0/0", "203.0.113.2", "10.20.1.10", "AES_CBC_256/HMAC_SHA2_256_128"],
        ["branch-vti", "up", "16s", "1K/2K", "24/1K", "203.0.113.2", "10.20.1.10", "AES_CBC_256/HMAC_SHA2_256_128"]]


def test_an_ike_sa_without_a_child() -> None:
    assert live("1.3", list_sas=ike("peer-203-0-113-2", []), list_conns=OLD_CONN).sa().splitlines()[2].split()[:3] == ["peer-203.0.113.2-tunnel-vti", "down", "N/A"]
    assert len(live("1.5", list_sas=ike("branch", [])).sa().splitlines()) == 2
    rows = live("1.5", list_sas=ike("branch", []), list_conns=CONN.format(name="branch")).connections().splitlines()
    assert [row.split()[:2] for row in rows[2:4]] == [["branch", "up"], ["branch-vti", "down"]]


def test_connections_as_captured() -> None:
    rows = live("1.5", list_sas=ike("branch", [{"child": "branch-vti"}]), list_conns=CONN.format(name="branch")).connections().splitlines()
    assert rows[2].split() == ["branch", "up", "IKEv2", "203.0.113.2", "-", "-", "10.10.1.10", "10.20.1.10", "AES_CBC/256/HMAC_SHA2_256_128/MODP_2048"]
    assert rows[3].split() == ["branch-vti", "up", "IPsec", "203.0.113.2", "0.0.0.0/0", "0.0.0.0/0", "10.10.1.10", "10.20.1.10",
                               "AES_CBC/256/HMAC_SHA2_256_128/None"]
    assert rows[4].split() == ["::/0", "::/0"]


def test_a_dead_daemon() -> None:
    assert live("1.3").sa() == "IPSec Process NOT Running\n\n"
    assert live("1.5").sa() == "IPsec process not running\n"


SUMMARY = """
IPv4 Unicast Summary (VRF default):
BGP router identifier 10.255.0.1, local AS number 65001 vrf-id 0

Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt Desc
169.254.100.2   4      65002         5         7        0    0    0 00:00:15            1        2 N/A

Total number of neighbors 1
"""


def test_the_summary_of_1_3_is_an_older_one() -> None:
    old = live("1.3", vtysh=SUMMARY).bgp_summary()
    assert "IPv4 Unicast Summary:\n" in old and "PfxSnt\n" in old and "            1        2\n" in old
    assert live("1.4", vtysh=SUMMARY).bgp_summary() == SUMMARY
    new = live("1.5", vtysh=SUMMARY).bgp_summary()
    assert "IPv4 Unicast Summary:\n" in new and "local AS number 65001 VRF default vrf-id 0\n" in new and "        2 N/A\n" in new


INTERFACES = """[
{"ifname": "lo", "flags": ["LOOPBACK", "UP"], "mtu": 65536, "operstate": "UNKNOWN", "link_type": "loopback", "address": "00:00:00:00:00:00",
 "addr_info": [{"local": "127.0.0.1", "prefixlen": 8, "scope": "host"}, {"local": "10.255.0.1", "prefixlen": 32, "scope": "global"},
               {"local": "::1", "prefixlen": 128, "scope": "host"}]},
{"ifname": "eth0", "flags": ["UP", "NO-CARRIER"], "mtu": 1500, "operstate": "DOWN", "link_type": "ether", "address": "e2:13:a2:f5:66:25",
 "addr_info": [{"local": "10.10.1.10", "prefixlen": 24, "scope": "global"}, {"local": "fe80::1", "prefixlen": 64, "scope": "link"}]},
{"ifname": "vti0", "flags": [], "mtu": 1400, "operstate": "DOWN", "link_type": "none", "addr_info": []},
{"ifname": "ipsec0", "flags": [], "mtu": 1500, "operstate": "DOWN", "link_type": "none", "addr_info": []}]"""


def test_interfaces_as_captured() -> None:
    assert live("1.3", addr=INTERFACES).interfaces().splitlines() == [
        "Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down",
        "Interface        IP Address                        S/L  Description",
        "---------        ----------                        ---  -----------",
        "eth0             10.10.1.10/24                     u/D  OUTSIDE",
        "lo               127.0.0.1/8                       u/u  ",
        "                 10.255.0.1/32                          ",
        "                 ::1/128                                ",
        "vti0             -                                 A/D  "]
    row = live("1.5", addr=INTERFACES).interfaces().splitlines()[3]
    assert row.split() == ["eth0", "10.10.1.10/24", "e2:13:a2:f5:66:25", "default", "1500", "u/D", "OUTSIDE"]


def test_raw_sections() -> None:
    (name, sa), = parse_raw(ike("x", [{"child": "x-vti"}]) + "list-sas reply {}\n")
    assert name == "x" and sa["tasks-active"] == ["IKE_VENDOR", "IKE_INIT"] and sa["child-sas"]["c-0"]["name"] == "x-vti"
