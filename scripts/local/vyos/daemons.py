"""The router's daemons: strongSwan and FRR, started at boot and given what a commit changes."""

from .machine import Failed, Machine
from . import frr, kernel, swanctl
from .model import Router

CHARON, ZEBRA, BGPD = "/usr/lib/ipsec/charon", "/usr/lib/frr/zebra", "/usr/lib/frr/bgpd"
PLUGINS = ("random nonce aes des sha1 sha2 md5 hmac kdf gmp curve25519 openssl "
           "kernel-libipsec kernel-netlink socket-default vici")
# ESP in user space, for a kernel may have none. Its routes go into a table that nothing gets to: the
# router's own decide. It may protect everything, its peer's address too.
STRONGSWAN = f"""charon {{
  load_modular = no
  load = {PLUGINS}
  routing_table = 220
  routing_table_prio = 40000
  plugins {{
    kernel-libipsec {{
      allow_peer_ts = yes
    }}
  }}
  syslog {{
    daemon {{
      default = -1
    }}
  }}
  filelog {{
    stdout {{
      default = 1
      flush_line = yes
      time_format = %H:%M:%S
    }}
  }}
}}
"""
# Each daemon finds its files where it always does, and only its own router's. FRR asks for a group.
PREPARE = f"""set -e
mkdir -p /run/own/frr /run/own/swanctl /run/frr
for name in x509 x509ca x509ocsp x509aa x509ac x509crl pubkey private rsa ecdsa bliss pkcs8 pkcs12; do
  mkdir /run/own/swanctl/$name
done
touch /run/own/frr/vtysh.conf /run/own/frr/zebra.conf /run/own/frr/bgpd.conf
cat >/run/own/strongswan.conf
printf 'root:x:0:\\nfrr:x:1:root\\nfrrvty:x:2:root\\n' >/run/own/group
mount --bind /run/own/group /etc/group
mount --bind /run/own/frr /etc/frr
mount --bind /run/own/swanctl /etc/swanctl
mount --bind /run/own/strongswan.conf /etc/strongswan.conf
sysctl -qw net.ipv4.ip_forward=1"""
TAKE_TUN = f"""set -e
ip link set {kernel.STAND_IN} down
ip link set {kernel.STAND_IN} name {kernel.SPARE}
ip tuntap add dev {kernel.STAND_IN} mode tun
ip link set {kernel.STAND_IN} up"""
AS_ROOT = ("-u", "root", "-g", "root", "-A", "127.0.0.1")
SWANCTL_CONF, FRR_CONF = "/etc/swanctl/swanctl.conf", "/run/own/commands"
WRITE = 'umask 077; cat >"$1"'


def start(machine: Machine) -> None:
    """What runs on a router before anything is configured."""
    machine.do("sh", "-c", PREPARE, stdin=STRONGSWAN)
    machine.start("charon", ["/run/charon.vici"], CHARON)
    machine.do("sh", "-c", TAKE_TUN)
    machine.start("zebra", ["/run/frr/zebra.vty", "/run/frr/zserv.api"], ZEBRA, *AS_ROOT)
    machine.start("bgpd", ["/run/frr/bgpd.vty"], BGPD, *AS_ROOT)


def load_vpn(machine: Machine, old: Router, new: Router) -> None:
    """Make strongSwan's connections those of the configuration."""
    before, after = swanctl.render(old), swanctl.render(new)
    if before == after:
        return
    machine.do("sh", "-c", WRITE, "sh", SWANCTL_CONF, stdin=after)
    loaded = machine.run("swanctl", "--load-all", "--noprompt")
    # it ends with 0 even when it can't read the file
    if loaded.status != 0 or "invalid config file" in loaded.err:
        raise Failed(_last_words(loaded.err or loaded.out))
    kept = {peer.name for peer in new.peers()} if after else set()
    for peer in old.peers() if before else []:
        if peer.name not in kept:
            machine.run("swanctl", "--terminate", "--force", "--timeout", "1", "--ike", swanctl.names(old, peer.name)[0])


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
