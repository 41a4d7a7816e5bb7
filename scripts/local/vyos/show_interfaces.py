"""`show interfaces`: 1.3 prints fixed columns, later releases a table with MAC, VRF and MTU."""

from typing import NamedTuple

from .model import Router
from .table import simple
from .tree import value

CODES = "Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down\n"
HEADERS = ["Interface", "IP Address", "MAC", "VRF", "MTU", "S/L", "Description"]


class Interface(NamedTuple):
    """A row of `show interfaces`."""

    name: str
    addresses: list[str]
    mac: str
    mtu: str
    state: str
    description: str


def format_interfaces(rows: list[Interface], is_old: bool) -> str:
    if not is_old:
        table = [[row.name, "\n".join(row.addresses), row.mac, "default", row.mtu, row.state, row.description] for row in rows]
        return CODES + simple(HEADERS, table, right=frozenset({"MTU"}))
    lines = [_fixed("Interface", "IP Address", "S/L", "Description"), _fixed("---------", "----------", "---", "-----------")]
    for row in rows:
        lines.append(_fixed(row.name, row.addresses[0], row.state, row.description))
        lines += [_fixed("", address, "", "") for address in row.addresses[1:]]
    return CODES + "\n".join(lines) + "\n"


def interfaces(near: Router) -> str:
    """Those of the simulation."""
    return format_interfaces([_facts(near, name) for name in near.interfaces()], near.is_old)


def _fixed(name: str, address: str, state: str, description: str) -> str:
    return f"{name:<16} {address:<33} {state:<4} {description}"


def _facts(near: Router, name: str) -> Interface:
    settings = near.interfaces()[name]
    addresses = near.addresses(name)
    if name == "lo":
        addresses = ["127.0.0.1/8", *addresses, "::1/128"]
        mac, mtu = "00:00:00:00:00:00", "65536"
    else:
        mac, mtu = near.cards.get(name, {}).get("mac", "n/a"), "1500"
    state = "u/u" if near.is_up(name) else "A/D"
    return Interface(name, addresses or ["-"], mac, value(settings, "mtu") or mtu, state, value(settings, "description"))
