"""What the charon of a simulated router would have logged, at its usual level."""

from collections.abc import Iterator

from . import charon
from .agreement import Stage
from .model import Peer, Router
from .network import World
from .relations import Meeting
from .show_log import Line

# When charon sends a request again, in seconds after the first time, and when it gives up.
RETRANSMITS = (4.0, 11.2, 24.16, 47.49, 89.48)
GIVES_UP = 165.06
INIT = "SA KE No N(NATD_S_IP) N(NATD_D_IP) N(FRAG_SUP) N(HASH_ALG) N(REDIR_SUP)"
ANYWHERE = "0.0.0.0/0 ::/0"


def of(world: World, near: Router) -> list[Line]:
    lines: list[Line] = []
    for number, peer in enumerate(near.peers(), 1):
        meeting = world.meet(near, peer)
        begun = near.changed.get("vpn", 0.0) if meeting.far is None else world.agreed(near, meeting.far)
        lines += [line for line in _lines(world, near, peer, meeting, number, begun) if line.time <= world.now]
    return lines


def _lines(world: World, near: Router, peer: Peer, meeting: Meeting, number: int, begun: float) -> Iterator[Line]:
    name, child = charon.names(near, peer)
    own = near.outside()
    if not own or meeting.stage is Stage.SILENT:
        return
    if meeting.stage is Stage.UNREACHABLE:
        if peer.initiates:
            yield from _in_vain(world.now, name, peer, own, number, begun)
        return
    if peer.initiates:
        yield from _texts(begun, _initiated(near, peer, meeting, name, child, number, own))
    if meeting.far_peer is None or meeting.far_peer.initiates:
        yield from _texts(begun, _responded(near, peer, meeting, name, child, number, own))


def _texts(moment: float, texts: Iterator[tuple[str, str]]) -> Iterator[Line]:
    return (Line(moment, group, text) for group, text in texts)


def _in_vain(now: float, name: str, peer: Peer, own: str, number: int, begun: float) -> Iterator[Line]:
    """A peer that never answers: charon tries again and again."""
    for attempt in range(1 + int(max(now - begun, 0) // GIVES_UP)):
        first = begun + attempt * GIVES_UP
        yield Line(first, "IKE", f"initiating IKE_SA {name}[{number}] to {peer.address}")
        yield Line(first, "ENC", f"generating IKE_SA_INIT request 0 [ {INIT} ]")
        yield Line(first, "NET", f"sending packet: from {own}[500] to {peer.address}[500] (464 bytes)")
        for count, later in enumerate(RETRANSMITS, 1):
            yield Line(first + later, "IKE", f"retransmit {count} of request with message ID 0")
            yield Line(first + later, "NET", f"sending packet: from {own}[500] to {peer.address}[500] (464 bytes)")
        yield Line(first + GIVES_UP, "IKE", f"giving up after {len(RETRANSMITS)} retransmits")
        yield Line(first + GIVES_UP, "IKE", f"peer not responding, trying again ({attempt + 2}/0)")


def _initiated(near: Router, peer: Peer, meeting: Meeting, name: str, child: str, number: int, own: str) -> Iterator[tuple[str, str]]:
    """What the end that begins says."""
    yield "IKE", f"initiating IKE_SA {name}[{number}] to {peer.address}"
    yield "NET", f"sending packet: from {own}[500] to {peer.address}[500] (464 bytes)"
    if meeting.stage <= Stage.PROPOSAL:
        yield "ENC", "parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]"
        yield "IKE", "received NO_PROPOSAL_CHOSEN notify error"
        return
    yield "CFG", f"selected proposal: {_proposal(peer, meeting)}"
    yield "IKE", "local host is behind NAT, sending keep alives"
    yield "IKE", "remote host is behind NAT"
    yield "IKE", f"authentication of '{peer.local_id}' (myself) with pre-shared key"
    yield "IKE", f"establishing CHILD_SA {child}{{{number}}}"
    if meeting.stage <= Stage.KEY:
        yield "ENC", "parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]"
        yield "IKE", "received AUTHENTICATION_FAILED notify error"
        return
    yield from _established(near, peer, name, number, own)
    if meeting.stage is Stage.NO_CHILD:
        yield "IKE", "received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built"
        yield "IKE", "failed to establish CHILD_SA, keeping IKE_SA"
        return
    yield "IKE", _child(child, number)


def _responded(near: Router, peer: Peer, meeting: Meeting, name: str, child: str, number: int, own: str) -> Iterator[tuple[str, str]]:
    """What the end that answers says."""
    if meeting.far_peer is None:
        yield "IKE", f"no IKE config found for {own}...{peer.address}, sending NO_PROPOSAL_CHOSEN"
        return
    yield "IKE", f"{peer.address} is initiating an IKE_SA"
    if meeting.stage is Stage.PROPOSAL:
        yield "CFG", f"received proposals: {_offered(meeting.far_peer)}"
        yield "CFG", f"configured proposals: {_offered(peer)}"
        yield "IKE", "received proposals unacceptable"
        return
    yield "CFG", f"selected proposal: {_proposal(peer, meeting)}"
    yield "CFG", f"looking for peer configs matching {own}[{meeting.far_peer.remote_id}]...{peer.address}[{meeting.far_peer.local_id}]"
    if meeting.stage is Stage.IDENTITY:
        yield "CFG", "no matching peer config found"
    else:
        yield "CFG", f"selected peer config '{name}'"
    if meeting.stage is Stage.KEY:
        yield "IKE", f"tried 1 shared key for '{peer.local_id}' - '{peer.remote_id}', but MAC mismatched"
    if meeting.stage <= Stage.KEY:
        yield "ENC", "generating IKE_AUTH response 1 [ N(AUTH_FAILED) ]"
        return
    yield from _established(near, peer, name, number, own)
    if meeting.stage is Stage.NO_CHILD:
        yield "IKE", "no acceptable proposal found"
        yield "IKE", "failed to establish CHILD_SA, keeping IKE_SA"
        return
    yield "IKE", _child(child, number)


def _established(near: Router, peer: Peer, name: str, number: int, own: str) -> Iterator[tuple[str, str]]:
    yield "IKE", f"IKE_SA {name}[{number}] established between {own}[{peer.local_id}]...{peer.address}[{peer.remote_id}]"


def _child(child: str, number: int) -> str:
    spis = f"c0ffee{number:02x}_i cafe00{number:02x}_o"
    return f"CHILD_SA {child}{{{number}}} established with SPIs {spis} and TS {ANYWHERE} === {ANYWHERE}"


def _proposal(peer: Peer, meeting: Meeting) -> str:
    common = peer.ike & meeting.far_peer.ike if meeting.far_peer else peer.ike
    return _written(*min(common))


def _offered(peer: Peer) -> str:
    return ", ".join(_written(*each) for each in sorted(peer.ike))


def _written(cipher: str, digest: str, group: str) -> str:
    part = charon.proposal(cipher, digest, group)
    name = "_".join(part[key] for key in ("encr-alg", "encr-keysize") if key in part)
    prf = "_".join(part["integ-alg"].split("_")[:3])
    return f"IKE:{name}/{part['integ-alg']}/PRF_{prf}/{part['dh-group']}"
