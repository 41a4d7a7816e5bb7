"""What only a commit finds out: parts that are missing or refer to nothing."""

from collections.abc import Iterator

from . import defects
from .box import Complaint
from .tree import Tree, get, value


def complaints(version: str, config: Tree) -> Iterator[Complaint]:
    """Every reason not to apply a configuration."""
    label = "vpn" if version == "1.3" else "vpn ipsec"
    for path, text in _vpn(version, config):
        yield Complaint("vpn", label, f"vpn ipsec {path}".strip(), f"VPN configuration error: {text}")
    yield from _bgp(version, config)


def bound_to_what_goes(old: Tree, new: Tree) -> Iterator[Complaint]:
    """VTIs that go in the commit that takes their peers away, or binds them to another one. VyOS fails there (its task
    T8001) in builds from July 2024 to November 2025, and here in every release: the hook's list still has the interface,
    and of one that is gone the kernel says nothing."""
    gone = set(get(old, "interfaces", "vti")) - set(get(new, "interfaces", "vti"))
    for name, peer in get(old, "vpn", "ipsec", "site-to-site", "peer").items():
        if value(peer, "vti", "bind") in gone:
            yield Complaint("vpn", "vpn ipsec", f"vpn ipsec site-to-site peer {name}",
                            "TypeError: argument of type 'NoneType' is not iterable")


def _vpn(version: str, config: Tree) -> Iterator[tuple[str, str]]:
    ipsec = get(config, "vpn", "ipsec")
    if ipsec and defects.has(defects.IPSEC_DAEMON):
        yield "", "The IPsec daemon did not load the configuration (exit status 1)."
    for kind in ("esp-group", "ike-group"):
        for name, group in get(ipsec, kind).items():
            if not get(group, "proposal"):
                short = kind[:3].upper()
                yield (f"{kind} {name} proposal",
                       f'No proposals configured for {short} group "{name}".  At least one proposal required.')
    for name, peer in get(ipsec, "site-to-site", "peer").items():
        for text in _peer(version, config, ipsec, name, peer):
            yield f"site-to-site peer {name}", text


def _peer(version: str, config: Tree, ipsec: Tree, name: str, peer: Tree) -> Iterator[str]:
    ike = value(peer, "ike-group")
    if not ike:
        yield f'No IKE group configured for peer "{name}".'
    elif ike not in get(ipsec, "ike-group"):
        yield f'The IKE group "{ike}" specified for peer "{name}" has not been configured.'
    esp = value(peer, "vti", "esp-group") or value(peer, "default-esp-group")
    if not esp:
        yield f'No ESP group configured for peer "{name}".'
    elif esp not in get(ipsec, "esp-group"):
        yield f'The ESP group "{esp}" specified for peer "{name}" has not been configured.'
    interface = value(peer, "vti", "bind")
    if not interface:
        yield f'No tunnel or vti configured for peer "{name}".'
    elif interface not in get(config, "interfaces", "vti"):
        yield f'VTI interface "{interface}" bound by peer "{name}" does not exist.'
    if not value(peer, "local-address"):
        yield f'No local-address configured for peer "{name}".'
    if value(peer, "authentication", "mode") == "pre-shared-secret":
        if version == "1.3" and not value(peer, "authentication", "pre-shared-secret"):
            yield f'No pre-shared-secret configured for peer "{name}".'
        if version != "1.3" and not any(value(psk, "secret") for psk in get(ipsec, "authentication", "psk").values()):
            yield f'No psk with a secret configured for peer "{name}".'
    else:
        yield f'No supported authentication mode configured for peer "{name}".'
    if version != "1.3" and not get(peer, "remote-address"):
        yield f'Missing remote-address on site-to-site peer "{name}".'


def _bgp(version: str, config: Tree) -> Iterator[Complaint]:
    bgp = get(config, "protocols", "bgp")
    if version == "1.3":
        if len(bgp) > 1:
            yield Complaint("protocols", "protocols bgp", "protocols bgp", "Only one BGP AS can be configured")
        instances = bgp.items()
    else:
        if bgp and not value(bgp, "system-as"):
            yield Complaint("protocols", "protocols bgp", "protocols bgp", "BGP system-as number must be defined!")
        instances = [("", bgp)] if bgp else []
    for number, instance in instances:
        label = f"protocols bgp {number}".strip()
        for neighbor, settings in get(instance, "neighbor").items():
            if not value(settings, "remote-as"):
                yield Complaint("protocols", label, f"{label} neighbor {neighbor}",
                                f'Neighbor "{neighbor}": remote-as must be set')
