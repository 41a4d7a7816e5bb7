"""`show interfaces`: 1.3 prints fixed columns, later releases a table with MAC, VRF and MTU."""

import re
from typing import NamedTuple

from .table import simple, split_text

CODES = "Codes: S - State, L - Link, u - Up, D - Down, A - Admin Down\n"
HEADERS = ["Interface", "IP Address", "MAC", "VRF", "MTU", "S/L", "Description"]
LONGEST_ADDRESS = 32


class Interface(NamedTuple):
    """A row of `show interfaces`."""

    name: str
    addresses: list[str]
    mac: str
    mtu: str
    state: str
    description: str


def format_interfaces(rows: list[Interface], is_old: bool) -> str:
    rows = sorted(rows, key=_place)
    if not is_old:
        table = [[row.name, "\n".join(row.addresses), row.mac, "default", row.mtu, row.state, "\n".join(split_text(row.description))]
                 for row in rows]
        return CODES + simple(HEADERS, table, right=frozenset({"MTU"}))
    lines = [_fixed("Interface", "IP Address", "S/L", "Description"), _fixed("---------", "----------", "---", "-----------")]
    for row in rows:
        descriptions = split_text(row.description)
        for line in range(max(len(row.addresses), len(descriptions))):
            name, state = (row.name, row.state) if line == 0 else ("", "")
            address = row.addresses[line] if line < len(row.addresses) else ""
            description = descriptions[line] if line < len(descriptions) else ""
            if len(address) > LONGEST_ADDRESS:
                lines.append(f"{name:<16} {address}")
                name = address = ""
            lines.append(_fixed(name, address, state, description))
    return CODES + "\n".join(lines) + "\n"


def _place(row: Interface) -> tuple[str, list[int]]:
    """By kind, then by number."""
    return re.split("[0-9]", row.name)[0], [int(number) for number in re.findall("[0-9]+", row.name)]


def _fixed(name: str, address: str, state: str, description: str) -> str:
    return f"{name:<16} {address:<33} {state:<4} {description}"
