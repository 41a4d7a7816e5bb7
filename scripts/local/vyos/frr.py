"""A committed configuration as FRR's, and the way from one to the next."""

from .model import Router
from .tree import Tree, get, value

# A place in FRR's configuration, as the commands that lead there → the commands of that place.
Config = dict[tuple[str, ...], list[str]]
FAMILY = "address-family ipv4 unicast"


def render(router: Router) -> Config:
    config: Config = {}
    routes = [f"ip route {net} {gateway}{_suffix(value(hop, 'distance'))}"
              for net, route in get(router.tree, "protocols", "static", "route").items()
              for gateway, hop in get(route, "next-hop").items() if "disable" not in hop]
    routes += [f"ip route {net} blackhole{_suffix(value(route, 'blackhole', 'distance'))}"
               for net, route in get(router.tree, "protocols", "static", "route").items() if "blackhole" in route]
    config[()] = routes + _prefix_lists(router.tree)
    _route_maps(router.tree, config)
    _bgp(router, config)
    return {place: lines for place, lines in config.items() if lines}


def commands(old: Config, new: Config) -> str:
    """What leads from one configuration to the other, as `vtysh -f` reads it."""
    text, removed = "", _neighbors(old) - _neighbors(new)
    for place in old:
        if place not in new and len(place) == 1:
            text += f"no {place[0]}\n"
    for place, lines in new.items():
        before = old.get(place, [])
        gone = [line for line in before if line not in lines]
        change = [f"no neighbor {line.split()[1]}" for line in gone if _makes_neighbor(line) and line.split()[1] in removed]
        change += [_negated(line) for line in gone if not _makes_neighbor(line) and not _concerns(line, removed, lines)]
        change += [line for line in lines if line not in before]
        if change:
            text += "".join(f"{step}\n" for step in place) + "".join(f"{line}\n" for line in change)
            text += "exit-address-family\n" * (len(place) - 1) + "exit\n" * bool(place)
    return text


def _neighbors(config: Config) -> set[str]:
    return {line.split()[1] for lines in config.values() for line in lines if _makes_neighbor(line)}


def _makes_neighbor(line: str) -> bool:
    return line.startswith("neighbor ") and line.split()[2] == "remote-as"


def _concerns(line: str, removed: set[str], lines: list[str]) -> bool:
    """Whether a line goes by itself: its neighbor does, or another one takes its place."""
    words = line.split()
    if words[0] == "neighbor":
        return words[1] in removed or any(other.split()[:3] == words[:3] for other in lines)
    return False


def _negated(line: str) -> str:
    return line.removeprefix("no ") if line.startswith("no ") else f"no {line}"


def _suffix(distance: str) -> str:
    return f" {distance}" if distance else ""


def _prefix_lists(tree: Tree) -> list[str]:
    lines = []
    for name, entry in get(tree, "policy", "prefix-list").items():
        for number, rule in get(entry, "rule").items():
            bounds = "".join(f" {bound} {value(rule, bound)}" for bound in ("ge", "le") if value(rule, bound))
            lines.append(f"ip prefix-list {name} seq {number} {value(rule, 'action')} {value(rule, 'prefix')}{bounds}")
    return lines


def _route_maps(tree: Tree, config: Config) -> None:
    for name, entry in get(tree, "policy", "route-map").items():
        for number, rule in get(entry, "rule").items():
            wanted = value(rule, "match", "ip", "address", "prefix-list")
            # never without a line: an entry that matches everything is one too
            config[(f"route-map {name} {value(rule, 'action')} {number}",)] = \
                [f"match ip address prefix-list {wanted}"] if wanted else ["description any"]


def _bgp(router: Router, config: Config) -> None:
    model = router.bgp()
    if model is None:
        return
    bgp = get(router.tree, "protocols", "bgp")
    bgp = get(bgp, str(model.asn)) if router.is_old else bgp
    parameters = get(bgp, "parameters")
    place = (f"router bgp {model.asn}",)
    check = "" if "network-import-check" in parameters else "no "
    config[place] = ["no bgp ebgp-requires-policy", "no bgp default ipv4-unicast", f"{check}bgp network import-check"]
    if value(parameters, "router-id"):
        config[place].append(f"bgp router-id {value(parameters, 'router-id')}")
    if "log-neighbor-changes" in parameters:
        config[place].append("bgp log-neighbor-changes")
    if get(bgp, "timers"):
        config[place].append(f"timers bgp {_timers(get(bgp, 'timers'))}")
    family = [f"network {net}{_map(entry)}" for net, entry in get(bgp, "address-family", "ipv4-unicast", "network").items()]
    for source, entry in get(bgp, "address-family", "ipv4-unicast", "redistribute").items():
        family.append(f"redistribute {source}{_map(entry)}")
    active = {n.address for n in model.neighbors if n.ipv4}
    for address, neighbor in get(bgp, "neighbor").items():
        config[place] += _neighbor(address, neighbor)
        if address in active:
            family += [f"neighbor {address} activate", *_neighbor_family(address, get(neighbor, "address-family", "ipv4-unicast"))]
    config[(*place, FAMILY)] = family


def _neighbor(address: str, neighbor: Tree) -> list[str]:
    lines = [f"remote-as {value(neighbor, 'remote-as')}"]
    for name in ("description", "ebgp-multihop", "password", "update-source"):
        if value(neighbor, name):
            lines.append(f"{name} {value(neighbor, name)}")
    lines += [flag for flag in ("disable-connected-check", "shutdown") if flag in neighbor]
    timers = get(neighbor, "timers")
    if value(timers, "connect"):
        lines.append(f"timers connect {value(timers, 'connect')}")
    if value(timers, "keepalive") or value(timers, "holdtime"):
        lines.append(f"timers {_timers(timers)}")
    return [f"neighbor {address} {line}" for line in lines]


def _neighbor_family(address: str, family: Tree) -> list[str]:
    lines = []
    if "nexthop-self" in family:
        lines.append("next-hop-self" + (" force" if "force" in get(family, "nexthop-self") else ""))
    if "inbound" in get(family, "soft-reconfiguration"):
        lines.append("soft-reconfiguration inbound")
    for kind in ("prefix-list", "route-map"):
        lines += [f"{kind} {value(family, kind, way)} {short}" for way, short in (("import", "in"), ("export", "out"))
                  if value(family, kind, way)]
    return [f"neighbor {address} {line}" for line in lines]


def _timers(timers: Tree) -> str:
    return f"{value(timers, 'keepalive') or '60'} {value(timers, 'holdtime') or '180'}"


def _map(entry: Tree) -> str:
    name = value(entry, "route-map")
    return f" route-map {name}" if name else ""
