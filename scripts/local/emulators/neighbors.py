"""Whose program is at the other end of a connection on the loopback."""

import os
from collections.abc import Iterable
from pathlib import Path

CONNECTIONS = Path("/proc/net/tcp")


def owner(lines: Iterable[str], port: int, peer: int) -> int | None:
    """The user whose end of a connection on the loopback has the port `peer`, the other end being at `port`.

    `lines` are those of /proc/net/tcp (proc_net_tcp.txt of the Linux kernel): addresses in hexadecimal, the eighth
    column the user.
    """
    near, far = f":{peer:04X}", f":{port:04X}"
    for line in lines:
        columns = line.split()
        if len(columns) > 7 and columns[1].endswith(near) and columns[2].endswith(far):
            return int(columns[7])
    return None


def is_own(port: int, peer: int) -> bool:
    with CONNECTIONS.open() as lines:
        return owner(lines, port, peer) == os.geteuid()
