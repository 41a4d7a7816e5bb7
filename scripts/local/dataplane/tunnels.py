"""One charon for each VTI, in a network namespace of its own below the router's.

charon's user-space ESP has one device, and tells packets apart by their addresses only. So every VTI gets a
charon, whose device is moved up to the router and named after the VTI. The router hands the peer's IKE and ESP
(UDP 500 and 4500) down to that charon, which has the router's own outside address.
"""

from ..vyos.machine import Answer
from .namespace import Namespace

CHARON = "/usr/lib/ipsec/charon"
# ESP in user space, for a kernel may have none. Its routes go into a table that nothing gets to: the
# router's own decide. It may protect everything, its peer's address too.
STRONGSWAN = """charon {
  load_modular = no
  load = random nonce aes des sha1 sha2 md5 hmac kdf gmp curve25519 openssl kernel-libipsec kernel-netlink socket-default vici updown
  routing_table = 220
  routing_table_prio = 40000
  plugins {
    kernel-libipsec {
      allow_peer_ts = yes
    }
    vici {
      socket = unix://@SOCKET@
    }
  }
  syslog {
    daemon {
      default = -1
    }
  }
  filelog {
    stdout {
      default = 1
      flush_line = yes
      time_format = %H:%M:%S
    }
    journal {
      path = /run/own/@VTI@.log
      default = 1
      flush_line = yes
      time_format = %s
    }
  }
}
"""
# The device of charon's ESP takes 1,400 bytes and no more, which is written into the program, and a tunnel over 1,500
# takes 1,422. So a router's charon gets a copy of the plugin with 1,500 there: on x86-64 `mov $1400, %esi`, on arm64
# `mov w1, #1400`.
PLUGIN = "/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so"
WIDEN = f"""LC_ALL=C sed -e 's/\\xbe\\x78\\x05\\x00\\x00/\\xbe\\xdc\\x05\\x00\\x00/' \\
  -e 's/\\x01\\xaf\\x80\\x52/\\x81\\xbb\\x80\\x52/' {PLUGIN} >/run/own/libipsec.so
if cmp -s {PLUGIN} /run/own/libipsec.so; then
  echo "this strongSwan's tunnels stay at 1400 bytes: {PLUGIN} is an unknown one" >&2
  exit 1
fi
mount --bind /run/own/libipsec.so {PLUGIN}"""
TUNNEL_MTU = 1422
LOWER_MAC, UPPER_MAC, UPPER = "02:00:5e:00:00:01", "02:00:5e:00:00:02", "192.0.2.1"
# The router's own address must be looked up after the rules that hand a peer's packets down.
PREPARE = f"""ip rule add pref 32000 lookup local 2>/dev/null || ip rule show pref 32000 | grep -q local
ip rule del pref 0 2>/dev/null || true
touch /run/own/net
mountpoint -q /run/own/net || mount --bind /proc/self/ns/net /run/own/net
if ! mountpoint -q {PLUGIN}; then
{WIDEN}
fi"""
WRITE_HOOK = "cat >/run/own/updown && chmod 700 /run/own/updown"
MAKE = f"""set -e
cat >/run/own/$1.conf
ip netns add $1
ip link add down-$1 address {UPPER_MAC} type veth peer name outside address {LOWER_MAC} netns $1
sysctl -qw net.ipv4.conf.down-$1.accept_local=1 net.ipv4.conf.down-$1.rp_filter=0
ip link set down-$1 up
ip -netns $1 link set lo up
ip -netns $1 link set outside up
ip -netns $1 neigh add {UPPER} lladdr {UPPER_MAC} dev outside
ip -netns $1 route add default via {UPPER} dev outside onlink"""
# charon goes on looking for its device by the old name.
TAKE_DEVICE = """set -e
rm -f /run/charon.pid
[ -e /run/charon.vici ] || ln -s /run/$1.vici /run/charon.vici
ip -netns $1 link set ipsec0 down
ip -netns $1 link set ipsec0 netns $$ name $1
ip -netns $1 tuntap add dev ipsec0 mode tun
ip -netns $1 link set ipsec0 up"""
# VyOS's own hook: a VTI is down until it has an SA, and when it has none any more. 1.3 looks whether a child is left,
# later releases lower it when any child goes. One that is disabled stays down. Afterwards: charon waits for the hook,
# and so can't answer it.
HOOK = """#!/bin/sh
link() { nsenter --net=/run/own/net ip link set "$1" "$2"; }
case $PLUTO_VERB in
  up-client* | up-host*) [ -e "/run/own/$1.disabled" ] || link "$1" up ;;
  down-client* | down-host*)
    [ "$2" = 1.3 ] || { link "$1" down; exit; }
    { swanctl --list-sas --raw --uri "unix:///run/$1.vici" | grep -q state=INSTALLED || link "$1" down; } >/dev/null 2>&1 & ;;
esac
"""
UPDOWN = "/run/own/updown"
READ_LOGS = "cat /run/own/vti*.log"
# Whatever of a VTI is there, also of one that was only half made.
CLEAR = """! [ -e /run/netns/$1 ] || ip netns del $1
for link in $1 down-$1; do ! ip link show $link >/dev/null 2>&1 || ip link del $link; done
while ip rule del pref $2 2>/dev/null; do :; done
rm -f /run/own/$1.* /run/$1.vici /run/charon.pid
[ -e /run/charon.vici ] || rm -f /run/charon.vici"""
# Where its address goes for a moment only, charon looks for another way to its peers.
HAND_DOWN = f"""set -e
while ip rule del pref $2 2>/dev/null; do :; done
if ! ip -netns $1 addr show dev outside | grep -q " $3/32 "; then
  ip -netns $1 addr flush dev outside
  ip -netns $1 addr add $3/32 dev outside
  ip -netns $1 route replace default via {UPPER} dev outside onlink
fi
ip neigh replace $3 lladdr {LOWER_MAC} dev down-$1
ip route replace $3/32 dev down-$1 table $2
ip rule add pref $2 from $4 to $3 ipproto udp dport 500 lookup $2
ip rule add pref $2 from $4 to $3 ipproto udp dport 4500 lookup $2"""


def socket(vti: str) -> str:
    return f"/run/{vti}.vici"


def connections(vti: str) -> str:
    """The file of a VTI's connections."""
    return f"/run/own/{vti}.swanctl"


def make(space: Namespace, vti: str) -> None:
    """A VTI that leads nowhere yet, in place of what there may be of it."""
    remove(space, vti)
    space.script(MAKE, vti, stdin=STRONGSWAN.replace("@SOCKET@", socket(vti)).replace("@VTI@", vti))
    space.start(_daemon(vti), ["nsenter", f"--net=/run/netns/{vti}", "env", f"STRONGSWAN_CONF=/run/own/{vti}.conf", CHARON],
                [socket(vti)])
    space.script(TAKE_DEVICE, vti)


def remove(space: Namespace, vti: str) -> None:
    """End its charon; the device goes with it."""
    space.end(_daemon(vti))
    space.script(CLEAR, vti, _table(vti))


def is_whole(space: Namespace, vti: str) -> bool:
    """Whether its charon runs."""
    return space.runs(_daemon(vti))


def hand_down(space: Namespace, vti: str, local: str, peer: str) -> None:
    """Let the charon of a VTI have what a peer sends to the router's address `local`."""
    space.script(HAND_DOWN, vti, _table(vti), local, peer)


def swanctl(space: Namespace, vti: str, *words: str) -> Answer:
    """strongSwan's control program, with the charon of a VTI."""
    return space.run(["swanctl", *words, "--uri", f"unix://{socket(vti)}"])


def _daemon(vti: str) -> str:
    return f"charon-{vti}"


def _table(vti: str) -> str:
    return str(1000 + int(vti.removeprefix("vti")))
