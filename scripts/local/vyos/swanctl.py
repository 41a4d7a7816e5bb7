"""A committed configuration as strongSwan's connections."""

from .model import Router
from .tree import Tree, get, value

GROUPS = {"1": "modp768", "2": "modp1024", "5": "modp1536", "14": "modp2048", "15": "modp3072", "16": "modp4096",
          "17": "modp6144", "18": "modp8192", "19": "ecp256", "20": "ecp384", "21": "ecp521", "25": "ecp192",
          "26": "ecp224", "31": "curve25519", "32": "curve448"}
VERSIONS = {"ikev1": "1", "ikev2": "2"}
# What VyOS calls an action → what swanctl calls it.
DPD = {"hold": "trap", "trap": "trap", "clear": "clear", "restart": "restart"}
CLOSE = {"hold": "trap", "trap": "trap", "restart": "start", "start": "start", "clear": "none", "none": "none"}
# What the word of a peer means is said by each release's template: an end that "responds" has a trap, which begins on
# traffic, and gives up after one try; only 1.4 has "none".
START = {"initiate": "start", "respond": "trap", "none": "none"}
TRIES = {"initiate": "0", "respond": "1", "none": "1"}
ANYWHERE = "0.0.0.0/0,::/0"


def names(router: Router, peer: str) -> tuple[str, str]:
    """What strongSwan calls a peer's connection and its child; a name there has no dots."""
    plain = peer.replace(".", "-")
    return (f"peer-{plain}", f"peer-{plain}-tunnel-vti") if router.is_old else (plain, f"{plain}-vti")


def shown(router: Router) -> dict[str, str]:
    """What VyOS shows in place of strongSwan's names."""
    return {name: f"peer-{peer.name}-tunnel-vti" for peer in router.peers() for name in names(router, peer.name)} \
        if router.is_old else {}


def render(router: Router, vti: str) -> Tree:
    """The connections of a VTI and their secrets; nothing for a router that takes no IKE on its outside card."""
    if not router.outside():
        return {}
    connections: Tree = {}
    secrets: Tree = {}
    for number, peer in enumerate((peer for peer in router.peers() if peer.interface == vti), 1):
        name, child = names(router, peer.name)
        connections[name] = _connection(router, peer.name, child, peer.local_id, peer.remote_id, peer.address)
        # 1.4 hands a backslash on as it is
        secret = peer.secret.replace("\\", "\\\\") if router.is_old else peer.secret
        secrets[f"ike-{number}"] = {"id-1": peer.local_id, "id-2": peer.remote_id, "secret": secret}
    return {"connections": connections, "secrets": secrets}


def _connection(router: Router, name: str, child: str, local_id: str, remote_id: str, address: str) -> Tree:
    ipsec = get(router.tree, "vpn", "ipsec")
    peer = get(ipsec, "site-to-site", "peer", name)
    ike = get(ipsec, "ike-group", value(peer, "ike-group"))
    esp = get(ipsec, "esp-group", value(peer, "vti", "esp-group") or value(peer, "default-esp-group"))
    dead = get(ike, "dead-peer-detection")
    kind = value(peer, "connection-type") or "initiate"
    local = value(peer, "local-address")
    connection: Tree = {
        "version": VERSIONS.get(value(ike, "key-exchange"), "0"),
        "local_addrs": "%any" if local == "any" else local, "remote_addrs": address or "%any",
        "proposals": _proposals(ike, None), "rekey_time": (value(ike, "lifetime") or "28800") + "s",
        "mobike": "no" if value(ike, "mobike") == "disable" or "disable-mobike" in ike else "yes",
        "keyingtries": TRIES[kind],
        # 1.3's ipsec.conf begins with uniqueids = yes; 1.4 and later say nothing, which is no.
        "unique": "replace" if router.is_old and "disable-uniqreqids" not in ipsec else "no",
        "local": {"auth": "psk", "id": local_id}, "remote": {"auth": "psk", "id": remote_id},
        "children": {child: {
            "local_ts": ANYWHERE, "remote_ts": ANYWHERE, "mode": value(esp, "mode") or "tunnel",
            "esp_proposals": _proposals(esp, _pfs(ike, esp)), "life_time": (value(esp, "lifetime") or "3600") + "s",
            "close_action": CLOSE[value(ike, "close-action") or "none"],
            "start_action": START[kind],
        }},
    }
    if dead:
        connection["dpd_delay"] = (value(dead, "interval") or "30") + "s"
        connection["children"][child]["dpd_action"] = DPD[value(dead, "action") or "clear"]
    return connection


def _proposals(group: Tree, pfs: str | None) -> str:
    texts = []
    for proposal in get(group, "proposal").values():
        own = GROUPS.get(value(proposal, "dh-group") or "2", "") if pfs is None else pfs
        parts = [value(proposal, "encryption") or "aes128", value(proposal, "hash") or "sha1", value(proposal, "prf"), own]
        texts.append("-".join(part for part in parts if part))
    return ",".join(texts)


def _pfs(ike: Tree, esp: Tree) -> str:
    wanted = value(esp, "pfs") or "enable"
    if wanted == "disable":
        return ""
    first = next((value(p, "dh-group") for p in get(ike, "proposal").values()), "") or "2"
    return GROUPS.get(first if wanted == "enable" else wanted.removeprefix("dh-group"), "")
