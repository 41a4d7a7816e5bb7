"""Shared pieces: routers as data, and one real host sandbox with a real image in it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local import image
from local.fleet.sandbox import Sandbox
from local.vyos import tree
from local.vyos.grammar import Grammar
from local.vyos.model import Router
from local.vyos.network import World

from . import programs
from .machines import Machines

HUB = {"name": "hub", "eip": "203.0.113.1", "private": "10.10.1.10", "vti": "169.254.100.1", "asn": 65001, "loopback": "10.255.0.1"}
BRANCH = {"name": "branch", "eip": "203.0.113.2", "private": "10.20.1.10", "vti": "169.254.100.2", "asn": 65002, "loopback": "10.255.1.1"}
COMMITTED = 1000.0
LATER = COMMITTED + 16


def lines(version: str, near: dict[str, Any], far: dict[str, Any]) -> list[str]:
    """The whole configuration of one end of a tunnel, which ends there in vti0 unless the end says otherwise."""
    old, vti = version == "1.3", near.get("interface", "vti0")
    peer = f"vpn ipsec site-to-site peer {far['eip'] if old else far['name']}"
    bgp = f"protocols bgp {near['asn']}" if old else "protocols bgp"
    common = [
        "interfaces ethernet eth0 address dhcp", "interfaces ethernet eth0 description OUTSIDE",
        "interfaces ethernet eth1 description INSIDE",
        f"interfaces vti {vti} address {near['vti']}/30", f"interfaces loopback lo address {near['loopback']}/32",
        "vpn ipsec esp-group ESP lifetime 3600", "vpn ipsec esp-group ESP pfs dh-group14",
        "vpn ipsec esp-group ESP proposal 1 encryption aes256", "vpn ipsec esp-group ESP proposal 1 hash sha256",
        "vpn ipsec ike-group IKE key-exchange ikev2", "vpn ipsec ike-group IKE proposal 1 dh-group 14",
        "vpn ipsec ike-group IKE proposal 1 encryption aes256", "vpn ipsec ike-group IKE proposal 1 hash sha256",
        f"{peer} authentication mode pre-shared-secret", f"{peer} authentication remote-id {far['private']}",
        f"{peer} connection-type initiate", f"{peer} ike-group IKE", f"{peer} local-address {near['private']}",
        f"{peer} vti bind {vti}", f"{peer} vti esp-group ESP",
        f"{bgp} neighbor {far['vti']} remote-as {far['asn']}", f"{bgp} neighbor {far['vti']} ebgp-multihop 2",
        f"{bgp} neighbor {far['vti']} update-source {near['vti']}", f"{bgp} parameters router-id {near['loopback']}",
        f"{bgp} address-family ipv4-unicast network {near['loopback']}/32",
    ]
    if old:
        return common + ["vpn ipsec ipsec-interfaces interface eth0", f"{peer} authentication id {near['private']}",
                         f"{peer} authentication pre-shared-secret same-key"]
    return common + [
        "vpn ipsec interface eth0", f"{peer} authentication local-id {near['private']}", f"{peer} remote-address {far['eip']}",
        f"vpn ipsec authentication psk K id {near['private']}", f"vpn ipsec authentication psk K id {far['private']}",
        "vpn ipsec authentication psk K secret same-key",
        f"{bgp} system-as {near['asn']}", f"{bgp} neighbor {far['vti']} address-family ipv4-unicast"]


def configure(version: str, paths: list[str]) -> tree.Tree:
    """A tree from lines, every one of them accepted by the grammar."""
    grammar, config = Grammar(version), {}
    for path in paths:
        grammar.check(path.split())
        tree.insert(grammar, config, path.split())
    return config


def router(version: str, end: dict[str, Any], config: tree.Tree) -> Router:
    cards = {"eth0": {"id": f"eni-{end['name']}", "mac": "02:00:00:00:00:01", "address": f"{end['private']}/24"},
             "eth1": {"id": f"eni-{end['name']}-in", "mac": "02:00:00:00:00:02", "address": "10.99.0.5/24"}}
    return Router({"version": version, "cards": cards, "tree": config, "changed": dict.fromkeys(config, COMMITTED)})


Changes = tuple[str, ...]


def world(version: str, hub_changes: Changes = (), branch_changes: Changes = (), now: float = LATER) -> tuple[World, Router, Router]:
    """Two ends, each with changes: "+line" adds one, "-line" takes one away."""
    ends = []
    for near, far, changes in ((HUB, BRANCH, hub_changes), (BRANCH, HUB, branch_changes)):
        config = configure(version, lines(version, near, far) + [c[1:] for c in changes if c[0] == "+"])
        for change in changes:
            if change[0] == "-":
                assert tree.remove(config, change[1:].split()), f"{change} takes nothing away"
        ends.append(router(version, near, config))
    elastic_ips = {end["eip"]: f"eni-{end['name']}" for end in (HUB, BRANCH)}
    return World(ends, elastic_ips, now), ends[0], ends[1]


Shell = Callable[..., "subprocess.CompletedProcess[str]"]
FOOTER = '// vyos-config-version: "interfaces@22:system@21"'
SNAPS = "snap wait system seed.loaded && snap install lxd >/dev/null && "
PRESEED = """lxd init --preseed <<'EOF'
storage_pools: [{name: default, driver: dir}]
profiles: [{name: default, devices: {root: {path: /, pool: default, type: disk}}}]
EOF
"""


def fresh_host(folder: Path) -> Sandbox:
    """A freshly booted host with its three cards."""
    (folder / "wire").mkdir(parents=True)
    sandbox = Sandbox("host", folder / "host", folder / "wire")
    sandbox.prepare()
    cards = {f"ens{n}": {"id": f"eni-{n}", "mac": f"02:00:00:00:00:0{n}", "address": f"10.0.{n}.10/24"} for n in (5, 6, 7)}
    sandbox.give_cards(cards)
    return sandbox


def shell_of(host: Sandbox) -> Shell:
    """Runs a bash text on a host, as root there."""
    def run(text: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        script = host.root / "tmp/test.sh"
        script.write_text('#!/bin/bash\nexport PATH="$PATH:/snap/bin"\n' + text + "\n")
        script.chmod(0o700)
        return subprocess.run(host.command(["/tmp/test.sh"], environment), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False)
    return run


@pytest.fixture()
def host(tmp_path: Path) -> Sandbox:
    return fresh_host(tmp_path)


@pytest.fixture()
def sh(host: Sandbox) -> Shell:
    return shell_of(host)


def install_lxd(host: Sandbox, version: str = "1.3") -> Shell:
    """A host with LXD, its preseed and the image file /tmp/vyos.tar.gz."""
    image.build(host.root / "tmp/vyos.tar.gz", version)
    shell = shell_of(host)
    answer = shell(SNAPS + PRESEED)
    assert answer.returncode == 0, answer.stderr
    return shell


@pytest.fixture()
def lxd(host: Sandbox) -> Shell:
    return install_lxd(host)


def router_host_of(folder: Path, version: str) -> Shell:
    """A host whose container `router` has the image's VyOS in it."""
    shell = install_lxd(fresh_host(folder), version)
    answer = shell("""set -e
lxc image import /tmp/vyos.tar.gz --alias vyos
lxc init vyos router
lxc config device add router eth0 nic nictype=physical parent=ens6 name=eth0""")
    assert answer.returncode == 0, answer.stderr
    return shell


def vbash_on(router_host: Shell) -> Shell:
    """Runs a vbash text in the freshly booted router of a host, of which nothing is ours yet, under the group vyattacfg."""
    booted = router_host(f"""lxc stop router 2>/dev/null
printf 'system {{\n    host-name r\n}}\n{FOOTER}\n' >/tmp/config.boot
lxc file push /tmp/config.boot router/opt/vyatta/etc/config/config.boot
lxc start router
lxc exec router -- sh -c 'rm -f /config/sdwan-*'""")
    assert booted.returncode == 0, booted.stderr

    def run(text: str, group: str = "sg vyattacfg -c", **environment: str) -> "subprocess.CompletedProcess[str]":
        return router_host(f"""cat >/tmp/t.vbash <<'END-OF-VBASH'
#!/bin/vbash
source /opt/vyatta/etc/functions/script-template
{text}
END-OF-VBASH
lxc file push --mode=0700 /tmp/t.vbash router/tmp/t.vbash
lxc exec router -- {group} "/bin/vbash /tmp/t.vbash" """, **environment)

    return run


@pytest.fixture(scope="session")
def router_host(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    return router_host_of(tmp_path_factory.mktemp("router"), "1.3")


@pytest.fixture()
def vbash(router_host: Shell) -> Shell:
    """VyOS 1.3's."""
    return vbash_on(router_host)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """The state machines in the emulators, with stubs for the functions."""
    with programs.started() as daemons:
        yield Machines(tmp_path_factory.mktemp("machines"), daemons)
