"""`show vpn ike sa` and charon's log, in the words of each release."""

import re

import pytest

from local.vyos import show_ike, show_log
from local.vyos.live import parse_raw
from local.vyos.show_log import Line
from local.vyos.simulated import Simulated

from .conftest import BRANCH, COMMITTED, HUB, configure, lines, router, world

VERSIONS = ("1.3", "1.4", "1.5")
PSK = {"1.3": f"+vpn ipsec site-to-site peer {HUB['eip']} authentication pre-shared-secret other",
       **dict.fromkeys(("1.4", "1.5"), "+vpn ipsec authentication psk K secret other")}
BLANK = " "

# As VyOS's scripts print them, with blanks at the ends of lines.
OLD_UP = f"""\
Peer ID / IP                            Local ID / IP{BLANK * 15}
------------                            -------------
203.0.113.2                             10.10.1.10{BLANK * 29}

    State  IKEVer  Encrypt  Hash    D-H Group      NAT-T  A-Time  L-Time
    -----  ------  -------  ----    ---------      -----  ------  ------
    up     IKEv2   aes256   sha256_128 14(MODP_2048)  no     3600    28800{BLANK * 2}

{BLANK}
"""
OLD_DOWN = OLD_UP.replace("    up     IKEv2   aes256   sha256_128 14(MODP_2048)  no     3600    28800  ",
                          "    down   N/A     n/a      n/a     n/a(n/a)       no     0       n/a    ")
NEW_UP = f"""\
Peer ID / IP                            Local ID / IP
------------                            -------------
203.0.113.2 10.20.1.10                  10.10.1.10 10.10.1.10{BLANK * 18}


    State  IKEVer  Encrypt      Hash          D-H Group      NAT-T  A-Time  L-Time
    -----  ------  -------      ----          ---------      -----  ------  ------
    up     IKEv2   AES_CBC_256  HMAC_SHA2_256_128 MODP_2048      yes    16      27884{BLANK * 2}

"""


def one_begins(version: str, *branch_changes: str, now: float = COMMITTED + 16) -> Simulated:
    """The hub, to which the branch only listens."""
    respond = "respond" if version == "1.3" else "none"
    peer = HUB["eip"] if version == "1.3" else "hub"
    listens = f"+vpn ipsec site-to-site peer {peer} connection-type {respond}"
    net, hub, _ = world(version, branch_changes=(listens, *branch_changes), now=now)
    return Simulated(net, hub)


def test_an_ike_sa() -> None:
    assert one_begins("1.3").ike_sa() == OLD_UP
    for version in ("1.4", "1.5"):
        assert one_begins(version).ike_sa() == NEW_UP


def test_no_ike_sa_is_a_row_on_1_3_and_nothing_later() -> None:
    assert one_begins("1.3", PSK["1.3"]).ike_sa() == OLD_DOWN
    assert one_begins("1.4", PSK["1.4"]).ike_sa() == ""
    net, hub, _ = world("1.3", ("-vpn",))
    assert Simulated(net, hub).ike_sa() == ""
    net, hub, _ = world("1.4", ("-vpn",))
    assert Simulated(net, hub).ike_sa() == "IPsec Process NOT Running\n"


def test_an_ike_sa_that_is_not_there_yet() -> None:
    listening = {"1.3": "-vpn ipsec ipsec-interfaces interface eth0", "1.4": "-vpn ipsec interface eth0"}
    assert "    down   IKEv2   n/a      n/a     n/a(n/a)       no     0       n/a    \n" in one_begins("1.3", listening["1.3"]).ike_sa()
    shown = one_begins("1.4", listening["1.4"]).ike_sa()
    assert f"203.0.113.2{' ' * 29}10.10.1.10 " in shown
    assert "    down   IKEv2   n/a          n/a           n/a            yes    0       0      \n" in shown


def test_a_real_strongswans_ike_sa() -> None:
    raw = ("list-sa event {branch {uniqueid=2 version=2 state=ESTABLISHED local-host=10.10.1.10 local-port=4500 local-id=10.10.1.10 "
           "remote-host=203.0.113.2 remote-port=4500 remote-id=C=DE, O=A firm, CN=r initiator=yes nat-local=yes nat-remote=yes nat-any=yes "
           "encr-alg=AES_CBC encr-keysize=256 integ-alg=HMAC_SHA2_256_128 prf-alg=PRF_HMAC_SHA2_256 dh-group=MODP_2048 established=16 "
           "rekey-time=27884 child-sas {}}}\n")
    (_, sa), = parse_raw(raw)
    assert sa["remote-id"] == "C=DE, O=A firm, CN=r"
    assert show_ike.new([("branch", sa | {"remote-id": "10.20.1.10"})]) == NEW_UP


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("change, near_says, far_says", [
    ("key", "received AUTHENTICATION_FAILED notify error", "tried 1 shared key for '10.20.1.10' - '10.10.1.10', but MAC mismatched"),
    ("+vpn ipsec ike-group IKE proposal 1 encryption aes128", "received NO_PROPOSAL_CHOSEN notify error",
     "received proposals unacceptable"),
    ("+vpn ipsec esp-group ESP proposal 1 hash sha512", "received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built",
     "no acceptable proposal found"),
    ("id", "received AUTHENTICATION_FAILED notify error", "no matching peer config found"),
])
def test_what_charon_logs(version: str, change: str, near_says: str, far_says: str) -> None:
    """Both ends begin, so each of them says what the end that begins says, and what the one that answers does."""
    peer = f"vpn ipsec site-to-site peer {HUB['eip'] if version == '1.3' else 'hub'}"
    known = {"key": PSK[version], "id": f"+{peer} authentication {'id' if version == '1.3' else 'local-id'} 10.20.1.99"}
    net, hub, branch = world(version, branch_changes=(known.get(change, change),))
    for end in (hub, branch):
        assert near_says in Simulated(net, end).ipsec_log()
    assert far_says in Simulated(net, branch).ipsec_log()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_peer_that_never_answers(version: str) -> None:
    net, hub, branch = world(version, branch_changes=(
        "-vpn ipsec ipsec-interfaces interface eth0" if version == "1.3" else "-vpn ipsec interface eth0",))
    text = Simulated(net, hub).ipsec_log()
    assert "retransmit 2 of request with message ID 0" in text and "retransmit 3" not in text and "giving up" not in text
    assert Simulated(net, branch).ipsec_log() == show_log.NO_ENTRIES
    net.now += 200
    text = Simulated(net, hub).ipsec_log()
    assert "giving up after 5 retransmits" in text and "peer not responding, trying again (2/0)" in text
    assert text.count("initiating IKE_SA") == 2


def test_an_end_that_nobody_calls_says_only_what_it_began_with() -> None:
    listening = one_begins("1.4", PSK["1.4"])
    assert "tried 1 shared key" not in listening.ipsec_log() and "AUTHENTICATION_FAILED" in listening.ipsec_log()


def test_a_healthy_log_complains_of_nothing() -> None:
    for version in VERSIONS:
        net, hub, _ = world(version)
        text = Simulated(net, hub).ipsec_log()
        assert "established between" in text and "CHILD_SA" in text
        assert not re.search("notify error|mismatched|retransmit|no matching|unacceptable|no CHILD_SA", text)


def test_a_journal() -> None:
    said = [Line(86_461, "IKE", "initiating IKE_SA a[1] to 203.0.113.2", 7), Line(5, "CFG", "loaded")]
    assert show_log.journal(said, is_old=True) == (
        "-- Logs begin at Thu 1970-01-01 00:00:05 UTC, end at Fri 1970-01-02 00:01:01 UTC. --\n"
        "Jan 01 00:00:05 charon[2231]: 05[CFG] loaded\n"
        "Jan 02 00:01:01 charon[2231]: 07[IKE] initiating IKE_SA a[1] to 203.0.113.2\n")
    later = show_log.journal(said, is_old=False).splitlines()
    assert later[1] == "Jan 02 00:01:01 charon-systemd[2231]: initiating IKE_SA a[1] to 203.0.113.2"
    assert show_log.journal([], True) == "-- No entries --\n"


def test_a_real_charons_log_has_vyoss_names() -> None:
    text = ("1732592357 05[IKE] initiating IKE_SA peer-203-0-113-2[1] to 203.0.113.2\n"
            "1732592358 16[IKE] CHILD_SA peer-203-0-113-2-tunnel-vti{1} established\nno line of charon's\n")
    shown = dict.fromkeys(("peer-203-0-113-2", "peer-203-0-113-2-tunnel-vti"), "peer-203.0.113.2-tunnel-vti")
    assert show_log.read(text, shown) == [
        Line(1732592357, "IKE", "initiating IKE_SA peer-203.0.113.2-tunnel-vti[1] to 203.0.113.2", 5),
        Line(1732592358, "IKE", "CHILD_SA peer-203.0.113.2-tunnel-vti{1} established", 16)]


def test_a_description_of_1_3() -> None:
    peer = f"vpn ipsec site-to-site peer {BRANCH['eip']}"
    config = configure("1.3", [*lines("1.3", HUB, BRANCH), f"{peer} description main"])
    assert "\n    Description: main\n\n    State " in show_ike.old(router("1.3", HUB, config), [])
