"""How far the two ends of a tunnel come with each other."""

from enum import IntEnum

from .model import Peer


class Stage(IntEnum):
    """How far two ends come with each other."""

    UNREACHABLE = 0
    # Nobody begins.
    SILENT = 1
    # The far end has no connection for this address.
    UNKNOWN = 2
    PROPOSAL = 3
    IDENTITY = 4
    KEY = 5
    NO_CHILD = 6
    UP = 7


def agreement(peer: Peer, other: Peer) -> Stage:
    """How far two ends' settings carry."""
    if not (peer.initiates or other.initiates):
        return Stage.SILENT
    if not (peer.key_exchange == other.key_exchange or "any" in (peer.key_exchange, other.key_exchange)) or not peer.ike & other.ike:
        return Stage.PROPOSAL
    if peer.local_id != other.remote_id or other.local_id != peer.remote_id:
        return Stage.IDENTITY
    if not peer.secret or peer.secret != other.secret:
        return Stage.KEY
    if not peer.esp & other.esp or peer.esp_mode != other.esp_mode or peer.pfs != other.pfs:
        return Stage.NO_CHILD
    return Stage.UP
