"""A committed configuration in words that mean the same in every release."""

from typing import Any, NamedTuple

from .tree import Tree, get, value


class Peer(NamedTuple):
    """One site-to-site connection as its own end has it."""

    name: str
    address: str
    local_address: str
    local_id: str
    remote_id: str
    secret: str
    initiates: bool
    interface: str
    key_exchange: str
    ike: frozenset[tuple[str, str, str]]
    esp: frozenset[tuple[str, str]]
    esp_mode: str
    pfs: str


class Neighbor(NamedTuple):
    address: str
    remote_as: str
    update_source: str
    password: str
    ipv4: bool
    description: str


class Bgp(NamedTuple):
    asn: int
    router_id: str
    neighbors: tuple[Neighbor, ...]
    networks: tuple[str, ...]


class Router:
    """What one router on the wire has committed, and its cards."""

    def __init__(self, port: dict[str, Any]) -> None:
        self.version: str = port["version"]
        self.cards: dict[str, dict[str, str]] = port["cards"]
        self.changed: dict[str, float] = port["changed"]
        self.tree: Tree = port["tree"]
        self.is_old = self.version == "1.3"

    @property
    def id(self) -> str:
        return self.cards["eth0"]["id"]

    def interfaces(self) -> dict[str, Tree]:
        """Every interface that exists: cards, the loopback and what is configured."""
        names = {name: get(self.tree, "interfaces", "ethernet", name) for name in self.cards}
        names["lo"] = get(self.tree, "interfaces", "loopback", "lo")
        for kind in ("vti", "dummy"):
            names.update(get(self.tree, "interfaces", kind))
        return dict(sorted(names.items()))

    def vtis(self) -> list[str]:
        return [name for name in self.interfaces() if name.startswith("vti")]

    def is_up(self, interface: str) -> bool:
        settings = self.interfaces().get(interface)
        return settings is not None and "disable" not in settings

    def addresses(self, interface: str) -> list[str]:
        """Addresses with their prefix length; DHCP gives the card's own."""
        settings = self.interfaces().get(interface, {})
        card = self.cards.get(interface, {}).get("address", "")
        return [card if a == "dhcp" else a for a in sorted(get(settings, "address")) if a != "dhcp" or card]

    def interface_of(self, address: str) -> str:
        """The enabled interface that has an address (without its prefix length)."""
        for name in self.interfaces():
            if self.is_up(name) and address in (a.split("/")[0] for a in self.addresses(name)):
                return name
        return ""

    def outside(self) -> str:
        """The address this router sends IKE from: eth0's, where IPsec listens there."""
        where = ("ipsec-interfaces", "interface") if self.is_old else ("interface",)
        listening = "eth0" in get(self.tree, "vpn", "ipsec", *where)
        first = next(iter(self.addresses("eth0")), "") if listening and self.is_up("eth0") else ""
        return first.split("/")[0]

    def has_ipsec(self) -> bool:
        return bool(get(self.tree, "vpn", "ipsec", "site-to-site", "peer"))

    def peers(self) -> list[Peer]:
        ipsec = get(self.tree, "vpn", "ipsec")
        return [self._peer(ipsec, name, peer)
                for name, peer in sorted(get(ipsec, "site-to-site", "peer").items()) if "disable" not in peer]

    def bgp(self) -> Bgp | None:
        found = get(self.tree, "protocols", "bgp")
        if not found:
            return None
        asn = next(iter(found)) if self.is_old else value(found, "system-as")
        bgp = found[asn] if self.is_old else found
        quiet = "no-ipv4-unicast" in get(bgp, "parameters", "default")
        neighbors = tuple(
            Neighbor(address, value(n, "remote-as"), value(n, "update-source"), value(n, "password"),
                     "ipv4-unicast" in get(n, "address-family") or (self.is_old and not quiet), value(n, "description"))
            for address, n in sorted(get(bgp, "neighbor").items()) if "shutdown" not in n)
        return Bgp(int(asn), self._router_id(bgp), neighbors, tuple(sorted(get(bgp, "address-family", "ipv4-unicast", "network"))))

    def _router_id(self, bgp: Tree) -> str:
        own = (a.split("/")[0] for name in self.interfaces() for a in self.addresses(name))
        return value(bgp, "parameters", "router-id") or max(own, default="0.0.0.0")

    def _peer(self, ipsec: Tree, name: str, peer: Tree) -> Peer:
        address = name if self.is_old else value(peer, "remote-address")
        local = value(peer, "local-address")
        auth = get(peer, "authentication")
        local_id = value(auth, "id" if self.is_old else "local-id") or (local if local != "any" else self.outside())
        remote_id = value(auth, "remote-id") or address
        secret = value(auth, "pre-shared-secret") if self.is_old else _secret(ipsec, local_id, remote_id)
        ike = get(ipsec, "ike-group", value(peer, "ike-group"))
        esp = get(ipsec, "esp-group", value(peer, "vti", "esp-group") or value(peer, "default-esp-group"))
        return Peer(
            name, address, local, local_id, remote_id, secret,
            value(peer, "connection-type") in ("", "initiate"),
            value(peer, "vti", "bind"), value(ike, "key-exchange") or "any",
            frozenset((value(p, "encryption") or "aes128", value(p, "hash") or "sha1", value(p, "dh-group") or "2")
                      for p in get(ike, "proposal").values()),
            frozenset((value(p, "encryption") or "aes128", value(p, "hash") or "sha1")
                      for p in get(esp, "proposal").values()),
            value(esp, "mode") or "tunnel", value(esp, "pfs") or "enable")


def _secret(ipsec: Tree, local_id: str, remote_id: str) -> str:
    """1.4 looks a secret up by the two identities; an entry that names both is the best one."""
    best, score = "", 0
    for psk in get(ipsec, "authentication", "psk").values():
        named = len({local_id, remote_id} & set(get(psk, "id")))
        if named > score:
            best, score = value(psk, "secret"), named
    return best
