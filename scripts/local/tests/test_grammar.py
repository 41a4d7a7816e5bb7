"""What each release's `set` takes: the dialects differ exactly where VyOS's do."""

import pytest

from local.vyos import tree
from local.vyos.grammar import Grammar, Refused

from .conftest import BRANCH, HUB, configure, lines

BOTH, OLD, NEW = ("1.3", "1.4", "1.5"), ("1.3",), ("1.4", "1.5")
DIALECTS = [
    (BOTH, "vpn ipsec options disable-route-autoinstall"),
    (OLD, "vpn ipsec ipsec-interfaces interface eth0"),
    (NEW, "vpn ipsec interface eth0"),
    (OLD, "vpn ipsec site-to-site peer 203.0.113.1 ike-group IKE"),
    (NEW, "vpn ipsec site-to-site peer nv-branch1 ike-group IKE"),
    (NEW, "vpn ipsec site-to-site peer nv-branch1 remote-address 203.0.113.1"),
    (OLD, "vpn ipsec site-to-site peer 203.0.113.1 authentication id 10.0.0.1"),
    (NEW, "vpn ipsec site-to-site peer nv-branch1 authentication local-id 10.0.0.1"),
    (OLD, "vpn ipsec site-to-site peer 203.0.113.1 authentication pre-shared-secret x"),
    (NEW, "vpn ipsec authentication psk k secret x"),
    (OLD, "vpn ipsec esp-group E compression disable"),
    (NEW, "vpn ipsec esp-group E compression"),
    (OLD, "protocols bgp 65001 neighbor 169.254.100.2 remote-as 65002"),
    (NEW, "protocols bgp neighbor 169.254.100.2 remote-as 65002"),
    (NEW, "protocols bgp system-as 65001"),
    (OLD, "protocols bgp 65001 address-family ipv4-unicast network 10.0.0.1/32"),
    (NEW, "protocols bgp address-family ipv4-unicast network 10.0.0.1/32"),
    (NEW, "interfaces vti vti0 ip adjust-mss clamp-mss-to-pmtu"),
    (OLD, "firewall options interface vti0 adjust-mss 1382"),
    (BOTH, "interfaces vti vti0 mtu 1422"),
    (NEW, "interfaces vti vti0 mtu 9001"),
    (BOTH, "vpn ipsec disable-uniqreqids"),
    (OLD, "vpn ipsec site-to-site peer 203.0.113.1 connection-type respond"),
    ((), "vpn ipsec site-to-site peer 203.0.113.1 connection-type none"),
    (NEW, "vpn ipsec site-to-site peer nv-branch1 connection-type none"),
    (OLD, "vpn ipsec ike-group I close-action restart"),
    (NEW, "vpn ipsec ike-group I close-action start"),
    (BOTH, "vpn ipsec ike-group I close-action none"),
    ((), "protocols bgp 65001 network 10.0.0.1/32"),
    ((), "interfaces ethernet wlan0 address dhcp"),
    ((), "interfaces vti vti0 address 169.254.100.0/30"),
    ((), "protocols bgp 65001 address-family ipv4-unicast network 10.0.0.1/24"),
    ((), "vpn ipsec esp-group E lifetime 29"),
    ((), "vpn ipsec ike-group I proposal 1 encryption aes256 x"),
]


@pytest.mark.parametrize("taken, line", DIALECTS)
@pytest.mark.parametrize("version", BOTH)
def test_dialects(version: str, taken: tuple[str, ...], line: str) -> None:
    if version in taken:
        Grammar(version).check(line.split())
    else:
        with pytest.raises(Refused):
            Grammar(version).check(line.split())


@pytest.mark.parametrize("version", BOTH)
def test_config_boot_round_trip(version: str) -> None:
    grammar, config = Grammar(version), configure(version, lines(version, HUB, BRANCH))
    text = tree.render(grammar, config)
    assert tree.has_footer(text) and tree.parse(grammar, text) == (config, [])


def test_one_value_replaces_another_and_several_add_up() -> None:
    config = configure("1.3", ["system host-name a", "system host-name b", "interfaces loopback lo address 10.0.0.1/32",
                               "interfaces loopback lo address 10.0.0.2/32"])
    assert tree.value(config, "system", "host-name") == "b"
    assert set(tree.get(config, "interfaces", "loopback", "lo", "address")) == {"10.0.0.1/32", "10.0.0.2/32"}


def test_a_boot_skips_what_it_does_not_know() -> None:
    config, complaints = tree.parse(Grammar("1.3"), "system {\n    host-name r\n    flux-capacitor on\n}\n")
    assert tree.value(config, "system", "host-name") == "r" and len(complaints) == 1


@pytest.mark.parametrize("footer, known", [
    ('// vyos-config-version: "system@21"', True), ('/* === vyatta-config-version: "system@8" === */', True), ("// Release", False)])
def test_footer(footer: str, known: bool) -> None:
    assert tree.has_footer("system {\n}\n" + footer + "\n") is known


@pytest.mark.parametrize("version", BOTH)
def test_the_commands_shown_are_the_lines_that_were_set(version: str) -> None:
    wanted = [*lines(version, HUB, BRANCH), "vpn ipsec options disable-route-autoinstall"]
    shown = tree.commands(Grammar(version).root, configure(version, wanted)).splitlines()
    assert f"set interfaces vti vti0 address '{HUB['vti']}/30'" in shown
    assert {line.replace("'", "") for line in shown} == {f"set {line}" for line in wanted}
