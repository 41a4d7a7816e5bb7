"""What is wrong with the local world on purpose, so that a run can show that it is noticed."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..vyos import marks

# A host reads what it may read, but is answered something else for one parameter.
OTHER_VALUES, DEFECT = "SDWAN_LOCAL_OTHER_VALUES", "SDWAN_LOCAL_DEFECT"
OTHER_PSK = "not-the-key-of-the-peer"
KINDS = {
    "psk-mismatch": "the router's host gets another pre-shared key than its peer",
    "peer-down": "the router is switched off after phase 2, so its peer loses it",
    "bgp-down": "the router's BGP daemon dies after phase 2",
    "ike-without-child": "the router's IKE SA stays, but its child SA is gone after phase 2",
    "interface-admin-down": "the router's VTIs are switched off after phase 2",
    "link-down": "the router's outside card has no link after phase 2",
    "nat-gone": "the router's Elastic IP leads nowhere from phase 2 on",
    "packet-loss": "30 % of the router's packets are lost after phase 2",
    "mtu": "the router's path takes less than a tunnel's full size after phase 2, and nobody is told: small packets pass",
    "sends-nothing": "an outbound filter keeps all of the router's routes back after phase 2",
    "policy": "the router's BGP wants policies (RFC 8212) after phase 2 and has none",
    "stale-vti": "the router's first VTI has been left down after phase 2, though its SA is up",
    "two-ike-sas": "there is a second IKE SA with each of the router's peers after phase 2, and VyOS shows the wrong one: no matter",
    "foreign-neighbors": "other people's tunnels, BGP neighbors and interfaces are on the router after phase 2: no matter",
    "refused-line": "the router's VyOS does not know one of the configuration's lines",
    "commit-fails": "the router's IPsec daemon refuses its configuration, so its commit fails",
    "save-refused": "the router's config.boot has lost its version footer, so its save is refused",
    "container-missing": "the router's container is deleted after phase 1",
    "host-offline": "the host's agent does not answer Systems Manager",
    "disk-full": "the host has no room for the image",
}
OLD_NAMES = {"offline-host": "host-offline"}
# They break nothing: the network stays healthy, and has to be called so.
NO_MATTER = ("two-ike-sas", "foreign-neighbors")
# They need packets and daemons that exist.
REAL_ONLY = ("bgp-down", "ike-without-child", "interface-admin-down", "link-down", "nat-gone", "packet-loss")
# What hosts on paper know.
ON_PAPER = ("psk-mismatch", "refused-line", "host-offline", *marks.ALL)
DEFECTS = {"commit-fails": "ipsec-daemon", "refused-line": "grammar", "save-refused": "save"}
def meaning(kind: str) -> str:
    """What a fault is, in words; by its older name too."""
    return KINDS[OLD_NAMES.get(kind, kind)]


@dataclass(frozen=True)
class Accident:
    """The fault `kind` happens to a router or its host just before a script of `phase` runs there.

    `place` says where `what` belongs: a shell text on the `host`, a script of MISDEEDS among the `router`'s
    daemons, or a disturbance of the `internet` (dataplane/internet.py).
    """

    router: str
    kind: str
    phase: str
    place: str
    what: str


MISDEEDS = Path(__file__).parent / "misdeeds"
ACCIDENTS = {
    "peer-down": ("phase3", "host", "lxc stop router --force"),
    "bgp-down": ("phase3", "router", "bgp-down.sh"),
    "ike-without-child": ("phase3", "router", "ike-without-child.sh"),
    "interface-admin-down": ("phase3", "router", "interface-admin-down.sh"),
    "link-down": ("phase3", "internet", "link-down"),
    "nat-gone": ("phase2", "internet", "nat-gone"),
    "packet-loss": ("phase3", "internet", "packet-loss"),
    "container-missing": ("phase2", "host", "lxc delete router --force"),
    "mtu": ("phase3", "internet", "mtu"),
    "sends-nothing": ("phase3", "router", "sends-nothing.sh"),
    "policy": ("phase3", "router", "policy.sh"),
    "stale-vti": ("phase3", "router", "stale-vti.sh"),
    "two-ike-sas": ("phase3", "router", "two-ike-sas.sh"),
    "foreign-neighbors": ("phase3", "router", "foreign-neighbors.sh"),
}


@dataclass
class Faults:
    """Everything that is wrong at the moment."""

    offline: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    host_environment: dict[str, dict[str, str]] = field(default_factory=dict)
    accidents: list[Accident] = field(default_factory=list)
    # Router → the phase whose command never ends there by itself. Only hosts on paper do that.
    hanging: dict[str, str] = field(default_factory=dict)

    def described(self) -> list[str]:
        """Everything, in a few words each."""
        return ([f"{router} has no agent" for router in self.offline] + [f"{router} has a full disk" for router in self.full]
                + [f"{router} has {name}={value}" for router, values in self.host_environment.items() for name, value in values.items()]
                + [f"{a.router} before {a.phase}: {a.what}" for a in self.accidents]
                + [f"{router} never ends {phase}" for router, phase in self.hanging.items()])

    def add(self, kind: str, router: str) -> None:
        """Give one router the fault of a name."""
        kind = OLD_NAMES.get(kind, kind)
        environment = self.host_environment.setdefault(router, {})
        if kind == "host-offline":
            self.offline.append(router)
        elif kind == "disk-full":
            self.full.append(router)
        elif kind == "psk-mismatch":
            environment[OTHER_VALUES] = json.dumps({"/sdwan-secrets/vpn-psk": OTHER_PSK})
        elif kind in DEFECTS:
            environment[DEFECT] = DEFECTS[kind]
        else:
            self.accidents.append(Accident(router, kind, *ACCIDENTS[kind]))


def of_kind(kind: str, router: str) -> Faults:
    """The fault of a name, given to one router."""
    faults = Faults()
    faults.add(kind, router)
    return faults


def _file(folder: Path) -> Path:
    return folder / "faults.json"


def write(folder: Path, faults: Faults) -> None:
    """Leave them where the emulator, another process, reads them."""
    draft = folder / "faults.json.new"
    draft.write_text(json.dumps(asdict(faults)))
    draft.replace(_file(folder))


def read(folder: Path) -> Faults:
    if not _file(folder).exists():
        return Faults()
    known = json.loads(_file(folder).read_text())
    return Faults(**{**known, "accidents": [Accident(**a) for a in known["accidents"]]})
