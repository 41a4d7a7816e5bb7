"""`show vpn ipsec sa` and `show vpn ipsec connections`."""

from .model import Router
from .network import Tunnel, World
from .table import human_time, simple

SA_HEADERS = ["Connection", "State", "Uptime", "Bytes In/Out", "Packets In/Out", "Remote address", "Remote ID", "Proposal"]
CONNECTION_HEADERS = ["Connection", "State", "Type", "Remote address", "Local TS", "Remote TS", "Local id", "Remote id", "Proposal"]
DIGESTS = {"sha1": "HMAC_SHA1_96", "sha256": "HMAC_SHA2_256_128", "sha384": "HMAC_SHA2_384_192", "sha512": "HMAC_SHA2_512_256"}
GROUPS = {"2": "MODP_1024", "5": "MODP_1536", "14": "MODP_2048", "15": "MODP_3072", "16": "MODP_4096",
          "19": "ECP_256", "20": "ECP_384", "21": "ECP_521"}
KEEPALIVE_BYTES = 60


def sa(world: World, near: Router) -> str:
    """The SAs that are up; an end without one has no row."""
    if not near.has_ipsec():
        return "IPSec Process NOT Running\n\n" if near.is_old else "IPsec process not running\n"
    rows = []
    for tunnel in world.tunnels(near):
        # 1.4 lists every child SA: two, where both ends have initiated; only one carries traffic.
        if not near.is_old and tunnel.peer.initiates and tunnel.far_peer.initiates:
            rows.append(_sa_row(world, near, tunnel, 0))
        rows.append(_sa_row(world, near, tunnel, 8 + int(world.now - tunnel.since)))
    return simple(SA_HEADERS, rows)


def connections(world: World, near: Router) -> str:
    """1.4 and later: every configured connection, up or down, its IKE SA and its child."""
    rows = []
    for peer in near.peers():
        tunnel = world.tunnel(near, peer)
        state = "up" if tunnel else "down"
        ike = _ike_proposal(tunnel) if tunnel else "-"
        esp = _esp_proposal(tunnel, "/", "/None") if tunnel else "-"
        kind = {"ikev1": "IKEv1", "ikev2": "IKEv2"}.get(peer.key_exchange, "IKEv1/2")
        ids = [peer.local_id, peer.remote_id]
        rows.append([peer.name, state, kind, peer.address, "-", "-", *ids, ike])
        rows.append([f"{peer.name}-vti", state, "IPsec", peer.address, "0.0.0.0/0\n::/0", "0.0.0.0/0\n::/0", *ids, esp])
    return simple(CONNECTION_HEADERS, rows)


def _sa_row(world: World, near: Router, tunnel: Tunnel, packets: int) -> list[str]:
    peer = tunnel.peer
    name = f"peer-{peer.address}-tunnel-vti" if near.is_old else f"{peer.name}-vti"
    size = _human_bytes(packets * KEEPALIVE_BYTES)
    return [name, "up", human_time(world.now - tunnel.since), f"{size}/{size}", f"{packets}/{packets}",
            peer.address, peer.remote_id, _esp_proposal(tunnel, "_", "")]


def _human_bytes(count: int) -> str:
    return f"{count // 1024}K" if count >= 1024 else f"{count}B"


def _cipher(name: str, separator: str) -> str:
    length = name.removeprefix("aes")[:3]
    return f"AES_CBC{separator}{length}" if name == f"aes{length}" else name.upper()


def _esp_proposal(tunnel: Tunnel, separator: str, end: str) -> str:
    cipher, digest = min(tunnel.peer.esp & tunnel.far_peer.esp)
    return f"{_cipher(cipher, separator)}/{DIGESTS.get(digest, digest.upper())}{end}"


def _ike_proposal(tunnel: Tunnel) -> str:
    cipher, digest, group = min(tunnel.peer.ike & tunnel.far_peer.ike)
    return f"{_cipher(cipher, '/')}/{DIGESTS.get(digest, digest.upper())}/{GROUPS.get(group, 'GROUP_' + group)}"
