"""What runs on a router before anything is configured: FRR's daemons, and what each strongSwan will find."""

from . import tunnels
from .namespace import Namespace

ZEBRA, BGPD = "/usr/lib/frr/zebra", "/usr/lib/frr/bgpd"
# Each daemon finds its files where it always does, and only its own router's. FRR asks for a group. A boot that was
# interrupted is done once more.
PREPARE = """set -e
mkdir -p /run/own/frr /run/own/swanctl /run/frr
for name in x509 x509ca x509ocsp x509aa x509ac x509crl pubkey private rsa ecdsa bliss pkcs8 pkcs12; do
  mkdir -p /run/own/swanctl/$name
done
touch /run/own/frr/vtysh.conf /run/own/frr/zebra.conf /run/own/frr/bgpd.conf
printf 'root:x:0:\\nfrr:x:1:root\\nfrrvty:x:2:root\\n' >/run/own/group
own() { mountpoint -q "$2" || mount --bind "$1" "$2"; }
own /run/own/group /etc/group
own /run/own/frr /etc/frr
own /run/own/swanctl /etc/swanctl
sysctl -qw net.ipv4.ip_forward=1
"""
AS_ROOT = ("-u", "root", "-g", "root", "-A", "127.0.0.1")


def boot(space: Namespace) -> None:
    """From whatever an interrupted boot has left."""
    space.script(PREPARE + tunnels.PREPARE)
    space.script(tunnels.WRITE_HOOK, stdin=tunnels.HOOK)
    space.start("zebra", [ZEBRA, *AS_ROOT], ["/run/frr/zebra.vty", "/run/frr/zserv.api"])
    space.start("bgpd", [BGPD, *AS_ROOT], ["/run/frr/bgpd.vty"])
