"""`show vpn ipsec sa` and `show vpn ipsec connections`."""

from typing import NamedTuple

from .model import Router
from .network import Tunnel, World
from .table import human_time, simple

SA_HEADERS = ["Connection", "State", "Uptime", "Bytes In/Out", "Packets In/Out", "Remote address", "Remote ID", "Proposal"]
CONNECTION_HEADERS = ["Connection", "State", "Type", "Remote address", "Local TS", "Remote TS", "Local id", "Remote id", "Proposal"]
DIGESTS = {"sha1": "HMAC_SHA1_96", "sha256": "HMAC_SHA2_256_128", "sha384": "HMAC_SHA2_384_192", "sha512": "HMAC_SHA2_512_256"}
GROUPS = {"2": "MODP_1024", "5": "MODP_1536", "14": "MODP_2048", "15": "MODP_3072", "16": "MODP_4096",
          "19": "ECP_256", "20": "ECP_384", "21": "ECP_521"}
KEEPALIVE_BYTES = 60
ANYWHERE = ["0.0.0.0/0", "::/0"]


class Association(NamedTuple):
    """A row of `show vpn ipsec sa`; one that is down says no more than that."""

    connection: str
    is_up: bool
    seconds: float = 0
    bytes_in: int = 0
    bytes_out: int = 0
    packets_in: int = 0
    packets_out: int = 0
    remote_address: str = ""
    remote_id: str = ""
    proposal: str = ""


class Connection(NamedTuple):
    """The two rows of `show vpn ipsec connections` about one peer."""

    name: str
    child: str
    ike_is_up: bool
    child_is_up: bool
    kind: str
    remote_address: str
    local_id: str
    remote_id: str
    local_networks: list[str]
    remote_networks: list[str]
    ike_proposal: str
    child_proposal: str


def not_running(is_old: bool) -> str:
    return "IPSec Process NOT Running\n\n" if is_old else "IPsec process not running\n"


def format_sa(rows: list[Association]) -> str:
    return simple(SA_HEADERS, [_sa_cells(row) for row in rows])


def format_connections(connections: list[Connection]) -> str:
    cells = []
    for c in connections:
        ids = [c.local_id, c.remote_id]
        cells.append([c.name, "up" if c.ike_is_up else "down", c.kind, c.remote_address, "-", "-", *ids, c.ike_proposal])
        cells.append([c.child, "up" if c.child_is_up else "down", "IPsec", c.remote_address,
                      "\n".join(c.local_networks), "\n".join(c.remote_networks), *ids, c.child_proposal])
    return simple(CONNECTION_HEADERS, cells)


def sa(world: World, near: Router) -> str:
    """The simulated SAs that are up; an end without one has no row."""
    if not near.has_ipsec():
        return not_running(near.is_old)
    rows = []
    for tunnel in world.tunnels(near):
        # 1.4 lists every child SA: two, where both ends have initiated; only one carries traffic.
        if not near.is_old and tunnel.peer.initiates and tunnel.far_peer.initiates:
            rows.append(_association(world, near, tunnel, 0))
        rows.append(_association(world, near, tunnel, 8 + int(world.now - tunnel.since)))
    return format_sa(rows)


def connections(world: World, near: Router) -> str:
    """1.4 and later: every configured connection, up or down, its IKE SA and its child."""
    rows = []
    for peer in near.peers():
        tunnel = world.tunnel(near, peer)
        kind = {"ikev1": "IKEv1", "ikev2": "IKEv2"}.get(peer.key_exchange, "IKEv1/2")
        rows.append(Connection(
            peer.name, f"{peer.name}-vti", tunnel is not None, tunnel is not None, kind, peer.address,
            peer.local_id, peer.remote_id, ANYWHERE, ANYWHERE,
            _ike_proposal(tunnel) if tunnel else "-", _esp_proposal(tunnel, "/", "/None") if tunnel else "-"))
    return format_connections(rows)


def _sa_cells(row: Association) -> list[str]:
    if not row.is_up:
        return [row.connection, "down", *["N/A"] * 6]
    return [row.connection, "up", human_time(row.seconds),
            f"{_human(row.bytes_in, 1024)}/{_human(row.bytes_out, 1024)}",
            f"{_human(row.packets_in, 1000).rstrip('B')}/{_human(row.packets_out, 1000).rstrip('B')}",
            row.remote_address, "N/A" if row.remote_id == row.remote_address else row.remote_id, row.proposal]


def _association(world: World, near: Router, tunnel: Tunnel, packets: int) -> Association:
    peer = tunnel.peer
    size = packets * KEEPALIVE_BYTES
    name = f"peer-{peer.address}-tunnel-vti" if near.is_old else f"{peer.name}-vti"
    return Association(name, True, world.now - tunnel.since, size, size, packets, packets,
                       peer.address, peer.remote_id, _esp_proposal(tunnel, "_", ""))


def _human(count: int, step: int) -> str:
    """Whole steps, as VyOS rounds them: down."""
    for unit, size in (("G", step ** 3), ("M", step ** 2), ("K", step)):
        if count >= size:
            return f"{count // size}{unit}"
    return f"{count}B"


def _cipher(name: str, separator: str) -> str:
    length = name.removeprefix("aes")[:3]
    return f"AES_CBC{separator}{length}" if name == f"aes{length}" else name.upper()


def _esp_proposal(tunnel: Tunnel, separator: str, end: str) -> str:
    cipher, digest = min(tunnel.peer.esp & tunnel.far_peer.esp)
    return f"{_cipher(cipher, separator)}/{DIGESTS.get(digest, digest.upper())}{end}"


def _ike_proposal(tunnel: Tunnel) -> str:
    cipher, digest, group = min(tunnel.peer.ike & tunnel.far_peer.ike)
    return f"{_cipher(cipher, '/')}/{DIGESTS.get(digest, digest.upper())}/{GROUPS.get(group, 'GROUP_' + group)}"
