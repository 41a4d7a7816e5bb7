"""What two routers of the simulated network are to each other."""

from typing import NamedTuple

from .agreement import Stage
from .model import Neighbor, Peer, Router


class Meeting(NamedTuple):
    """What becomes of one connection; the far end is there unless it is unreachable."""

    stage: Stage
    far: Router | None = None
    far_peer: Peer | None = None


class Tunnel(NamedTuple):
    """An SA pair that is up."""

    peer: Peer
    far: Router
    far_peer: Peer
    since: float


class Session(NamedTuple):
    """A BGP neighbor as `show` has it; `far` is set once Established."""

    neighbor: Neighbor
    state: str
    since: float
    far: Router | None


class Route(NamedTuple):
    """What BGP has brought a router."""

    prefix: str
    via: str
    interface: str
    path: tuple[int, ...]
    since: float
