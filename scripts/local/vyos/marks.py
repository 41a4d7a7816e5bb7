"""What is wrong with simulated routers on purpose; real ones are really broken.

A mark of a router is an empty file in the folder that its first card has on the wire. A host can write into its own cards'
folders only.
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
FOLDER, ENDING = "cards", ".mark"


def place(wire: Path, card: str) -> Path:
    """The folder of a card on the wire."""
    return wire / FOLDER / card


def put(wire: Path, card: str, mark: str) -> None:
    place(wire, card).mkdir(parents=True, exist_ok=True)
    (place(wire, card) / f"{mark}{ENDING}").touch()


def clear(wire: Path, card: str = "") -> None:
    """Take away a router's marks, or all of them."""
    for file in (wire / FOLDER).glob(f"{card or '*'}/*{ENDING}"):
        file.unlink(missing_ok=True)


def read(wire: Path) -> Marks:
    found: dict[str, set[str]] = {}
    for file in (wire / FOLDER).glob(f"*/*{ENDING}"):
        found.setdefault(file.parent.name, set()).add(file.name.removesuffix(ENDING))
    return {card: frozenset(of) for card, of in found.items()}
