"""What the strongSwan of a simulated router would list on its control socket (show_ipsec.py)."""

from typing import Any

from . import foreign, marks
from .agreement import Stage
from .model import Peer, Router
from .network import World
from .show_ipsec import Listed

DIGESTS = {"sha1": "HMAC_SHA1_96", "sha256": "HMAC_SHA2_256_128", "sha384": "HMAC_SHA2_384_192", "sha512": "HMAC_SHA2_512_256"}
GROUPS = {"2": "MODP_1024", "5": "MODP_1536", "14": "MODP_2048", "15": "MODP_3072", "16": "MODP_4096",
          "19": "ECP_256", "20": "ECP_384", "21": "ECP_521"}
VERSIONS = {"ikev1": "IKEv1", "ikev2": "IKEv2"}
ANYWHERE = ["0.0.0.0/0", "::/0"]
KEEPALIVE_BYTES = 60
IKE_SECONDS = 28_800


def names(router: Router, peer: Peer) -> tuple[str, str]:
    """A connection's name and its child's: 1.3 has one for both."""
    old = f"peer-{peer.address}-tunnel-vti"
    return (old, old) if router.is_old else (peer.name, f"{peer.name}-vti")


def conns(world: World, near: Router) -> Listed:
    listed: Listed = []
    for peer in near.peers():
        name, child = names(near, peer)
        listed.append((name, {
            "version": VERSIONS.get(peer.key_exchange, "IKEv1/2"), "remote_addrs": [peer.address],
            "local-1": {"id": peer.local_id}, "remote-1": {"id": peer.remote_id},
            "children": {child: {"local-ts": ANYWHERE, "remote-ts": ANYWHERE}}}))
    return listed + (foreign.conns(near.is_old) if world.has(near, marks.FOREIGN) else [])


def sas(world: World, near: Router) -> Listed:
    listed: Listed = []
    for peer in near.peers():
        listed += [(names(near, peer)[0], sa) for sa in _of_peer(world, near, peer)]
    return listed + (foreign.sas(near.is_old) if world.has(near, marks.FOREIGN) else [])


def _of_peer(world: World, near: Router, peer: Peer) -> list[dict[str, Any]]:
    meeting = world.meet(near, peer)
    if meeting.stage is Stage.UNREACHABLE and peer.initiates and near.outside():
        return [_ike(near, peer) | {"state": "CONNECTING"}]
    if meeting.far is None or meeting.far_peer is None or meeting.stage < Stage.NO_CHILD:
        return []
    age = world.now - world.agreed(near, meeting.far)
    agreed = _ike(near, peer) | proposal(*min(peer.ike & meeting.far_peer.ike)) | {
        "state": "ESTABLISHED", "remote-id": peer.remote_id, "local-id": peer.local_id,
        "established": str(int(age)), "rekey-time": str(max(IKE_SECONDS - 900 - int(age), 0))}
    tunnel = world.tunnel(near, peer)
    if tunnel is None:
        return [agreed] if meeting.stage is Stage.NO_CHILD else []
    seconds = world.now - tunnel.since
    full = agreed | {"child-sas": {"1": _child(near, peer, meeting.far_peer, seconds, 8 + int(seconds))}}
    if world.has(near, marks.TWO_IKE_SAS):
        # 1.3 shows the last, later releases the first
        return [full, agreed] if near.is_old else [agreed, full]
    if peer.initiates and meeting.far_peer.initiates:
        # only one of the two carries traffic
        return [agreed | {"child-sas": {"1": _child(near, peer, meeting.far_peer, seconds, 0)}}, full]
    return [full]


def _ike(near: Router, peer: Peer) -> dict[str, Any]:
    version = "1" if peer.key_exchange == "ikev1" else "2"
    return {"version": version, "local-host": near.outside(), "remote-host": peer.address, "local-id": "%any", "remote-id": "%any",
            # both ends are behind the NAT of their Elastic IPs
            "nat-local": "yes", "child-sas": {}}


def proposal(cipher: str, digest: str, group: str) -> dict[str, str]:
    """An IKE SA's algorithms in strongSwan's words."""
    return {**_cipher(cipher), "integ-alg": DIGESTS.get(digest, digest.upper()), "dh-group": GROUPS.get(group, f"GROUP_{group}")}


def _cipher(name: str) -> dict[str, str]:
    length = name.removeprefix("aes")[:3]
    return {"encr-alg": "AES_CBC", "encr-keysize": length} if name == f"aes{length}" else {"encr-alg": name.upper()}


def _child(near: Router, peer: Peer, far_peer: Peer, seconds: float, packets: int) -> dict[str, str]:
    """A child that was made with its IKE SA: it has no Diffie-Hellman group of its own."""
    cipher, digest = min(peer.esp & far_peer.esp)
    size = str(packets * KEEPALIVE_BYTES)
    return {"name": names(near, peer)[1], "state": "INSTALLED", "install-time": str(int(seconds)),
            "bytes-in": size, "bytes-out": size, "packets-in": str(packets), "packets-out": str(packets),
            **_cipher(cipher), "integ-alg": DIGESTS.get(digest, digest.upper())}
