"""The router's daemons: strongSwan and FRR, started at boot and given what a commit changes."""

from . import frr, swanctl, tunnels
from .machine import Failed, Machine
from .model import Router

ZEBRA, BGPD = "/usr/lib/frr/zebra", "/usr/lib/frr/bgpd"
# Each daemon finds its files where it always does, and only its own router's. FRR asks for a group.
PREPARE = f"""set -e
mkdir -p /run/own/frr /run/own/swanctl /run/frr
for name in x509 x509ca x509ocsp x509aa x509ac x509crl pubkey private rsa ecdsa bliss pkcs8 pkcs12; do
  mkdir /run/own/swanctl/$name
done
touch /run/own/frr/vtysh.conf /run/own/frr/zebra.conf /run/own/frr/bgpd.conf
printf 'root:x:0:\\nfrr:x:1:root\\nfrrvty:x:2:root\\n' >/run/own/group
mount --bind /run/own/group /etc/group
mount --bind /run/own/frr /etc/frr
mount --bind /run/own/swanctl /etc/swanctl
sysctl -qw net.ipv4.ip_forward=1
{tunnels.PREPARE}"""
AS_ROOT = ("-u", "root", "-g", "root", "-A", "127.0.0.1")
FRR_CONF = "/run/own/commands"
WRITE = 'umask 077; cat >"$1"'


def start(machine: Machine) -> None:
    """What runs on a router before anything is configured."""
    machine.do("sh", "-c", PREPARE)
    machine.do("sh", "-c", tunnels.WRITE_HOOK, stdin=tunnels.HOOK)
    machine.start("zebra", ["/run/frr/zebra.vty", "/run/frr/zserv.api"], ZEBRA, *AS_ROOT)
    machine.start("bgpd", ["/run/frr/bgpd.vty"], BGPD, *AS_ROOT)


def load_vpn(machine: Machine, old: Router, new: Router) -> None:
    """Make the connections of every VTI's strongSwan those of the configuration."""
    existed = set(tunnels.of(old))
    for vti in tunnels.of(new):
        before, after = swanctl.render(old, vti) if vti in existed else "", swanctl.render(new, vti)
        if before != after:
            _load_vti(machine, old, new, vti, after)


def _load_vti(machine: Machine, old: Router, new: Router, vti: str, text: str) -> None:
    peers = [peer for peer in new.peers() if peer.interface == vti] if text else []
    for peer in peers:
        tunnels.hand_down(machine, new, peer)
    file = tunnels.connections(vti)
    draft = f"{file}.new"
    machine.do("sh", "-c", WRITE, "sh", draft, stdin=text)
    loaded = tunnels.swanctl(machine, vti, "--load-all", "--noprompt", "--file", draft)
    # it ends with 0 even when it can't read the file
    if loaded.status != 0 or "invalid config file" in loaded.err:
        raise Failed(_last_words(loaded.err or loaded.out))
    machine.do("mv", draft, file)
    kept = {peer.name for peer in peers}
    for peer in old.peers():
        if peer.interface == vti and peer.name not in kept:
            tunnels.swanctl(machine, vti, "--terminate", "--force", "--timeout", "1", "--ike", swanctl.names(old, peer.name)[0])


def load_routing(machine: Machine, old: Router, new: Router) -> None:
    """Tell FRR what has changed."""
    change = frr.commands(frr.render(old), frr.render(new))
    if not change:
        return
    machine.do("sh", "-c", WRITE, "sh", FRR_CONF, stdin=change)
    loaded = machine.run("vtysh", "-f", FRR_CONF)
    if loaded.status != 0:
        raise Failed(_last_words(loaded.err + loaded.out))


def _last_words(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines()[-3:])
