"""`show interfaces`: 1.3 prints fixed columns, later releases a table with MAC, VRF and MTU."""

from .model import Router
from .table import simple
from .tree import value

CODES = "Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down\n"
HEADERS = ["Interface", "IP Address", "MAC", "VRF", "MTU", "S/L", "Description"]


def interfaces(near: Router) -> str:
    rows = [_facts(near, name) for name in near.interfaces()]
    if not near.is_old:
        table = [[name, "\n".join(addresses), mac, "default", mtu, state, description]
                 for name, addresses, mac, mtu, state, description in rows]
        return CODES + simple(HEADERS, table, right=frozenset({"MTU"}))
    lines = [_fixed("Interface", "IP Address", "S/L", "Description"), _fixed("---------", "----------", "---", "-----------")]
    for name, addresses, _, _, state, description in rows:
        lines.append(_fixed(name, addresses[0], state, description))
        lines += [_fixed("", address, "", "") for address in addresses[1:]]
    return CODES + "\n".join(lines) + "\n"


def _fixed(name: str, address: str, state: str, description: str) -> str:
    return f"{name:<16} {address:<33} {state:<4} {description}"


def _facts(near: Router, name: str) -> tuple[str, list[str], str, str, str, str]:
    settings = near.interfaces()[name]
    addresses = near.addresses(name)
    if name == "lo":
        addresses = ["127.0.0.1/8", *addresses, "::1/128"]
        mac, mtu = "00:00:00:00:00:00", "65536"
    else:
        mac, mtu = near.cards.get(name, {}).get("mac", "n/a"), "1500"
    state = "u/u" if near.is_up(name) else "A/D"
    return name, addresses or ["-"], mac, value(settings, "mtu") or mtu, state, value(settings, "description")
