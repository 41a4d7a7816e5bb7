"""What is wrong with simulated routers on purpose; real ones are really broken.

A mark of a router lies on the wire as an empty file, named after the router's first card and the mark.
"""

from pathlib import Path

# The path to its peers takes less than a tunnel's full size, and the ICMP that would say so is lost.
MTU = "mtu"
# It announces nothing.
SENDS_NOTHING = "sends-nothing"
# RFC 8212: without a policy it accepts nothing and announces nothing.
POLICY = "policy"
# A second IKE SA of each peer, without a child, is the one that VyOS shows.
TWO_IKE_SAS = "two-ike-sas"
# Its VTIs have been left down though their SAs are up.
STALE_VTI = "stale-vti"
# Other people's tunnels, neighbors and interfaces are beside ours.
FOREIGN = "foreign-neighbors"
ALL = (MTU, SENDS_NOTHING, POLICY, TWO_IKE_SAS, STALE_VTI, FOREIGN)
# Router's id → its marks.
Marks = dict[str, frozenset[str]]
FOLDER = "marks"


def put(wire: Path, card: str, mark: str) -> None:
    (wire / FOLDER).mkdir(exist_ok=True)
    (wire / FOLDER / f"{card}.{mark}").touch()


def clear(wire: Path, card: str = "") -> None:
    """Take away a router's marks, or all of them."""
    for file in (wire / FOLDER).glob(f"{card}.*" if card else "*"):
        file.unlink(missing_ok=True)


def read(wire: Path) -> Marks:
    found: dict[str, set[str]] = {}
    for file in (wire / FOLDER).glob("*.*"):
        card, _, mark = file.name.rpartition(".")
        found.setdefault(card, set()).add(mark)
    return {card: frozenset(of) for card, of in found.items()}
